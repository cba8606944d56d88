"""What was drawn in a box or a circle of the blank, or around a word of it, measured."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from rpa.domain.geometry import Box
from rpa.ocr.adapters.pixels import Mask, grown, ink_of, parts_of
from rpa.ocr.adapters.scene import CLOSE, FAINT, GROWTH, Scene, scene_of, theirs_in
from rpa.ocr.api import Grey
from rpa.ocr.marks import Drawing, Loop, Side

AROUND: Final = 0.9
"""How far around its box a mark is followed, in sides of the box."""
EDGE: Final = 2
"""Pixels along the inside of an outline that do not count: there it is thickened."""
BRIDGE: Final = 12
"""Pixels by which a stroke is interrupted where it crosses an outline that was taken away."""
FULL: Final = 0.5
"""Share of a box from which ink in it is no edge of print, wherever it stands."""
CROWDED: Final = 0.25
"""Share of a box that print leaves free, from which only that counts."""
SIZES: Final = (0.3, 1.6)
"""Area of a box to that of its zone."""
MIDDLE: Final = 0.2
"""Share of a side at both its ends that belongs to the corners."""
FAR: Final = 0.12
"""How far out of its box a stroke must reach to count, in sides of the box."""
SECTORS: Final = 24
"""Parts of the way around a word that are looked at for a line drawn around it."""
RING: Final = (0.85, 2.4)
"""Where a line around a word runs: distance from its middle, 1 being the zone's edge (ellipse)."""
THROUGH: Final = 0.6
"""Share of a word's width from which a line runs through it."""


def drawing_in(page: Grey, blank: Grey, zone: Box, others: Sequence[Box] = ()) -> Drawing:
    """Return what was drawn in and around the box or circle that is printed in ``zone``.

    What stands in the zones of ``others`` is theirs.
    """
    reach = AROUND * min(zone.width, zone.height)
    scene = scene_of(page, blank, zone, reach=reach)
    inside = _inside(scene)
    core = inside & ~grown(~inside, EDGE)
    side = float(np.sqrt(max(1, int(inside.sum()))))
    fullness = _fullness(scene, core)
    is_full = fullness >= FULL
    added = (scene.raw() if is_full else scene.added()) & ~theirs_in(scene, zone, others)
    within = ink_of(scene.page) & core if is_full else added & core
    outside = added & ~grown(inside, CLOSE) if is_full else added
    beyond = _beyond(outside, inside, within, side)
    area, width = max(1, int(core.sum())), stroke_width(within)
    return Drawing(
        share=max(fullness, float(within.sum()) / area) if is_full else float(within.sum()) / area,
        faint=float((scene.added(below=FAINT) & core).sum()) / area,
        span=_span(within) / side,
        length=float(within.sum()) / width / side if width else 0.0,
        beyond=float(beyond.sum()) / area,
        around=_around(added, scene.zone),
        kept=scene.kept,
        sides=frozenset(_sides(beyond, inside, side)),
    )


def _fullness(scene: Scene, core: Mask) -> float:
    """Return what share of a box is inked, whatever is printed in it."""
    room = core & ~grown(scene.printed, GROWTH)
    if room.sum() >= CROWDED * core.sum():
        return float((ink_of(scene.page) & room).sum()) / max(1, int(room.sum()))
    heavy = ink_of(scene.page) & ~scene.printed & core
    return float(heavy.sum()) / max(1, int(core.sum()))


def loop_around(page: Grey, blank: Grey, zone: Box) -> Loop:
    """Return how far a line runs around the word that is printed in ``zone``, or through it."""
    scene = scene_of(page, blank, zone, reach=1.2 * zone.height)
    added = scene.added()
    rows, columns = scene.zone
    quarter = (rows.stop - rows.start) // 4
    middle = added[rows.start + quarter : rows.stop - quarter, columns]
    through = float(middle.any(axis=0).mean()) if middle.size else 0.0
    return Loop(around=_around(added, scene.zone), through=through >= THROUGH)


def _around(added: Mask, zone: tuple[slice, slice]) -> float:
    """Return on what share of the way around a zone there is ink."""
    rows, columns = zone
    height, width = rows.stop - rows.start, columns.stop - columns.start
    y, x = np.nonzero(added)
    across = (x - columns.start - width / 2) / (width / 2 + height / 4)
    down = (y - rows.start - height / 2) / (height / 2)
    distance = np.hypot(across, down)
    there = (distance >= RING[0]) & (distance <= RING[1])
    sectors = np.floor((np.arctan2(down, across) / (2 * np.pi) + 0.5) * SECTORS).astype(int)
    covered = np.bincount(np.minimum(sectors[there], SECTORS - 1), minlength=SECTORS) > 0
    return float(covered.mean())


def _inside(scene: Scene) -> Mask:
    """Return the inside of the outline that is printed in the zone; without one, the zone."""
    zone = np.zeros(scene.printed.shape, dtype=bool)
    zone[scene.zone] = True
    labels, parts = parts_of(~scene.printed)
    rows, columns = scene.zone
    high, wide = (rows.stop - rows.start) // 5, (columns.stop - columns.start) // 5
    middle = np.zeros_like(zone)
    middle[rows.start + high : rows.stop - high, columns.start + wide : columns.stop - wide] = True
    found = np.bincount(labels[middle & ~scene.printed], minlength=len(parts))
    if not len(found[1:]):
        return zone
    best = 1 + int(found[1:].argmax())
    size = int(parts[best, cv2.CC_STAT_AREA]) / max(1, int(zone.sum()))
    if not SIZES[0] <= size <= SIZES[1]:
        return zone
    outline, _tree = cv2.findContours(
        (labels == best).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    full = np.zeros(zone.shape, dtype=np.uint8)
    cv2.drawContours(full, outline, -1, 1, -1)
    return np.asarray(full > 0)


def _beyond(added: Mask, inside: Mask, within: Mask, side: float) -> Mask:
    """Return the ink outside the box that goes on from the ink in it."""
    near = grown(inside, round(AROUND * side)) & ~inside
    labels, parts = parts_of(added & near)
    linked = np.zeros(len(parts), dtype=bool)
    linked[np.unique(labels[grown(within, BRIDGE) & near])] = True
    linked[0] = False
    return np.asarray(linked[labels])


def _sides(beyond: Mask, inside: Mask, side: float) -> list[Side]:
    """Return the sides over which a stroke leaves the box, corners left out."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    far, corner = round(FAR * side), round(MIDDLE * side)
    level, upright = slice(top + corner, bottom - corner), slice(left + corner, right - corner)
    looked = {
        Side.LEFT: beyond[level, : max(0, left - far)],
        Side.RIGHT: beyond[level, right + far :],
        Side.TOP: beyond[: max(0, top - far), upright],
        Side.BOTTOM: beyond[bottom + far :, upright],
    }
    return [name for name, strip in looked.items() if strip.any()]


def _span(ink: Mask) -> float:
    """Return the longer side of the largest part, in pixels."""
    _labels, parts = parts_of(ink)
    sizes = parts[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    return float(sizes.max()) if sizes.size else 0.0


def stroke_width(ink: Mask) -> float:
    """Return how wide the strokes are, in pixels; 0 where there are none."""
    if not ink.any():
        return 0.0
    depth = cv2.distanceTransform(ink.astype(np.uint8), cv2.DIST_L2, 3)
    return max(1.0, 4 * float(depth[ink].mean()) - 1)
