"""What an OCR engine and a form reader promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rpa.domain.form import FormDefinition
from rpa.domain.model import ProcessId
from rpa.domain.pages import DocumentPages
from rpa.domain.reading import Reading


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page image: pixels from the top left, confidence from 0 to 1."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float


class OcrEngine(Protocol):
    """Reads the text on images. Keeps nothing between calls; safe from several threads."""

    def recognize(self, images: Sequence[bytes], *, lines: bool) -> list[tuple[Word, ...]]:
        """Read every image (PNG bytes), in order; ``lines`` says each holds a single text line.

        An image without words gives an empty tuple; that is not an error.

        Raises:
            ToolUnavailableError: The engine is missing or failed.
            ToolTimeoutError: It did not answer in its time.
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
    """``barcode``, ``title``, ``acroform`` or ``picture``."""


class FormReader(Protocol):
    """Turns the pages of a document into field values."""

    def identify(
        self, document: DocumentPages, forms: Sequence[KnownForm]
    ) -> Identification | None:
        """Say which of ``forms`` the document is; None is an honest answer."""
        ...

    def read(self, document: DocumentPages, form: KnownForm) -> Reading:
        """Read every field of ``form``, checked, each with its confidence.

        Raises:
            RecognitionError: The pages are not this form or can't be laid on its blank.
            ToolUnavailableError, ToolTimeoutError: As the engine.
        """
        ...
