"""Words put into rows, and rows cut into segments where a wide gap or a colon parts them."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from rpa.domain.geometry import Box
from rpa.ocr.api import PageText, Word
from rpa.ocr.unknown.found import Span, around

WIDE: Final = 0.8
"""Gap between two words, in heights of the line, from which they are two segments."""
SAME_ROW: Final = 0.65
"""Share of the lower word's height by which two words of one row overlap."""
TALL: Final = 0.35
"""Share of the taller word's height: large type stands beside one row of small type, not two."""
LARGE: Final = 1.6
"""Ratio of two words' heights from which the one is large type beside the other."""
_NUMBERS: Final = re.compile(r"(?i)n[o°º]\.?|no\.|num(?:ber|éro)|[#№]|date")
"""Words that end a key where a number comes next."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, with its place on the page turned upright and straight."""

    word: Word
    box: Box

    @property
    def text(self) -> str:
        """The word's letters."""
        return self.word.text


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that stand close together on one row; places on the upright page."""

    tokens: tuple[Token, ...]
    row: int
    box: Box
    height: float
    """The usual height of its words."""
    text: str
    """The words, one blank between them."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words beside each other as one text, each letter knowing its word."""

    tokens: Sequence[Token]

    @property
    def text(self) -> str:
        """The words, one blank between them."""
        return " ".join(token.text for token in self.tokens)

    def between(self, start: int, end: int) -> list[Token]:
        """Return the words that share a letter with this part of the text."""
        kept, place = [], 0
        for token in self.tokens:
            if place < end and place + len(token.text) > start:
                kept.append(token)
            place += len(token.text) + 1
        return kept


def segment_of(tokens: Sequence[Token], row: int) -> Segment:
    """Return words as one segment."""
    return Segment(
        tokens=tuple(tokens),
        row=row,
        box=around([token.box for token in tokens]),
        height=median(token.box.height for token in tokens),
        text=" ".join(token.text for token in tokens),
    )


def span_of(tokens: Sequence[Token]) -> Span:
    """Return the words as they stand on the page as it was delivered."""
    letters = sum(len(token.text) for token in tokens)
    sure = sum(token.word.confidence * len(token.text) for token in tokens) / max(1, letters)
    edges = [token.word for token in tokens]
    box = around([Box(x0=w.x0, y0=w.y0, x1=w.x1, y1=w.y1) for w in edges])
    return Span(" ".join(token.text for token in tokens), box, sure)


def upright(page: PageText) -> list[Token]:
    """Return a page's words with their places as if it had been delivered upright and straight."""
    slope = math.tan(math.radians(page.skew))
    sideways = page.turn in (90, 270)
    width, height = (page.height, page.width) if sideways else (page.width, page.height)
    middle = (width / 2, height / 2)
    return [
        Token(word, _straight(_turned(word, page), slope, middle))
        for word in page.words
        if word.text
    ]


def rows_of(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return the words row by row, from the top, each from the left."""
    rows: list[list[Token]] = []
    for token in sorted(tokens, key=lambda t: t.box.y0 + t.box.y1):
        fitting = [row for row in rows[-4:] if _is_of(row, token.box)]
        if fitting:
            fitting[-1].append(token)
        else:
            rows.append([token])
    return [sorted(row, key=lambda t: t.box.x0) for row in rows]


def segments_of(rows: Sequence[Sequence[Token]], *, at_colons: bool = True) -> list[Segment]:
    """Return every row's segments, in reading order."""
    return [
        segment_of(tokens, number)
        for number, row in enumerate(rows)
        for tokens in _cut(row, at_colons=at_colons)
    ]


def _cut(row: Sequence[Token], *, at_colons: bool) -> Iterator[list[Token]]:
    height = median(token.box.height for token in row)
    segment: list[Token] = []
    for token in row:
        if segment:
            gap = token.box.x0 - segment[-1].box.x1
            if gap > WIDE * height or (at_colons and _parts(segment[-1].text, token.text)):
                yield segment
                segment = []
        segment.append(token)
    yield segment


def _parts(before: str, after: str) -> bool:
    """Say whether a key ends between two words: at a colon, or before what it numbers."""
    if before.endswith(":"):
        return after != ":"
    return bool(_NUMBERS.fullmatch(before) and any(c.isdigit() for c in after))


def _is_of(row: Sequence[Token], box: Box) -> bool:
    """Say whether a word is of a row, which large type beside it must not decide."""
    if not _on_one_row(row[-1].box, box):
        return False
    small = [token.box for token in row if token.box.height < LARGE * box.height]
    return not small or row[-1].box in small or _on_one_row(small[-1], box)


def _on_one_row(one: Box, other: Box) -> bool:
    shared = min(one.y1, other.y1) - max(one.y0, other.y0)
    low, high = sorted((one.height, other.height))
    return shared >= SAME_ROW * low and shared >= TALL * high


def _turned(word: Word, page: PageText) -> Box:
    w, h = page.width, page.height
    x0, y0, x1, y1 = {
        0: (word.x0, word.y0, word.x1, word.y1),
        90: (h - word.y1, word.x0, h - word.y0, word.x1),
        180: (w - word.x1, h - word.y1, w - word.x0, h - word.y0),
        270: (word.y0, w - word.x1, word.y1, w - word.x0),
    }[page.turn]
    return Box(x0=x0, y0=y0, x1=x1, y1=y1)


def _straight(box: Box, slope: float, middle: tuple[float, float]) -> Box:
    """Return the box turned about the page's middle, as a page that leans is straightened."""
    across = slope * ((box.y0 + box.y1) / 2 - middle[1])
    down = -slope * ((box.x0 + box.x1) / 2 - middle[0])
    return Box(x0=box.x0 + across, y0=box.y0 + down, x1=box.x1 + across, y1=box.y1 + down)
