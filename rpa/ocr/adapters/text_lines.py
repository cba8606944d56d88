"""Which ink of a zone stands on which line of text, also where lines lean or nearly touch."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from rpa.ocr.adapters.pixels import Labels, Mask, parts_of

LINE_GAP: Final = 3
LEAST_LINE: Final = 18
TOO_HIGH: Final = 2.0
"""Height of a band in heights of its letters from which it holds more than one line."""
LEAST_LETTER: Final = 10
LETTERS: Final = 75
"""Percentile of a band's parts, by height, that is as high as its letters."""
SAME_LINE: Final = 0.6
"""Heights of a letter by which it may stand higher or lower than the one before it."""


def text_lines(ink: Mask) -> list[Mask]:
    """Return the ink of each line of text, from the top down; one at least."""
    return [line for band in _bands(ink) for line in _untangled(band)]


def _bands(ink: Mask) -> Iterator[Mask]:
    """Yield the ink between empty rows."""
    rows = np.flatnonzero(ink.any(axis=1))
    cuts = [0, *(int(a + b) // 2 for a, b in pairwise(rows) if b - a > LINE_GAP), ink.shape[0]]
    start = 0
    for end in cuts[1:]:
        used = ink[start:end].any(axis=1)
        if used.sum() >= LEAST_LINE or end == ink.shape[0]:
            band = np.zeros_like(ink)
            band[start:end] = ink[start:end]
            yield band
            start = end


@dataclass
class _Line:
    """A line that is followed from left to right."""

    parts: list[int] = field(default_factory=list)
    middles: list[float] = field(default_factory=list)

    @property
    def height(self) -> float:
        """How high it stood lately: lines lean."""
        return float(np.mean(self.middles[-3:]))

    def add(self, part: int, middle: float) -> None:
        self.parts.append(part)
        self.middles.append(middle)


def _untangled(band: Mask) -> list[Mask]:
    labels, parts = parts_of(band)
    heights = parts[1:, cv2.CC_STAT_HEIGHT]
    tall = heights[heights >= LEAST_LETTER]
    if len(tall) < 2:
        return [band]
    letter = float(np.percentile(tall, LETTERS))
    rows = np.flatnonzero(band.any(axis=1))
    if rows[-1] - rows[0] < TOO_HIGH * letter:
        return [band]
    lines = _joined(_followed(parts, letter), letter)
    for part in _loose(parts, lines):
        _nearest(part, parts, lines).parts.append(part)
    return [np.isin(labels, line.parts) for line in sorted(lines, key=lambda line: line.height)]


def _followed(parts: Labels, letter: float) -> list[_Line]:
    """Return the lines of the letters, each letter on the line it stands nearest to."""
    lines: list[_Line] = []
    large = np.flatnonzero(parts[:, cv2.CC_STAT_HEIGHT] >= 0.5 * letter)
    for part in sorted(large[large > 0], key=lambda part: int(parts[part, cv2.CC_STAT_LEFT])):
        middle = _middle(parts, part)
        near = min(lines, key=lambda line: abs(line.height - middle), default=None)
        if near is None or abs(near.height - middle) > SAME_LINE * letter:
            near = _Line()
            lines.append(near)
        near.add(int(part), middle)
    return lines


def _joined(lines: list[_Line], letter: float) -> list[_Line]:
    """Return the lines, those that are pieces of one line put together."""
    whole: list[_Line] = []
    for line in sorted(lines, key=lambda line: -len(line.parts)):
        middle = float(np.mean(line.middles))
        near = min(whole, key=lambda one: abs(float(np.mean(one.middles)) - middle), default=None)
        if near is None or abs(float(np.mean(near.middles)) - middle) > SAME_LINE * letter:
            whole.append(line)
        else:
            near.parts += line.parts
            near.middles += line.middles
    return whole


def _loose(parts: Labels, lines: list[_Line]) -> list[int]:
    taken = {part for line in lines for part in line.parts}
    return [part for part in range(1, len(parts)) if part not in taken]


def _nearest(part: int, parts: Labels, lines: list[_Line]) -> _Line:
    """Return the line of the letter that a small part stands nearest to."""
    x = parts[part, cv2.CC_STAT_LEFT] + parts[part, cv2.CC_STAT_WIDTH] / 2
    y = _middle(parts, part)

    def away(line: _Line) -> float:
        own = parts[line.parts]
        across = np.maximum(own[:, 0] - x, x - own[:, 0] - own[:, 2]).clip(0)
        down = np.maximum(own[:, 1] - y, y - own[:, 1] - own[:, 3]).clip(0)
        return float(np.hypot(across, down).min())

    return min(lines, key=away)


def _middle(parts: Labels, part: int) -> float:
    return float(parts[part, cv2.CC_STAT_TOP] + parts[part, cv2.CC_STAT_HEIGHT] / 2)
