"""A document opened: what it is, its pages as pixels, its text layer, its form values."""

from dataclasses import dataclass

from rpa.domain.document import MediaType
from rpa.domain.model import Digest


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document carried by an e-mail."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a document is, from its content."""

    media_type: MediaType
    pages: int
    pixels_digest: Digest | None
    """SHA-256 over the decoded pages of an image, so that the same fax in other bytes is known."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page as pixels.

    ``png`` is an 8-bit grey PNG, square pixels, not yet upright or deskewed.
    """

    png: bytes
    dpi: float
    """Pixels to the inch in both directions; 0 where the file does not say and it can't be told."""
    bilevel: bool
    """True where the original had one bit a pixel, as a fax has."""


@dataclass(frozen=True, slots=True)
class TextWord:
    """A word of a PDF's own text layer; points from the top left of the page."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class DocumentPages:
    """A document opened for reading."""

    facts: DocumentFacts
    images: tuple[PageImage, ...]
    """One for each page; rendered at 300 dpi where the document is a PDF."""
    words: tuple[tuple[TextWord, ...], ...] = ()
    """The text layer, page by page; empty tuples where a page has none."""
    acroform: tuple[tuple[str, str], ...] = ()
    """PDF form fields: full name and value; a tick box's value is ``Off`` when not ticked."""
