"""Places for answers on the pixels of an empty form that lies straight."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import cv2
import numpy as np

from rpa.domain.geometry import Box
from rpa.ocr.adapters.answer_lines import SHORTEST, level_lines, rooms_above
from rpa.ocr.adapters.pixels import Mask, flattened, grown, is_grainy, parts_of, shrunk
from rpa.ocr.adapters.printed_boxes import (
    ALIKE,
    Spot,
    bare_combs,
    closed_boxes,
    open_combs,
    signs_in,
)
from rpa.ocr.api import Grey

LOOK_DPI: Final = 200
PALEST: Final = 4
"""Grey levels below the paper from which a clean page's print counts."""
DRAWN: Final = 40
"""The same on any page."""
HALO: Final = 8
"""Pixels around print that a JPEG spoils."""
HALO_SHARE: Final = 0.8
PRINT: Final = 96
"""Grey levels below the paper from which print stands in the way of an answer."""
TALLEST: Final = 170.0
"""Points: higher boxes are frames around parts of the form."""
TALL_WITH_WORDS: Final = 120.0
ROW: Final = 9.0
"""Points: the least height of a place that is written into."""
LABEL: Final = 14.0
"""Points between a line and the words that say what is written on it."""
LEAD: Final = 60.0
"""Points between words and the line that goes on with them."""
SHADE: Final = 3.0
"""Points: what is pale and thicker than a line is shading."""
TINT: Final = 246
RECTANGLE: Final = 0.93
"""Share of its box that a tinted place fills."""
SHADED: Final = 210
"""Grey level of shading below which nobody writes on it."""
NEXT: Final = 40.0
"""Points from a line to the next one that an answer goes on on."""
SAME: Final = 0.3
"""Share of a place that another may cover."""


def places_on(page: Grey, dpi: float, words: Sequence[Box]) -> list[Spot]:
    """Return where answers go, in points; ``words`` are the places of the form's own, in points."""
    shrink = min(1.0, LOOK_DPI / dpi)
    look = flattened(shrunk(page, shrink))
    point = dpi * shrink / 72
    own = [box.scaled(point) for box in words]
    spots = _apart(list(_spots(look, own, point)))
    return [Spot(_rounded(one.box.scaled(1 / point)), one.is_tick, one.cells) for one in spots]


def _spots(look: Grey, words: Sequence[Box], point: float) -> Iterator[Spot]:
    """Yield places, the surest kinds first."""
    ink = _drawn(look, point)
    closed = closed_boxes(ink, point)
    print_ink = np.asarray(look < 255 - PRINT)
    combs, ticks, boxes = signs_in(closed, ink, print_ink, point)
    yield from combs
    yield from (one for one in ticks if not _is_letter(one, words))
    lines = level_lines(ink, point)
    yield from open_combs(ink, lines, point)
    yield from bare_combs(ink, point)
    yield from (Spot(box) for box in _tinted(look, print_ink, point))
    free = [line for line in lines if not any(_is_side(line, box, point) for box in closed)]
    yield from (Spot(room) for room in _named(rooms_above(free, print_ink, point), words, point))
    for box in boxes:
        inside = _answer_in(box, words, print_ink, point)
        if inside is not None and not _is_shaded(look, inside):
            yield Spot(inside)


def _drawn(look: Grey, point: float) -> Mask:
    """Return all that is drawn: on a page without grain the palest lines, too, but no shading.

    On a page that was kept as JPEG, what is nearly paper is the compression's, around print.
    """
    plain = np.asarray(look < 255 - DRAWN)
    if is_grainy(look):
        return plain
    pale = _thin(look < 255 - PALEST, point) & ~grown(plain, 1)
    around = float((pale & grown(plain, HALO)).sum())
    return plain | pale if around < HALO_SHARE * float(pale.sum()) else plain


def _tinted(look: Grey, ink: Mask, point: float) -> Iterator[Box]:
    """Yield rectangles of a pale tint with nothing printed in them."""
    even = cv2.medianBlur(look, 5)
    side = round(SHADE * point)
    tint = ((even >= SHADED) & (even <= TINT)).astype(np.uint8)
    areas = cv2.morphologyEx(tint, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    _labels, stats = parts_of(areas > 0)
    for x, y, w, h, area in stats[1:].tolist():
        box = Box(x0=x, y0=y, x1=x + w, y1=y + h)
        is_place = w >= SHORTEST * point and ROW * point <= h <= TALL_WITH_WORDS * point
        if is_place and area >= RECTANGLE * w * h and _is_free(box, ink):
            yield box


def _thin(mask: Mask, point: float) -> Mask:
    """Return a mask without its areas: lines are left."""
    side = round(SHADE * point)
    square = np.ones((side, side), np.uint8)
    areas = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, square)
    return mask & ~grown(areas > 0, 1)


def _answer_in(box: Box, words: Sequence[Box], ink: Mask, point: float) -> Box | None:
    """Return the part of a box that is free: all of it, or what lies under or beside its words."""
    if box.height < ROW * point or box.width < SHORTEST * point or box.height > TALLEST * point:
        return None
    inside = [word for word in words if box.holds(*_middle(word))]
    if not inside:
        return box if _is_free(box, ink) else None
    if box.height > TALL_WITH_WORDS * point:
        return None
    below = max(word.y1 for word in inside)
    if box.y1 - below >= ROW * point:
        under = Box(x0=box.x0, y0=below, x1=box.x1, y1=box.y1)
        return under if _is_free(under, ink) else None
    last = [word for word in inside if word.y1 > below - ROW * point / 2]
    over = max((word.y1 for word in inside if word not in last), default=box.y0)
    beside = max(word.x1 for word in last)
    if box.x1 - beside >= SHORTEST * point and box.y1 - over >= ROW * point:
        right = Box(x0=beside + point, y0=over, x1=box.x1, y1=box.y1)
        return right if _is_free(right, ink) else None
    return None


def _is_free(box: Box, ink: Mask) -> bool:
    y0, y1, x0, x1 = round(box.y0) + 3, round(box.y1) - 3, round(box.x0) + 3, round(box.x1) - 3
    place = ink[y0:y1, x0:x1]
    return bool(place.size and float(place.mean()) < 0.004)


def _named(rooms: Iterable[Box], words: Sequence[Box], point: float) -> Iterator[Box]:
    """Yield the rooms that words name, and those that go on below such a one."""
    named: list[Box] = []
    for room in rooms:
        if _is_named(room, words, point) or any(_goes_on(one, room, point) for one in named):
            named.append(room)
            yield room


def _goes_on(one: Box, below: Box, point: float) -> bool:
    alike = abs(one.x0 - below.x0) <= ALIKE * point and abs(one.x1 - below.x1) <= ALIKE * point
    return alike and 0 < below.y1 - one.y1 <= NEXT * point


def _is_shaded(look: Grey, box: Box) -> bool:
    place = look[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)]
    return float(np.median(place)) < SHADED


def _is_named(room: Box, words: Sequence[Box], point: float) -> bool:
    """Say whether words stand before, above or under a line: one that parts sections has none."""
    near = LABEL * point
    for word in words:
        level = word.y0 < room.y1 and word.y1 > room.y0 + room.height / 4
        over = word.x0 < room.x1 and word.x1 > room.x0
        at_left = word.x0 < room.x0 + max(near, room.width / 2)
        under = _middle(word)[1] > room.y1 and word.y0 - room.y1 <= near / 2
        above = 0 <= room.y0 - word.y1 <= near / 4
        if level and 0 <= room.x0 - word.x1 <= LEAD * point:
            return True
        if over and at_left and (under or above):
            return True
    return False


def _is_side(line: Box, box: Box, point: float) -> bool:
    near = 2 * point
    middle = (line.y0 + line.y1) / 2
    at_edge = min(abs(middle - box.y0), abs(middle - box.y1)) <= near
    return at_edge and min(line.x1, box.x1) - max(line.x0, box.x0) >= 0.5 * line.width


def _is_letter(spot: Spot, words: Sequence[Box]) -> bool:
    """Say whether a square is a letter's inside: a word as high as it is holds it."""
    middle = _middle(spot.box)
    return spot.is_tick and any(
        word.holds(*middle)
        and word.width > 2.5 * spot.box.width
        and word.height < 2 * spot.box.height
        for word in words
    )


def _apart(spots: Sequence[Spot]) -> list[Spot]:
    """Return the places without those that lie on one before them, or around one."""
    kept: list[Spot] = []
    for spot in spots:
        if not any(_covers(spot.box, other.box) for other in kept):
            kept.append(spot)
    return kept


def _covers(one: Box, other: Box) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    smaller = min(one.width * one.height, other.width * other.height)
    return across > 0 and down > 0 and across * down > SAME * smaller


def _middle(box: Box) -> tuple[float, float]:
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def _rounded(box: Box) -> Box:
    x0, y0, x1, y1 = (round(edge, 1) for edge in (box.x0, box.y0, box.x1, box.y1))
    return Box(x0=x0, y0=y0, x1=x1, y1=y1)
