"""What kind of document a page is, told by words that only such pages have."""

import re
from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import Field

from rpa.domain.model import Value
from rpa.ocr.unknown.found import DocumentKind

LEAST_PAIRS: Final = 2
"""Keys with values on a page that is a form."""


class Mark(Value):
    """Words of a line that speak for a kind of document."""

    pattern: str
    points: Annotated[int, Field(ge=1)]


class Marks(Value):
    """What a kind of document is told by; each mark counts once."""

    needed: Annotated[int, Field(ge=1)]
    marks: tuple[Mark, ...]

    def points(self, lines: Sequence[str]) -> int:
        """Return how much speaks for the kind."""
        return sum(
            mark.points
            for mark in self.marks
            if any(re.search(mark.pattern, line, re.IGNORECASE) for line in lines)
        )


def document_of(
    lines: Sequence[str],
    *,
    letter: Marks,
    invoice: Marks,
    pairs: int,
    before: DocumentKind | None = None,
) -> DocumentKind | None:
    """Return what a page is by its lines, and by how many keys with values stand on it.

    ``before`` is what the page before it is: a letter or an invoice goes on where one mark of it
    is found, or where nothing says that the page is something else.
    """
    told = [
        _enough(letter, lines, goes_on=before is DocumentKind.LETTER),
        _enough(invoice, lines, goes_on=before is DocumentKind.INVOICE),
    ]
    if any(told):
        return DocumentKind.LETTER if told[0] >= told[1] else DocumentKind.INVOICE
    if pairs >= LEAST_PAIRS:
        return DocumentKind.FORM
    return before if before is not DocumentKind.FORM else None


def _enough(marks: Marks, lines: Sequence[str], *, goes_on: bool) -> int:
    """Return the marks' points; nothing where they are too few."""
    points = marks.points(lines)
    return points if points >= (1 if goes_on else marks.needed) else 0
