"""The blank of a form as pixels, with what alignment needs, prepared once for each blank."""

import logging
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import Final

import pdfplumber
import pypdfium2 as pdfium
from pypdfium2.raw import FORMTYPE_NONE

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


@lru_cache(maxsize=32)
def blank_pages(blank: bytes) -> tuple[BlankPage, ...]:
    """Return the pages of a blank; the last 32 blanks asked for are kept.

    Raises:
        DefinitionError: The blank is no readable PDF.
    """
    return tuple(BlankPage(pixels=page, sketch=sketch_of(page)) for page in _rendered(blank, 0))


def front_sketch(blank: bytes) -> Sketch:
    """Return the sketch of a blank's first page; raises as :func:`blank_pages`."""
    (page,) = _rendered(blank, 1)
    return sketch_of(page)


@lru_cache(maxsize=32)
def blank_words(blank: bytes) -> tuple[tuple[TextWord, ...], ...]:
    """Return a blank's own print, page by page; empty where the blank is a scan."""
    with pdfplumber.open(BytesIO(blank)) as document:
        return tuple(
            tuple(
                TextWord(word["text"], word["x0"], word["top"], word["x1"], word["bottom"])
                for word in page.extract_words()
            )
            for page in document.pages
        )


def _rendered(blank: bytes, most: int) -> list[Grey]:
    """Return the pages' pixels, the first ``most`` only unless that is 0."""
    try:
        with _one_at_a_time, closing(pdfium.PdfDocument(blank)) as document:
            _show_fields(document)
            count = min(most or len(document), len(document))
            return [
                grey(document[number].render(scale=POINT, grayscale=True).to_numpy())
                .squeeze()
                .copy()
                for number in range(count)
            ]
    except pdfium.PdfiumError as exc:
        raise DefinitionError(
            _("The blank form is not a readable PDF; put the empty form there as blank.pdf."),
            code="blank-unreadable",
        ) from exc


def _show_fields(document: pdfium.PdfDocument) -> None:
    """Have form fields drawn as documents show them: some draw their own frames and combs.

    That the library knows no XFA is nothing new: the PDF fields are what is drawn.
    """
    if document.get_formtype() != FORMTYPE_NONE:
        logging.getLogger("pypdfium2").setLevel(logging.ERROR)
        document.init_forms()
