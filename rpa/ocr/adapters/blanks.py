"""The blank of a form as pixels, with what alignment needs, prepared once for each blank."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import Final

import pdfplumber
import pypdfium2 as pdfium

from rpa.domain.errors import DefinitionError
from rpa.domain.pages import TextWord
from rpa.i18n import _
from rpa.ocr.adapters.alignment import Sketch, sketch_of
from rpa.ocr.adapters.pixels import WORKING_DPI, grey
from rpa.ocr.api import Grey

POINT: Final = WORKING_DPI / 72
"""Pixels to the PDF point on a rendered blank."""
_one_at_a_time: Final = Lock()
"""PDFium may be called by one thread at a time only."""


@dataclass(frozen=True, eq=False)
class BlankPage:
    """One page of a blank."""

    pixels: Grey
    """Rendered at ``WORKING_DPI``."""
    sketch: Sketch
    words: tuple[TextWord, ...]
    """The blank's own print; empty where the blank is a scan."""


@lru_cache(maxsize=64)
def blank_pages(blank: bytes) -> tuple[BlankPage, ...]:
    """Return the pages of a blank; the last 64 blanks asked for are kept.

    Raises:
        DefinitionError: The blank is no readable PDF.
    """
    try:
        rendered = _rendered(blank)
    except pdfium.PdfiumError as exc:
        raise DefinitionError(
            _("The blank form is not a readable PDF; put the empty form there as blank.pdf."),
            code="blank-unreadable",
        ) from exc
    words = _words(blank)
    return tuple(
        BlankPage(pixels=page, sketch=sketch_of(page), words=printed)
        for page, printed in zip(rendered, words, strict=True)
    )


def _rendered(blank: bytes) -> list[Grey]:
    with _one_at_a_time:
        document = pdfium.PdfDocument(blank)
        try:
            return [
                grey(page.render(scale=POINT, grayscale=True).to_numpy()).squeeze().copy()
                for page in document
            ]
        finally:
            document.close()


def _words(blank: bytes) -> list[tuple[TextWord, ...]]:
    with pdfplumber.open(BytesIO(blank)) as document:
        return [
            tuple(
                TextWord(word["text"], word["x0"], word["top"], word["x1"], word["bottom"])
                for word in page.extract_words()
            )
            for page in document.pages
        ]
