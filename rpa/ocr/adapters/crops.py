"""What was added to a zone of the blank: lines of text to read."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rpa.domain.geometry import Box
from rpa.ocr.adapters.alignment import shift_between
from rpa.ocr.adapters.blanks import POINT
from rpa.ocr.adapters.pixels import Labels, Mask, grey, grown, ink_of, parts_of
from rpa.ocr.adapters.text_lines import text_lines
from rpa.ocr.api import Grey
from rpa.ocr.diacritics import Mark

MARGIN: Final = round(3 * POINT)
"""How far outside its zone an answer may reach."""
AROUND: Final = round(10 * POINT)
"""How much of the print around a zone is used to find its exact place."""
REACH: Final = round(2.5 * POINT)
PRINT_GROWTH: Final = 3
"""Pixels by which a fax thickens the blank's own print."""
CORE_GROWTH: Final = 2
"""Pixels by which the blank's print is taken away: less than it grows, not to eat the answer."""
MOSTLY: Final = 0.7
"""Share of a part that is under print from which the part is print itself."""
FAINT: Final = 200
BRIDGE: Final = 13
"""Height in pixels of a printed line, thickened by a fax, that a stroke is joined across."""
TOUCHING: Final = 0.0005
"""Share of an answer's ink beside print from which the two touch."""
SMALLEST_PART: Final = 12
SMALLEST_POINT: Final = 6
"""Pixels of a fine type's point; smaller parts are specks, wherever they stand."""
POINT_GAP: Final = 8
"""Pixels between a letter and its point, or the point after it."""
FINE_LETTER: Final = 14
WIDEST_FRAME: Final = 16
"""Pixels: an upright line from edge to edge of a cut that is no wider is a frame."""
LEAST_INK: Final = 60
PAD: Final = 14
TALL: Final = round(34 * POINT)
"""A zone from this height on may hold several lines."""
LOW_MARK: Final = 0.35
"""Share of a capital's height above the foot of the letters in which a point begins."""
COMMA: Final = 0.38
"""What a comma's height and its reach below the foot come to, in shares of a capital's height, more
by a tenth the more it leans; a point's come to less. Told apart so, 26 of 1,258 go wrong."""
LOWEST: Final = 0.65
"""Share of it below which what begins low is a point or a comma; a comma's tail may be long."""
FULL: Final = 0.6
"""Share of it from which a part is a letter, and a bit of ink under it is a piece of that."""
UNDER: Final = 0.5
"""Share of a bit's width that lies under a letter, from which it is a piece of it."""
SMALL_MARK: Final = 0.45
"""Share of a capital's height: smaller parts may be marks, if their foot stands higher."""


@dataclass(frozen=True, eq=False)
class Place:
    """A zone cut out of a laid page, and out of its blank, at the same place."""

    page: Grey
    blank: Grey
    zone: tuple[slice, slice]
    """The zone itself within the cut."""


def place_of(page: Grey, blank: Grey, zone: Box) -> Place:
    """Return the place of ``zone`` (points), snapped to the print around it."""
    box = zone.scaled(POINT)
    wide = _window(box, AROUND, blank)
    reach = min(REACH, wide[0].stop - wide[0].start - 1)
    x, y = shift_between(ink_of(blank[wide]), ink_of(page[wide]), reach=reach)
    rows, columns = _window(box, MARGIN, blank)
    moved = np.full((rows.stop - rows.start, columns.stop - columns.start), 255, dtype=np.uint8)
    found = page[
        max(0, rows.start + y) : rows.stop + y, max(0, columns.start + x) : columns.stop + x
    ]
    moved[: found.shape[0], : found.shape[1]] = found
    top, left = round(box.y0) - rows.start, round(box.x0) - columns.start
    inside = slice(top, top + round(box.height)), slice(left, left + round(box.width))
    return Place(moved, blank[rows, columns], inside)


def added_ink(place: Place) -> Mask:
    """Return the ink that is on the page but not on the blank, without specks and neighbours.

    A stroke that runs across a printed line is joined again where the line is taken away.
    """
    printed = ink_of(place.blank)
    core = ink_of(place.page) & ~grown(printed, CORE_GROWTH)
    labels, parts = parts_of(core)
    core &= ~_mostly(labels, parts, grown(printed, PRINT_GROWTH))[labels]
    ink = core | (_bridged(core) & ink_of(place.page, below=FAINT))
    labels, parts = parts_of(ink)
    middle_x = parts[:, cv2.CC_STAT_LEFT] + parts[:, cv2.CC_STAT_WIDTH] / 2
    middle_y = parts[:, cv2.CC_STAT_TOP] + parts[:, cv2.CC_STAT_HEIGHT] / 2
    rows, columns = place.zone
    inside = (columns.start <= middle_x) & (middle_x <= columns.stop)
    inside &= (rows.start <= middle_y) & (middle_y <= rows.stop)
    inside &= ~_runs_through(parts, ink.shape[0])
    kept = inside & (parts[:, cv2.CC_STAT_AREA] >= SMALLEST_PART)
    kept[0] = False
    kept |= inside & _by_letters(parts, kept)
    return np.asarray(kept[labels])


def _runs_through(parts: Labels, height: int) -> NDArray[np.bool_]:
    """Say of each part whether it is an upright line from edge to edge: a frame that lies off."""
    upright = (parts[:, cv2.CC_STAT_TOP] == 0) & (parts[:, cv2.CC_STAT_HEIGHT] == height)
    return np.asarray(upright & (parts[:, cv2.CC_STAT_WIDTH] <= WIDEST_FRAME))


def _by_letters(parts: Labels, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say of each part whether it is small and stands where a fine point does: after a foot, above.

    Fine type has points that are no larger than specks.
    """
    x0, y0, wide, high, area = (parts[:, column] for column in range(5))
    x1, y1 = x0 + wide, y0 + high
    fine = np.zeros(len(parts), dtype=bool)
    letters = np.flatnonzero(kept & (high >= FINE_LETTER))
    small = (area >= SMALLEST_POINT) & (area < SMALLEST_PART) & (wide > 1) & (high > 1)
    for part in np.flatnonzero(small):
        after = x0[part] - x1[letters]
        at_foot = (after >= -1) & (after <= POINT_GAP) & (abs(y1[part] - y1[letters]) <= 2)
        above = y0[letters] - y1[part]
        middle = (x0[part] + x1[part]) / 2
        over = (x0[letters] - 1 <= middle) & (middle <= x1[letters] + 1)
        fine[part] = bool((at_foot | (over & (above > 0) & (above <= POINT_GAP))).any())
    return fine


def _mostly(labels: Labels, parts: Labels, covered: Mask) -> Mask:
    """Say of each part whether most of it is covered."""
    hidden = np.bincount(labels[covered], minlength=len(parts))
    share = hidden / np.maximum(1, parts[:, cv2.CC_STAT_AREA])
    mostly = np.asarray(share >= MOSTLY)
    mostly[0] = False
    return mostly


def _bridged(core: Mask) -> Mask:
    upright = np.ones((BRIDGE, 1), np.uint8)
    return np.asarray(cv2.morphologyEx(core.astype(np.uint8), cv2.MORPH_CLOSE, upright) > 0)


@dataclass(frozen=True, eq=False)
class Lines:
    """What was written in a zone."""

    strips: tuple[Grey, ...] = ()
    """Each line of text, clean; none where the zone was left empty."""
    with_print: tuple[Grey, ...] = ()
    """The same lines with the form's own print, if the answer runs into it: taking the print away
    may have taken some of the answer."""


def lines_of(place: Place) -> Lines:
    """Return the lines of text added to the zone."""
    added = added_ink(place)
    ink = int(added.sum())
    if ink < LEAST_INK:
        return Lines()
    lines = text_lines(added) if added.shape[0] >= TALL else [added]
    strips = tuple(_strip(_clean(place.page, line), line) for line in lines)
    shared = int((added & grown(ink_of(place.blank), PRINT_GROWTH)).sum())
    if shared <= TOUCHING * ink:
        return Lines(strips)
    return Lines(strips, tuple(_strip(place.page, line) for line in lines))


def _clean(page: Grey, line: Mask) -> Grey:
    return grey(np.where(grown(line, 2), page, np.uint8(255)))


def treatments_of(strip: Grey, with_print: Grey | None = None) -> tuple[Grey, ...]:
    """Return four images of a strip, treated in ways that fail differently."""
    softer = cv2.GaussianBlur(strip, (0, 0), 1.4)
    last = cv2.dilate(strip, np.ones((2, 2), np.uint8)) if with_print is None else with_print
    second = strip if with_print is None else with_print
    treated = (
        cv2.GaussianBlur(strip, (0, 0), 1.0),
        cv2.GaussianBlur(second, (0, 0), 1.6),
        cv2.resize(softer, None, fx=0.85, fy=0.85, interpolation=cv2.INTER_AREA),
        cv2.GaussianBlur(last, (0, 0), 0.8),
    )
    return tuple(grey(image) for image in treated)


def enlarged(strip: Grey) -> Grey:
    """Return a fifth treatment, for a second engine: a larger strip."""
    soft = cv2.GaussianBlur(strip, (0, 0), 1.0)
    return grey(cv2.resize(soft, None, fx=1.3, fy=1.3, interpolation=cv2.INTER_CUBIC))


def marks_on(strip: Grey) -> tuple[Mark, ...]:
    """Return the small marks (dots, accents, apostrophes) above a line's letters, left to right."""
    labels, parts = parts_of(ink_of(strip))
    if len(parts) < 2:
        return ()
    heights = parts[:, cv2.CC_STAT_HEIGHT]
    bottoms = parts[:, cv2.CC_STAT_TOP] + heights
    tallest = int(np.percentile(heights[1:], 95))
    letters = heights >= SMALL_MARK * tallest
    letters[0] = False
    baseline = float(np.median(bottoms[letters]))
    high = (bottoms < baseline - SMALL_MARK * tallest) & (heights < SMALL_MARK * tallest)
    small = np.flatnonzero(high & (parts[:, cv2.CC_STAT_AREA] >= SMALLEST_PART))
    return tuple(sorted((_mark(labels == part) for part in small), key=lambda mark: mark.x))


def points_on(strip: Grey) -> str:
    """Return the points and commas at the foot of a line's letters, left to right, as a text.

    Empty where nothing can be told.
    """
    labels, parts = parts_of(ink_of(strip))
    if len(parts) < 3:
        return ""
    tops, heights = parts[:, cv2.CC_STAT_TOP], parts[:, cv2.CC_STAT_HEIGHT]
    tallest = int(np.percentile(heights[1:], 95))
    letters = heights >= SMALL_MARK * tallest
    letters[0] = False
    if not letters.any():
        return ""
    foot = float(np.median((tops + heights)[letters]))
    low = (heights < LOWEST * tallest) & (tops > foot - LOW_MARK * tallest)
    low &= parts[:, cv2.CC_STAT_AREA] >= SMALLEST_POINT
    full = parts[letters & (heights >= FULL * tallest) & ~low]
    found = [part for part in np.flatnonzero(low) if _share_under(parts[part], full) <= UNDER]
    found.sort(key=lambda part: int(parts[part, cv2.CC_STAT_LEFT]))
    return "".join(_point(labels == part, foot, tallest) for part in found)


def _share_under(bit: NDArray[np.int32], letters: Labels) -> float:
    """Return what share of a bit's width lies under one letter."""
    left, right = bit[cv2.CC_STAT_LEFT], bit[cv2.CC_STAT_LEFT] + bit[cv2.CC_STAT_WIDTH]
    starts = letters[:, cv2.CC_STAT_LEFT]
    ends = starts + letters[:, cv2.CC_STAT_WIDTH]
    shared = np.minimum(ends, right) - np.maximum(starts, left)
    return float(shared.max(initial=0)) / float(bit[cv2.CC_STAT_WIDTH])


def _point(part: Mask, foot: float, tallest: int) -> str:
    rows = np.flatnonzero(part.any(axis=1))
    size = (rows[-1] + 1 - rows[0] + rows[-1] + 1 - foot) / tallest
    return "," if size - _mark(part).lean / 10 > COMMA else "."


def _mark(part: Mask) -> Mark:
    y, x = np.nonzero(part)
    spread = float(x.std() * y.std())
    lean = float(((x - x.mean()) * (y - y.mean())).mean()) / spread if spread else 0.0
    return Mark(float(x.mean()), lean)


def _window(box: Box, margin: int, blank: Grey) -> tuple[slice, slice]:
    height, width = blank.shape
    rows = slice(max(0, round(box.y0) - margin), min(height, round(box.y1) + margin))
    return rows, slice(max(0, round(box.x0) - margin), min(width, round(box.x1) + margin))


def _strip(image: Grey, added: Mask) -> Grey:
    rows, columns = np.flatnonzero(added.any(axis=1)), np.flatnonzero(added.any(axis=0))
    if not rows.size:
        return grey(np.full((2 * PAD, 2 * PAD), 255))
    cut = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return grey(np.pad(cut, PAD, constant_values=255))
