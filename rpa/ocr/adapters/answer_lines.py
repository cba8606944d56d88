"""Lines that answers are written on, found in a page's pixels: drawn, dotted or dashed."""

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rpa.domain.geometry import Box
from rpa.ocr.adapters.pixels import Mask, grey, parts_of

SHORTEST: Final = 24.0
"""Points that a line must be long to be written on."""
THICKEST: Final = 2.6
"""Points; what is thicker is a bar."""
DOT: Final = 4.5
"""Points: the longest dash of a dashed line, and the widest gap of a dotted one."""
LEAST_ROOM: Final = 8.5
"""Points that must be free above a line."""
MOST_ROOM: Final = 14.0
"""Points: more room above a line than this is left to others."""
BARE: Final = 0.3
"""Share of a line's length along which print may touch it; what has more is a letter's bar."""
CORNER: Final = 6.0
"""Points that a frame's side goes down from its top."""


def level_lines(ink: Mask, point: float) -> list[Box]:
    """Return the level lines of a page, dotted and dashed ones too, as thin boxes in pixels."""
    drawn = ink.astype(np.uint8)
    lines = _merged([*_lines(drawn, point), *_lines(_dots(drawn, point), point)])
    others = ink.copy()
    for line in lines:
        others[_rows(line), _columns(line)] = False
    return [line for line in lines if _is_bare(line, others, point)]


def rooms_above(lines: Sequence[Box], ink: Mask, point: float) -> Iterator[Box]:
    """Yield the free places above lines where something could be written."""
    obstacles = ink.copy()
    for line in lines:
        obstacles[_rows(line), _columns(line)] = False
    ceilings = np.zeros(ink.shape, dtype=bool)
    for line in lines:
        ceilings[_rows(line), _columns(line)] = True
    for line in lines:
        if not _is_frame_top(line, ink, point):
            yield from _rooms(line, obstacles | ceilings, point)


def _lines(drawn: NDArray[np.uint8], point: float) -> list[Box]:
    long = round(SHORTEST * point)
    mended = cv2.morphologyEx(drawn, cv2.MORPH_CLOSE, np.ones((1, round(point)), np.uint8))
    straight = cv2.morphologyEx(mended, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    _labels, stats = parts_of(straight > 0)
    return [
        Box(x0=x, y0=y, x1=x + w, y1=y + h)
        for x, y, w, h, _area in stats[1:].tolist()
        if h <= THICKEST * point
    ]


def _dots(drawn: NDArray[np.uint8], point: float) -> NDArray[np.uint8]:
    """Return dots and dashes alone, joined to those beside them."""
    labels, stats = parts_of(drawn > 0)
    small = (stats[:, cv2.CC_STAT_HEIGHT] <= 1.8 * point) & (
        stats[:, cv2.CC_STAT_WIDTH] <= DOT * point
    )
    small[0] = False
    dots = small[labels].astype(np.uint8)
    return grey(cv2.morphologyEx(dots, cv2.MORPH_CLOSE, np.ones((1, round(DOT * point)), np.uint8)))


def _merged(lines: Sequence[Box]) -> list[Box]:
    """Return the lines without those that lie on another, longer one."""
    kept: list[Box] = []
    for line in sorted(lines, key=lambda one: -one.width):
        middle = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
        if not any(_near(one, *middle) for one in kept):
            kept.append(line)
    return sorted(kept, key=lambda one: (one.y0, one.x0))


def _near(line: Box, x: float, y: float) -> bool:
    return line.x0 <= x <= line.x1 and line.y0 - 3 <= y <= line.y1 + 3


def _rooms(line: Box, taken: Mask, point: float) -> Iterator[Box]:
    top = max(0, round(line.y0 - MOST_ROOM * point))
    bottom = max(top, round(line.y0) - 1)
    above = taken[top:bottom, _columns(line)]
    if not above.size:
        return
    free = np.where(above.any(axis=0), np.argmax(above[::-1], axis=0), bottom - top)
    for start, end in _runs(free >= LEAST_ROOM * point):
        if end - start < SHORTEST * point:
            continue
        high = float(np.percentile(free[start:end], 5))
        x0 = round(line.x0) + start
        yield Box(x0=x0, y0=line.y0 - high, x1=x0 + end - start, y1=line.y1)


def _is_bare(line: Box, obstacles: Mask, point: float) -> bool:
    near = round(1.5 * point)
    y0, y1 = max(0, round(line.y0) - near), round(line.y1) + near
    touched = obstacles[y0:y1, _columns(line)].any(axis=0)
    return bool(touched.size and float(touched.mean()) <= BARE)


def _is_frame_top(line: Box, ink: Mask, point: float) -> bool:
    """Say whether a side goes down from an end of the line, and none up."""
    far, wide = round(CORNER * point), round(point)
    y0, y1 = round(line.y0), round(line.y1)
    for x in (round(line.x0), round(line.x1)):
        ends = slice(max(0, x - wide), x + wide)
        down, up = ink[y1 + 1 : y1 + far, ends], ink[max(0, y0 - far) : max(0, y0 - 1), ends]
        if _goes_on(down) and not _goes_on(up):
            return True
    return False


def _goes_on(strip: Mask) -> bool:
    return bool(strip.size and strip.any(axis=1).mean() > 0.95)


def _runs(holds: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], holds.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _rows(box: Box) -> slice:
    return slice(max(0, round(box.y0) - 1), round(box.y1) + 1)


def _columns(box: Box) -> slice:
    return slice(max(0, round(box.x0)), round(box.x1))
