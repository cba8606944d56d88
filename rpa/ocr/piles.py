"""Where one document of a pile ends and the next begins, told by what is printed on its pages."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from rpa.domain.batch import SplitRule
from rpa.domain.pages import DocumentPages, PageImage
from rpa.ocr.adapters.form_index import Fronts
from rpa.ocr.api import KnownForm, PageReader, PageText, Word
from rpa.ocr.identification import form_on

EDGE: Final = 0.14
"""Share of a page at its head and at its foot where page numbers are printed."""
MOST_PAGES: Final = 500
_COUNT: Final = r"(\d{1,3})\s*(?:/|de|of|sur|out of)\s*(\d{1,3})"
_NAMED: Final = re.compile(rf"\b(?:page|pages|p|pg)\b[\s.:]*{_COUNT}(?![\d/.-])", re.IGNORECASE)
_ALONE: Final = re.compile(rf"\W*{_COUNT}\W*", re.IGNORECASE)


def first_pages(
    document: DocumentPages,
    forms: Sequence[KnownForm],
    rule: SplitRule,
    *,
    fronts: Fronts,
    reader: PageReader,
) -> frozenset[int]:
    """Return the numbers, from 1, of the pages that begin a document, as ``rule`` tells them.

    Raises:
        RecognitionError: A page's image can't be decoded.
        ToolUnavailableError, ToolTimeoutError: As the reader.
    """
    return frozenset(
        number
        for number, page in enumerate(document.images, start=1)
        if (rule.by_form and form_on(page, forms, fronts) is not None)
        or (rule.by_number and _is_numbered_one(page, reader))
    )


def _is_numbered_one(page: PageImage, reader: PageReader) -> bool:
    printed = page_number(reader.read(page))
    return printed is not None and printed[0] == 1


def page_number(text: PageText) -> tuple[int, int] | None:
    """Return a page's printed number and of how many it is; None where it doesn't say both.

    "Page 2 de 3" anywhere on a line at the page's head or foot, or "2/3" alone on it.
    """
    for line in _at_edges(text):
        match = _NAMED.search(line) or _ALONE.fullmatch(line)
        if match and 1 <= int(match[1]) <= int(match[2]) <= MOST_PAGES:
            return int(match[1]), int(match[2])
    return None


def _at_edges(text: PageText) -> Iterator[str]:
    """Yield the lines at the page's head and foot, as a person holds it."""
    for _line, words in groupby(text.words, key=lambda word: word.line):
        run = list(words)
        if all(not EDGE < _height_of(word, text) < 1 - EDGE for word in run):
            yield _joined(run)


def _joined(words: Iterable[Word]) -> str:
    return " ".join(word.text for word in words)


def _height_of(word: Word, text: PageText) -> float:
    """Return how far down the upright page, 0 to 1, a word stands; upside down for 180 and 270."""
    if text.turn % 180:
        return (word.x0 + word.x1) / 2 / max(1, text.width)
    return (word.y0 + word.y1) / 2 / max(1, text.height)
