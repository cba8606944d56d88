"""How a page lies: which way up, how askew; told from the lines of text on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rpa.ocr.adapters.pixels import grey, ink_of, shrunk
from rpa.ocr.api import Grey, Layout, OcrEngine, Word

SKETCH_SIDE: Final = 1100
"""Longer side in pixels of the sketch on which lines are looked for: 100 dpi of a Letter page."""
GAP: Final = 13
"""Pixels of the sketch that letters and words are joined across."""
LONG: Final = 5.0
"""Length to height from which a run of ink is a line of text."""
RULE: Final = 45
"""Pixels of the sketch from which a straight stroke is a ruled line."""
HEIGHTS: Final = (4, 40)
SAMPLES: Final = 5
"""Lines that are read both ways up."""
LARGEST_SKEW: Final = 15.0
SLIGHT_SKEW: Final = 0.5
"""Degrees that are not worth a resampling; small letters lose more by it."""
SLIGHT_ON_SMALL: Final = 2.5
SMALL: Final = 1800
LONGEST_SAMPLE: Final = 14
"""Length to height of what is read of a line."""
ENOUGH: Final = 8.0
"""Letters, each times the confidence of its word, from which a sample tells the way up."""
DOUBTLESS: Final = 2.5
UPRIGHT: Final = 0.8
"""Mean confidence of a sample's letters from which it is not read the other way up as well: of 370
lines upside down, neither engine understood one by seven tenths."""
CLEARLY: Final = 1.15
DARK: Final = 128
"""Grey level of the middle pixel below which a page is white on black."""
HARDLY: Final = 0.5
"""Share of sideways lines from which a page may lie on its side."""

Matrix = NDArray[np.float64]
"""Two rows by three columns: x, y, 1 of one image to x, y of another."""


@dataclass(frozen=True, slots=True)
class Posture:
    """How a page must be turned to be upright."""

    turn: int = 0
    """Degrees clockwise: 0, 90, 180 or 270."""
    skew: float = 0.0
    """Degrees clockwise, after the turn."""


@dataclass(frozen=True, eq=False)
class Righted:
    """A page, upright, and how to get back to where it was."""

    pixels: Grey
    back: Matrix
    """From its pixels to those of the page as it was."""


@dataclass(frozen=True, slots=True)
class _Line:
    x: float
    y: float
    width: float
    height: float
    angle: float


@dataclass(frozen=True, eq=False)
class _View:
    """The page as it is, or turned on its side, with the level lines on its sketch."""

    turn: int
    pixels: Grey
    lines: Sequence[_Line]
    shrink: float


def posture_of(page: Grey, engine: OcrEngine) -> Posture:
    """Return how a page must be turned; a page without lines of text lies as it should.

    Whether it is upside down is told by reading a few lines both ways.
    """
    shrink = min(1.0, SKETCH_SIDE / max(page.shape))
    sketch = shrunk(page, shrink)
    if np.median(sketch) < DARK:
        sketch = grey(255 - sketch)
    # A view turned by 90 degrees anticlockwise has to be turned 270 clockwise from the page.
    views = [_View(0, page, lines_on(sketch), shrink)]
    sideways = lines_on(grey(np.rot90(sketch)))
    if _length(sideways) > HARDLY * _length(views[0].lines):
        views.append(_View(270, grey(np.rot90(page)), sideways, shrink))
    views = [view for view in views if view.lines]
    if not views:
        return Posture()
    told = [(_ways_up(view, engine, to_the_end=len(views) > 1), view) for view in views]
    (right, wrong), best = max(told, key=lambda one: max(one[0]))
    flip = 180 if wrong > CLEARLY * right else 0
    return Posture((best.turn + flip) % 360, _skew(best.lines))


def samples_of(page: Grey, *, most: int) -> list[Grey]:
    """Return up to ``most`` long lines of a page that is upright; none where it has no text."""
    shrink = min(1.0, SKETCH_SIDE / max(page.shape))
    lines = lines_on(shrunk(page, shrink))
    return _samples(_View(0, page, lines, shrink))[:most] if lines else []


def righted(page: Grey, posture: Posture) -> Righted:
    """Return the page turned upright and straight, on a sheet that holds all of it."""
    turned = grey(np.rot90(page, -posture.turn // 90)) if posture.turn else page
    forth = _turning(posture.turn, page.shape)
    slight = SLIGHT_ON_SMALL if max(page.shape) < SMALL else SLIGHT_SKEW
    if abs(posture.skew) >= slight:
        height, width = turned.shape
        straight = cv2.getRotationMatrix2D((width / 2, height / 2), posture.skew, 1.0)
        turned = grey(
            cv2.warpAffine(
                turned, straight, (width, height), flags=cv2.INTER_CUBIC, borderValue=255
            )
        )
        forth = _after(np.asarray(straight, dtype=np.float64), forth)
    back = np.asarray(cv2.invertAffineTransform(forth), dtype=np.float64)
    return Righted(turned, back)


def lines_on(sketch: Grey) -> list[_Line]:
    """Return the level lines of text on a small page."""
    joined = cv2.morphologyEx(_without_rules(sketch), cv2.MORPH_CLOSE, np.ones((2, GAP), np.uint8))
    contours, _tree = cv2.findContours(joined, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    lines = []
    for contour in contours:
        (x, y), (across, down), angle = cv2.minAreaRect(contour)
        width, height, lean = (
            (across, down, angle) if across >= down else (down, across, angle - 90)
        )
        lean = (lean + 90) % 180 - 90  # which range of angles is told differs by version
        level = abs(lean) <= LARGEST_SKEW
        if level and HEIGHTS[0] <= height <= HEIGHTS[1] and width >= LONG * height:
            lines.append(_Line(x, y, width, height, lean))
    return lines


def _without_rules(sketch: Grey) -> Grey:
    """Return the ink of a sketch (1, else 0) without frames and ruled lines."""
    ink = grey(ink_of(sketch, below=170))
    for shape in ((1, RULE), (RULE, 1)):
        rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        ink = grey(cv2.subtract(ink, rules))
    return ink


def _length(lines: Sequence[_Line]) -> float:
    return sum(line.width for line in lines)


def _skew(lines: Sequence[_Line]) -> float:
    longest = sorted(lines, key=lambda line: line.width, reverse=True)[:60]
    return float(np.median([line.angle for line in longest]))


def _ways_up(view: _View, engine: OcrEngine, *, to_the_end: bool) -> tuple[float, float]:
    """Return how much is understood as it is and upside down, line after line until it is clear."""
    right = wrong = 0.0
    for strip in _samples(view):
        (words,) = engine.recognize([strip], layout=Layout.LINE)
        right += _understood(words)
        if not to_the_end and _understood(words) >= max(ENOUGH, UPRIGHT * _letters(words)):
            break
        (words,) = engine.recognize([grey(np.rot90(strip, 2))], layout=Layout.LINE)
        wrong += _understood(words)
        better, worse = max(right, wrong), min(right, wrong)
        if better >= ENOUGH and better > DOUBTLESS * worse and not to_the_end:
            break
    return right, wrong


def _samples(view: _View) -> list[Grey]:
    usual = float(np.median([line.height for line in view.lines]))
    fitting = [line for line in view.lines if 0.6 * usual <= line.height <= 1.8 * usual]
    longest = sorted(
        fitting or view.lines,
        key=lambda line: min(line.width, LONGEST_SAMPLE * line.height),
        reverse=True,
    )
    return [_strip(view.pixels, line, view.shrink) for line in longest[:SAMPLES]]


def _strip(view: Grey, line: _Line, shrink: float) -> Grey:
    width, height = (
        min(line.width, LONGEST_SAMPLE * line.height) / shrink,
        (line.height + 6) / shrink,
    )
    turn = cv2.getRotationMatrix2D((line.x / shrink, line.y / shrink), line.angle, 1.0)
    turn[0, 2] += width / 2 - line.x / shrink
    turn[1, 2] += height / 2 - line.y / shrink
    size = (max(8, round(width)), max(8, round(height)))
    return grey(cv2.warpAffine(view, turn, size, flags=cv2.INTER_LINEAR, borderValue=255))


def _understood(words: Sequence[Word]) -> float:
    return sum(word.confidence * _letters([word]) for word in words)


def _letters(words: Sequence[Word]) -> int:
    return sum(c.isalnum() for word in words for c in word.text)


def _turning(turn: int, shape: tuple[int, ...]) -> Matrix:
    height, width = shape[:2]
    table = {
        0: [[1, 0, 0], [0, 1, 0]],
        90: [[0, -1, height], [1, 0, 0]],
        180: [[-1, 0, width], [0, -1, height]],
        270: [[0, 1, 0], [-1, 0, width]],
    }
    return np.array(table[turn], dtype=np.float64)


def _after(second: Matrix, first: Matrix) -> Matrix:
    whole = np.vstack([first, [0, 0, 1]])
    return np.asarray(second @ whole, dtype=np.float64)
