"""Which reader opens what, for what is wanted of it."""

from collections.abc import Mapping
from typing import Final

from rpa.intake.adapters.decoding.from_image import read_image
from rpa.intake.adapters.decoding.from_message import read_message
from rpa.intake.adapters.decoding.from_pdf import read_pdf
from rpa.intake.adapters.decoding.joining import join_halves
from rpa.intake.adapters.decoding.program import JOIN, SHEETS, UNLOCK, Reader, Work
from rpa.intake.adapters.decoding.sheets import read_sheets
from rpa.intake.adapters.decoding.unlocking import unlock_pdf

_BY_WISH: Final[Mapping[str, Reader]] = {
    SHEETS: read_sheets,
    UNLOCK: unlock_pdf,
    JOIN: join_halves,
}
_BY_KIND: Final[Mapping[str, Reader]] = {"pdf": read_pdf, "eml": read_message}


def reader_of(work: Work) -> Reader:
    """Return the reader for ``work``; every image has the same one."""
    return _BY_WISH.get(work.wanted) or _BY_KIND.get(work.kind, read_image)
