"""Text laid out in a small box: wrapped, smaller, with less, at last cut with an ellipsis."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from rpa.signing.adapters.fonts import Typeface

LEADING: Final = 1.18
"""From one base line to the next, in sizes of the letters."""
EASY: Final = (1.4, 1.25, 1.12, 1.0, 0.9)
"""Scales at which everything is read with ease, the largest first."""
SMALL: Final = (0.82, 0.75, 0.68)
"""The last scales before something is left out; below, letters would be too small to read."""
_ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One statement, and how it is set."""

    text: str
    size: float
    """In points, at scale 1."""
    is_strong: bool = False
    is_muted: bool = False
    rank: int = 0
    """0 is always shown, if only in part; the highest is left out first where room is short."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a paragraph, with the place of its base line."""

    text: str
    size: float
    down: float
    """From the top of the text to the base line, in points."""
    is_strong: bool
    is_muted: bool


@lru_cache(maxsize=512)
def laid_out(
    paragraphs: tuple[Paragraph, ...], face: Typeface, width: float, height: float
) -> tuple[tuple[Line, ...], float]:
    """Return the lines that fit into ``width`` by ``height``, and how high they are together."""
    for shown, scale in _attempts(paragraphs):
        lines = [line for one in shown for line in _wrapped(one, face, width, scale)]
        if _height(lines) <= height:
            return _placed(lines), _height(lines)
    least = [one for one in paragraphs if not one.rank]
    lines = _cut([_wrapped(one, face, width, SMALL[-1]) for one in least], face, width, height)
    return _placed(lines), _height(lines)


def _attempts(
    paragraphs: Sequence[Paragraph],
) -> Iterator[tuple[list[Paragraph], float]]:
    """Yield what to try: all of it with ease, less of it with ease, then smaller."""
    ranks = sorted({one.rank for one in paragraphs} | {0}, reverse=True)
    for scales in (EASY, SMALL):
        for most in ranks:
            shown = [one for one in paragraphs if one.rank <= most]
            for scale in scales:
                yield shown, scale


def _wrapped(one: Paragraph, face: Typeface, width: float, scale: float) -> list[Line]:
    size = one.size * scale
    ems = width / size
    lines, current = [], ""
    for word in one.text.split():
        for piece in _pieces(word, face, ems):
            longer = f"{current} {piece}" if current else piece
            if current and face.width(longer) > ems:
                lines.append(current)
                longer = piece
            current = longer
    lines += [current] if current else []
    return [Line(text, size, 0, one.is_strong, one.is_muted) for text in lines]


def _pieces(word: str, face: Typeface, ems: float) -> Iterator[str]:
    """Yield a word whole, or in pieces that are no wider than a line."""
    if face.width(word) <= ems:
        yield word
        return
    start = 0
    for end in range(1, len(word) + 1):
        if end - start > 1 and face.width(word[start:end]) > ems:
            yield word[start : end - 1]
            start = end - 1
    yield word[start:]


def _cut(paragraphs: list[list[Line]], face: Typeface, width: float, height: float) -> list[Line]:
    """Take lines away from the longest paragraph until the rest fits; an ellipsis says so."""
    while _height([line for lines in paragraphs for line in lines]) > height:
        longest = max(paragraphs, key=len)
        if len(longest) > 1:
            longest.pop()
            longest[-1] = _elided(longest[-1], face, width)
        elif len(paragraphs) > 1:
            paragraphs.pop()
        else:
            # A box too low for one line at this size: the line is as high as the box.
            (line,) = longest
            lower = replace(line, size=height / LEADING)
            return [_elided(lower, face, width) if _is_wide(lower, face, width) else lower]
    return [line for lines in paragraphs for line in lines]


def _elided(line: Line, face: Typeface, width: float) -> Line:
    mark = face.written(_ELLIPSIS)
    text = line.text
    while text and face.width(text + mark) * line.size > width:
        text = text[:-1]
    return replace(line, text=text.rstrip() + mark)


def _is_wide(line: Line, face: Typeface, width: float) -> bool:
    return face.width(line.text) * line.size > width


def _height(lines: Sequence[Line]) -> float:
    return sum(line.size * LEADING for line in lines)


def _placed(lines: Sequence[Line]) -> tuple[Line, ...]:
    down, placed = 0.0, []
    for line in lines:
        placed.append(replace(line, down=down + line.size * 0.92))
        down += line.size * LEADING
    return tuple(placed)
