"""PDFs that no careful reader opens are written anew by qpdf before they are signed.

Never one that carries a signature: its bytes are what was signed. What was mended is said in
words; the mended document must show the same pages (:mod:`.mending.likeness`).
"""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import pikepdf

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.forking.workers import NoWorkerError, Workers
from rpa.signing.adapters.refusing import refused

MEMORY_BYTES: Final = 2_000_000_000
CPU_S: Final = 10
WALL_S: Final = 40.0
_MENDERS: Final = Workers("rpa.signing.adapters.mending.server", 1)
_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_BYTE_RANGE: Final = re.compile(rb"/ByteRange[\s\x00]*\[")
_REBUILT: Final = re.compile(r"reconstruct|file is damaged|invalid xref table entry")
_SIGNATURE: Final = re.compile(rb"/Type[\s\x00]*/(?:Sig|DocTimeStamp)(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A document that was written anew."""

    pdf: bytes
    repairs: tuple[str, ...]
    """What was mended, in words."""


def carries_a_signature(pdf: bytes) -> bool:
    """Say whether the bytes speak of a signature, whether or not a parser would find it.

    A signature's dictionary holds offsets of the file, so it never stands in compressed parts; a
    page that merely writes these words is taken for signed too, which loses nothing but a repair.
    """
    plain = _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), pdf)
    return bool(_BYTE_RANGE.search(plain) or _SIGNATURE.search(plain))


def is_read_alike(pdf: bytes, password: str, *, thoroughly: bool) -> bool:
    """Say whether a second reader, qpdf, finds its way in a document that pyHanko read.

    Readers that find it by other ways may show another document than the one that is signed.
    ``thoroughly`` has it read every object.
    """
    try:
        with pikepdf.open(
            BytesIO(pdf), password=password, suppress_warnings=True, inherit_page_attributes=False
        ) as document:
            if thoroughly:
                deque(document.objects, maxlen=0)
            said = [str(warning) for warning in document.get_warnings()]
    except (pikepdf.PdfError, ValueError, RuntimeError, TypeError, OverflowError):
        return False
    return not any(_REBUILT.search(one) for one in said)


def repaired(pdf: bytes, *, password: str | None = None) -> Repaired:
    """Return ``pdf`` written anew.

    Raises:
        SignatureRefusedError: It is signed, or can't be mended; says why.
        ToolUnavailableError: The process that mends could not be started.
    """
    if carries_a_signature(pdf):
        raise refused("pdf-damaged-signed")
    request = {
        "password": password or "",
        "memory_bytes": MEMORY_BYTES,
        "cpu_s": CPU_S,
        "wall_s": WALL_S,
    }
    try:
        answer = _MENDERS.ask(request, pdf)
    except NoWorkerError as problem:
        raise _no_mender() from problem
    if not answer.is_done:
        raise refused("pdf-too-demanding" if answer.is_late else "pdf-damaged")
    if "refused" in answer.head:
        raise refused(str(answer.head["refused"]))
    return Repaired(answer.body, in_words(answer.head["marks"]))


def in_words(marks: list[tuple[str, int]]) -> tuple[str, ...]:
    """Say what was mended, in the language that is spoken now."""
    said: dict[str, Callable[[int], str]] = {
        "table": lambda _at: _("The table of the file's objects was rebuilt."),
        "header": lambda _at: _("The file's header was put right."),
        "length": lambda at: _(
            "The length of the stream in object {number} was corrected.", number=at
        ),
        "pages": lambda _at: _("The tree of pages was put right."),
        "order": lambda _at: _("The file's objects were written anew, without a change."),
        "fault": _fault,
    }
    return tuple(dict.fromkeys(said[kind](number) for kind, number in marks))


def _fault(number: int) -> str:
    if not number:
        return _("A fault in the file's structure was mended.")
    return _("A fault in the writing of object {number} was mended.", number=number)


def _no_mender() -> ToolUnavailableError:
    return ToolUnavailableError(
        _("The program that mends damaged PDFs could not be started. Check the free memory."),
        code="mending-unavailable",
    )
