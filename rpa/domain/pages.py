"""A document opened: what it is, its pages as pixels, its text layer, its form values."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from rpa.domain.document import MediaType
from rpa.domain.model import Digest


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document carried by an e-mail."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FaxFacts:
    """What the fax machine that received a page wrote beside it (TIFF class F, RFC 2306)."""

    bad_lines: int | None = None
    """BadFaxLines: lines received with errors; None where it wasn't said."""
    consecutive_bad_lines: int | None = None
    """ConsecutiveBadFaxLines: the longest run of them."""
    clean_data: int | None = None
    """CleanFaxData: 0 no bad lines, 1 bad lines repaired by the machine, 2 bad lines left in."""
    sender: str = ""
    sent_at: str = ""
    """DateTime, as written."""
    description: str = ""
    """ImageDescription, as written; fax servers put the sender's number here."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page, as it stands in the document."""

    width: int
    """Pixels, upright, before they are made square; as drawn where the page is no single image."""
    height: int
    dpi_x: float
    """Pixels to the inch across; 0 where the file does not say and it can't be told."""
    dpi_y: float
    bilevel: bool
    quality: float = 1.0
    """From 0 to 1: how much of the page came over the line unspoiled."""
    pixels: Digest | None = None
    """SHA-256 over the pixels, where the page is nothing but one image."""
    fax: FaxFacts | None = None


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a document is, from its content."""

    media_type: MediaType
    pages: int
    pixels_digest: Digest | None
    """SHA-256 over the decoded pages of images, so that the same fax in other bytes is known."""
    page_facts: tuple[PageFacts, ...] = ()
    """One for each page; empty for an e-mail."""
    left_alone: tuple[str, ...] = ()
    """Of an e-mail: the pictures its text shows that are not taken for documents, by name."""


def pixels_digest(pages: Iterable[PageFacts]) -> Digest | None:
    """Return the digest of these pages in this order; None where one is more than one image."""
    digests = [page.pixels for page in pages]
    if not digests or None in digests:
        return None
    return Digest(hashlib.sha256(" ".join(map(str, digests)).encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Mark:
    """A code read on a page."""

    kind: str
    """``patch``, ``code-39``, ``code-128``, ``qr-code`` or ``data-matrix``."""
    text: str
    """What it says; for a patch code its name, ``T`` or ``3``."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page seen as a sheet of a pile: what marks it bears, and whether it is blank."""

    is_blank: bool
    marks: tuple[Mark, ...] = ()


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
    """One for each page. A PDF's page is drawn at 300 dpi, unless it is nothing but a scan."""
    words: tuple[tuple[TextWord, ...], ...] = ()
    """The text layer, page by page; empty tuples where a page has none."""
    acroform: tuple[tuple[str, str], ...] = ()
    """PDF form fields: full name and value; a tick box's value is ``Off`` when not ticked."""

    def chosen(self, numbers: Sequence[int]) -> Self:
        """Return the document as if it had these pages only, from 1, in this order; all if none.

        Form values stay: they belong to the document, not to a page.
        """
        if not numbers:
            return self
        told = self.facts.page_facts
        kept = tuple(told[number - 1] for number in numbers) if told else ()
        facts = replace(
            self.facts, pages=len(numbers), page_facts=kept, pixels_digest=pixels_digest(kept)
        )
        return replace(
            self,
            facts=facts,
            images=tuple(self.images[number - 1] for number in numbers) if self.images else (),
            words=tuple(self.words[number - 1] for number in numbers) if self.words else (),
        )
