"""The boxes that a form prints for answers, found in its pixels: cells, combs and tick boxes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from rpa.domain.geometry import Box
from rpa.ocr.adapters.pixels import Mask, grey, parts_of

RING: Final = 0.9
"""Share of each side of a box that must be drawn."""
SIDES: Final = (5.0, 17.0)
"""Points: sides of a box for one sign."""
WIDE_SIGN: Final = 28.0
"""Points: how wide a cell of a long comb may be."""
LONG_COMB: Final = 4
GAP: Final = 6.0
"""Points between two cells of a comb, at most."""
ALIKE: Final = 2.0
"""Points by which the sides of like cells differ, at most."""
SQUARE: Final = 0.65
"""A tick box's shorter side to its longer one, at least."""
EDGE: Final = 1.0
"""Points: a box is told with its own lines."""
SIGN_BETWEEN: Final = 4.5
"""Points of print between two parts of a comb, at most: a dash, a point, a stroke."""
TOOTH: Final = 3.5
"""Points: the shortest tooth of an open comb."""
TEETH: Final = 3
ROW: Final = 7.0
"""Points: the least height of a cell that lost a side."""
MANY: Final = 6
WRITING: Final = 12.5
"""Points: the height of a hand-written line."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for an answer, in pixels of the page it was found on."""

    box: Box
    is_tick: bool = False
    cells: int = 0
    """Of a comb: how many signs go into it."""


def closed_boxes(lines: Mask, point: float) -> list[Box]:
    """Return the rectangles that lines enclose; ``point`` is a PDF point in pixels."""
    shut = cv2.morphologyEx(lines.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _count, _labels, stats, _centers = cv2.connectedComponentsWithStats(
        grey(1 - shut), connectivity=4
    )
    least = SIDES[0] * point
    found = (
        Box(x0=x, y0=y, x1=x + w, y1=y + h)
        for x, y, w, h, _area in stats[1:].tolist()
        if w >= least and h >= least
    )
    return [box for box in found if _is_ringed(shut > 0, box)]


def signs_in(
    boxes: Sequence[Box], lines: Mask, ink: Mask, point: float
) -> tuple[list[Spot], list[Spot], list[Box]]:
    """Return combs, tick boxes, and the boxes that are neither.

    ``lines`` is all that is drawn, however pale; ``ink`` the print.
    """
    combs: list[Spot] = []
    ticks: list[Spot] = []
    rest: list[Box] = []
    for row in _chains(boxes, point):
        small = max(row[0].width, row[0].height) <= SIDES[1] * point
        if len(row) >= (2 if small else LONG_COMB):
            combs.append(Spot(_around(row), cells=len(row)))
        elif small and min(_sides(row[0])) >= SQUARE * max(_sides(row[0])):
            ticks.append(Spot(row[0], is_tick=True))
        else:
            rest += row
    whole = [
        Spot(_edged(one.box, point), cells=one.cells)
        for one in _together(combs, (lines, ink), point)
    ]
    return whole, [Spot(_edged(one.box, point), is_tick=True) for one in ticks], rest


def open_combs(lines: Mask, level: Sequence[Box], point: float) -> Iterator[Spot]:
    """Yield combs whose cells are open above or below: teeth along a level line."""
    thin = _uprights(lines, TOOTH, point)
    for line in level:
        touching = [one for one in thin if _touches(one, line, point)]
        for teeth in _even(_joined(touching, point), point):
            yield _comb(teeth, line, point)


def bare_combs(lines: Mask, point: float) -> Iterator[Spot]:
    """Yield rows of many even strokes with no line along them: cells that lost a side."""
    rows: dict[tuple[int, int], list[Box]] = {}
    for one in _uprights(lines, ROW, point):
        rows.setdefault((round(one.y0 / point / 2), round(one.height / point / 2)), []).append(one)
    for row in rows.values():
        for teeth in _even(_joined(row, point), point):
            if len(teeth) >= MANY:
                yield Spot(_around(teeth), cells=len(teeth) - 1)


def _uprights(lines: Mask, least: float, point: float) -> list[Box]:
    tall = max(3, round(least * point))
    upright = cv2.morphologyEx(lines.astype(np.uint8), cv2.MORPH_OPEN, np.ones((tall, 1), np.uint8))
    _labels, stats = parts_of(upright > 0)
    return [
        Box(x0=x, y0=y, x1=x + w, y1=y + h)
        for x, y, w, h, _area in stats[1:].tolist()
        if w <= 2.5 * point and h <= SIDES[1] * point
    ]


def _is_ringed(lines: Mask, box: Box) -> bool:
    x0, y0, x1, y1 = (round(edge) for edge in (box.x0, box.y0, box.x1, box.y1))
    height, width = lines.shape
    if x0 < 1 or y0 < 1 or x1 >= width or y1 >= height:
        return False
    sides = (
        lines[y0 - 1, x0:x1], lines[y1, x0:x1], lines[y0:y1, x0 - 1], lines[y0:y1, x1],
    )  # fmt: skip
    return all(float(side.mean()) >= RING for side in sides)


def _chains(boxes: Sequence[Box], point: float) -> Iterator[list[Box]]:
    """Yield like boxes that stand close beside each other, in their order."""
    left = sorted(boxes, key=lambda box: (box.x0, box.y0))
    while left:
        chain = [left.pop(0)]
        for box in list(left):
            if _follows(chain[-1], box, point):
                chain.append(box)
                left.remove(box)
        yield chain


def _together(combs: Sequence[Spot], drawn: tuple[Mask, Mask], point: float) -> Iterator[Spot]:
    """Yield combs, those whose parts a sign parts (``12 / 05 / 2026``) as one."""
    left = sorted(combs, key=lambda one: (one.box.x0, one.box.y0))
    while left:
        comb = left.pop(0)
        for other in list(left):
            if _goes_on(comb, other, drawn, point):
                comb = Spot(_around([comb.box, other.box]), cells=comb.cells + other.cells)
                left.remove(other)
        yield comb


def _goes_on(comb: Spot, other: Spot, drawn: tuple[Mask, Mask], point: float) -> bool:
    near, one, two = ALIKE * point, comb.box, other.box
    pitch = two.width / other.cells
    level = abs(one.y0 - two.y0) <= near and abs(one.y1 - two.y1) <= near
    if not level or not 0 <= two.x0 - one.x1 <= 2 * pitch:
        return False
    rows = slice(round(one.y0), round(one.y1))
    columns = slice(round(one.x1 + 2 * point), round(two.x0 - 2 * point))
    anything, print_ink = (mask[rows, columns].any(axis=0).sum() for mask in drawn)
    return bool(anything and print_ink <= SIGN_BETWEEN * point)


def _sides(box: Box) -> tuple[float, float]:
    return box.width, box.height


def _edged(box: Box, point: float) -> Box:
    edge = EDGE * point
    return Box(x0=box.x0 - edge, y0=box.y0 - edge, x1=box.x1 + edge, y1=box.y1 + edge)


def _follows(one: Box, other: Box, point: float) -> bool:
    near = ALIKE * point
    return (
        one.width <= WIDE_SIGN * point
        and abs(one.y0 - other.y0) <= near
        and abs(one.y1 - other.y1) <= near
        and abs(one.width - other.width) <= near
        and 0 <= other.x0 - one.x1 <= GAP * point
    )


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        x0=min(box.x0 for box in boxes),
        y0=min(box.y0 for box in boxes),
        x1=max(box.x1 for box in boxes),
        y1=max(box.y1 for box in boxes),
    )


def _touches(tooth: Box, line: Box, point: float) -> bool:
    near = 1.5 * point
    at_end = abs(tooth.y1 - line.y1) <= near or abs(tooth.y0 - line.y0) <= near
    return at_end and line.x0 - near <= tooth.x0 and tooth.x1 <= line.x1 + near


def _joined(teeth: Sequence[Box], point: float) -> list[Box]:
    """Return teeth from the left; two sides of cells with a gap between them are one."""
    joined: list[Box] = []
    for tooth in sorted(teeth, key=lambda one: one.x0):
        if joined and tooth.x0 - joined[-1].x1 <= 3.5 * point:
            joined[-1] = _around([joined[-1], tooth])
        else:
            joined.append(tooth)
    return joined


def _even(teeth: Sequence[Box], point: float) -> Iterator[list[Box]]:
    """Yield runs of teeth at even distances."""
    run: list[Box] = list(teeth[:1])
    for before, tooth in pairwise(teeth):
        gap = _middle(tooth) - _middle(before)
        fits = SIDES[0] * point <= gap <= WIDE_SIGN * point
        usual = _middle(run[1]) - _middle(run[0]) if len(run) > 1 else gap
        if fits and abs(gap - usual) <= ALIKE * point:
            run.append(tooth)
            continue
        if len(run) > TEETH:
            yield run
        run = [before, tooth] if fits else [tooth]
    if len(run) > TEETH:
        yield run


def _middle(box: Box) -> float:
    return (box.x0 + box.x1) / 2


def _comb(teeth: Sequence[Box], line: Box, point: float) -> Spot:
    box = _around(teeth)
    is_below = abs(box.y1 - line.y1) <= 1.5 * point
    high = max(box.height, WRITING * point)
    y0, y1 = (max(0.0, box.y1 - high), box.y1) if is_below else (box.y0, box.y0 + high)
    return Spot(Box(x0=box.x0, y0=y0, x1=box.x1, y1=y1), cells=len(teeth) - 1)
