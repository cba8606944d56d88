"""What an OCR engine and a form reader promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rpa.domain.batch import SplitRule
from rpa.domain.form import FormDefinition
from rpa.domain.model import ProcessId
from rpa.domain.pages import DocumentPages, PageImage
from rpa.domain.reading import Reading

Grey = NDArray[np.uint8]
"""Pixels, rows by columns, 0 black to 255 white."""


class Layout(StrEnum):
    """How the text lies on an image: one line, one block of lines, or a whole page."""

    LINE = "line"
    BLOCK = "block"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Word:
    """A word on an image: pixels from the top left, confidence from 0 to 1.

    Words of one printed line have the same ``line``, a number that means nothing else.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float
    line: int = 0


class OcrEngine(Protocol):
    """Reads the text on images. Keeps nothing between calls; safe from several threads."""

    def recognize(self, images: Sequence[Grey], *, layout: Layout) -> list[tuple[Word, ...]]:
        """Read every image, in order; all lie as ``layout`` says, upright, at about 300 dpi.

        Words come in reading order. An image without words gives an empty tuple; that is not an
        error.

        Raises:
            ToolUnavailableError: The engine is missing or failed.
            ToolTimeoutError: It did not answer in its time.
        """
        ...


@dataclass(frozen=True, slots=True)
class PageText:
    """The words on a page, in reading order."""

    width: int
    """Of the page image, in pixels."""
    height: int
    words: tuple[Word, ...]
    """Places in the page image's own pixels, however the page lies on it."""
    turn: int = 0
    """Degrees clockwise by which the page had to be turned to be upright: 0, 90, 180 or 270."""
    skew: float = 0.0
    """Degrees clockwise by which its lines still leaned after that."""
    treatment: str = ""
    """What was done to the page because it was not understood as it is, if anything."""
    from_pixels: bool = True
    """False where the words are the file's own text."""


class PageReader(Protocol):
    """Reads whole pages. Keeps nothing between calls; safe from several threads."""

    def read(self, image: PageImage) -> PageText:
        """Read every word on a page; a page without any is no error.

        Raises:
            RecognitionError: The image can't be decoded.
            ToolUnavailableError, ToolTimeoutError: As the engine.
        """
        ...


@dataclass(frozen=True, slots=True)
class KnownForm:
    """A form and its blank."""

    process: ProcessId
    form: FormDefinition
    blank: bytes
    """The empty form as PDF."""


@dataclass(frozen=True, slots=True)
class Identification:
    """Which form a document is, and how that was told."""

    process: ProcessId
    by: str
    """``barcode``, ``acroform`` or ``picture``."""


class FormReader(Protocol):
    """Turns the pages of a document into field values."""

    def identify(
        self, document: DocumentPages, forms: Sequence[KnownForm]
    ) -> Identification | None:
        """Say which of ``forms`` the document is; None is an honest answer."""
        ...

    def first_pages(
        self, document: DocumentPages, forms: Sequence[KnownForm], rule: SplitRule
    ) -> frozenset[int]:
        """Return the numbers, from 1, of the pages of a pile that begin a document.

        Raises:
            RecognitionError: A page's image can't be decoded.
            ToolUnavailableError, ToolTimeoutError: As the engine.
        """
        ...

    def read(self, document: DocumentPages, form: KnownForm) -> Reading:
        """Read every field of ``form``, checked, each with its confidence.

        Raises:
            RecognitionError: The pages are not this form or can't be laid on its blank.
            ToolUnavailableError, ToolTimeoutError: As the engine.
        """
        ...
