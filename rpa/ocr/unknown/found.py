"""What is found on a page of an unknown form."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rpa.domain.geometry import Box
from rpa.domain.kinds import FieldKind


class DocumentKind(StrEnum):
    """What kind of document a page is, told by its words."""

    LETTER = "letter"
    INVOICE = "invoice"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Span:
    """A few words and where they stand: pixels of the page image as it was delivered."""

    text: str
    box: Box
    confidence: float
    """Of the reading, 0 to 1: the letters' mean."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Words that ask for something, and what was answered."""

    key: Span
    value: Span
    confidence: float
    """From 0 to 1: how likely they belong together, times how surely they were read."""


@dataclass(frozen=True, slots=True)
class Table:
    """Cells in rows and columns; a cell without words is None."""

    box: Box
    rows: tuple[tuple[Span | None, ...], ...]
    is_ruled: bool
    """True where lines on the page part the cells; False where they only stand in columns."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A value that a declared pattern found beside its anchor."""

    name: str
    """As declared: ``number``, ``total``, …"""
    kind: FieldKind
    value: Span
    anchor: str
    """The words beside which it stood."""
    canonical: str | None
    """The value in its kind's canonical text; None where it is no value of its kind."""
    is_own_print: bool = False
    """True where no word asks for the value: the sender's own print, which a form does not ask."""


@dataclass(frozen=True, slots=True)
class Understood:
    """Everything found on one page."""

    document: DocumentKind | None
    """What the page is; None where it does not say."""

    pairs: tuple[Pair, ...]
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...]


def around(boxes: Sequence[Box]) -> Box:
    """Return the smallest box that holds all of ``boxes``, of which there is one at least."""
    return Box(
        x0=min(box.x0 for box in boxes),
        y0=min(box.y0 for box in boxes),
        x1=max(box.x1 for box in boxes),
        y1=max(box.y1 for box in boxes),
    )
