"""What signatures and stamps left in a zone, measured; and what runs across other fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rpa.domain.geometry import Box
from rpa.ocr.adapters.blanks import POINT
from rpa.ocr.adapters.crops import lines_of, place_of
from rpa.ocr.adapters.handwriting import written
from rpa.ocr.adapters.marks import stroke_width
from rpa.ocr.adapters.pixels import Labels, Mask, grown, ink_of, parts_of, shrunk
from rpa.ocr.adapters.scene import GROWTH, HIDDEN, Scene, scene_of, theirs_in
from rpa.ocr.api import Grey
from rpa.ocr.traces import Trace

REACH: Final = 30.0
"""Points around its zone in which a signature is followed."""
LEAST_SPAN: Final = 8
"""Pixels: smaller parts are dust."""
MENDED: Final = 5
"""Pixels by which a stamp's line may be broken."""
FRAME: Final = (100, 50)
"""Width and height in pixels from which a closed line may be a stamp's."""
HOLLOW: Final = (0.55, 0.6)
"""A frame fills so much of its place at least, and is inked so far at most."""
CONTENT: Final = 3
"""Parts inside a frame, at least."""
LETTER: Final = (12, 90)
"""Heights of letters in pixels."""
LEANING: Final = 4.0
"""Degrees by which lines of letters lean that no scanner turned."""
BEYOND: Final = 24.0
"""Points around a field in which a stroke that runs across it is looked for."""
SIDE: Final = 12
"""Pixels that letters may stand out of their field above or below."""
SHARED: Final = 60
"""Pixels of ink inside a field, and beyond it, that make a stroke run across it."""
WIDE: Final = 45
TALL: Final = 100
"""Pixels: a stroke across is as wide, or so much higher than its field; two letters are not."""
BRIDGE: Final = 13
"""Pixels of a printed line that a stroke is joined across."""
HALF: Final = POINT / 2
"""Pixels to the point at half the resolution."""
PALE: Final = 170
PRINTED: Final = 5
"""Pixels at half the resolution around print in which a part is the print itself, a little off."""


def trace_in(page: Grey, blank: Grey, zone: Box, others: Sequence[Box] = ()) -> Trace:
    """Return what was left in ``zone``; what stands in the zones of ``others`` is theirs."""
    scene = scene_of(page, blank, zone, reach=REACH)
    added = _strokes(scene.added() & ~theirs_in(scene, zone, others))
    labels, _parts = parts_of(added)
    touching = np.zeros(labels.max() + 1, dtype=bool)
    touching[np.unique(labels[scene.zone])] = True
    touching[0] = False
    ink = np.asarray(touching[labels])
    inside = np.zeros_like(ink)
    inside[scene.zone] = ink[scene.zone]
    width = stroke_width(inside)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return Trace(
        length=float(inside.sum()) / width / POINT if width else 0.0,
        width=(columns[-1] + 1 - columns[0]) / POINT if columns.size else 0.0,
        height=(rows[-1] + 1 - rows[0]) / POINT if rows.size else 0.0,
        inside=float(inside.sum()) / max(1, int(ink.sum())),
        letters=int(_letters(ink).shape[0]),
        fullness=float(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].mean())
        if rows.size
        else 0.0,
        framed=bool(_frames(added)),
        leans=_leans(ink),
        written=written(lines_of(place_of(page, blank, zone)).strips) if width else None,
        box=_where(scene, zone, rows, columns),
    )


@dataclass(frozen=True, eq=False)
class PageInk:
    """The ink that was added to a page, at half its resolution, without edges of its print."""

    ink: Mask

    def large(self) -> list[Box]:
        """Return the places (points) of parts that are larger than letters."""
        _labels, parts = parts_of(self.ink)
        widths, heights = parts[:, cv2.CC_STAT_WIDTH], parts[:, cv2.CC_STAT_HEIGHT]
        kept = (widths >= WIDE // 2) | (heights >= TALL // 2)
        kept[0] = False
        return [
            Box(x0=x, y0=y, x1=x + w, y1=y + h).scaled(1 / HALF)
            for x, y, w, h, _area in parts[kept].tolist()
        ]


def stamps_on(page: Grey, blank: Grey) -> list[Box]:
    """Return the places (points) of framed stamps anywhere on a laid page."""
    printed = ink_of(blank, below=PALE)
    labels, parts = parts_of(ink_of(page) & ~grown(printed, 2 * GROWTH))
    beside = np.bincount(labels[grown(printed, 2 * PRINTED)], minlength=len(parts))
    kept = beside < HIDDEN * np.maximum(1, parts[:, cv2.CC_STAT_AREA])
    kept[0] = False
    return [
        Box(x0=x, y0=y, x1=x + w, y1=y + h).scaled(1 / POINT)
        for x, y, w, h in _frames(np.asarray(kept[labels]))
    ]


def page_ink(page: Grey, blank: Grey) -> PageInk:
    """Return the ink added to a laid page."""
    printed = ink_of(shrunk(blank, 0.5), below=PALE)
    added = ink_of(shrunk(page, 0.5), below=PALE) & ~grown(printed, GROWTH)
    labels, parts = parts_of(added)
    beside = np.bincount(labels[grown(printed, PRINTED)], minlength=len(parts))
    kept = beside < HIDDEN * np.maximum(1, parts[:, cv2.CC_STAT_AREA])
    kept[0] = False
    own = np.asarray(kept[labels])
    upright = np.ones((BRIDGE // 2 + 1, 1), np.uint8)
    bridged = cv2.morphologyEx(own.astype(np.uint8), cv2.MORPH_CLOSE, upright) > 0
    return PageInk(own | (bridged & grown(printed, GROWTH)))


def is_crossed(page: Grey, blank: Grey, zone: Box) -> bool:
    """Say whether a stroke runs across ``zone`` from above or below, as of a signature."""
    scene = scene_of(page, blank, zone, reach=BEYOND)
    added = _strokes(scene.added())
    upright = np.ones((BRIDGE, 1), np.uint8)
    bridged = cv2.morphologyEx(added.astype(np.uint8), cv2.MORPH_CLOSE, upright) > 0
    labels, parts = parts_of(added | (bridged & grown(scene.printed, GROWTH)))
    rows, columns = scene.zone
    within, beyond = np.zeros_like(added), np.zeros_like(added)
    within[scene.zone] = True
    beyond[:, columns] = True
    beyond[max(0, rows.start - SIDE) : rows.stop + SIDE] = False
    inked = [np.bincount(labels[added & where], minlength=len(parts)) for where in (within, beyond)]
    widths, heights = parts[:, cv2.CC_STAT_WIDTH], parts[:, cv2.CC_STAT_HEIGHT]
    across = (inked[0] >= SHARED) & (inked[1] >= SHARED)
    across &= (widths >= WIDE) | (heights >= rows.stop - rows.start + TALL)
    return bool(across[1:].any())


def _strokes(added: Mask) -> Mask:
    """Return the ink without dust."""
    labels, parts = parts_of(added)
    kept = parts[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) >= LEAST_SPAN
    kept[0] = False
    return np.asarray(kept[labels])


def _letters(ink: Mask) -> Labels:
    _labels, parts = parts_of(ink)
    low, high = LETTER
    heights = parts[:, cv2.CC_STAT_HEIGHT]
    fits = (low <= heights) & (heights <= high) & (parts[:, cv2.CC_STAT_WIDTH] <= 2 * high)
    fits[0] = False
    return np.asarray(parts[fits], dtype=np.int32)


def _leans(ink: Mask) -> bool:
    """Say whether letters stand on leaning lines."""
    letters = _letters(ink)
    if len(letters) < 5:
        return False
    x = letters[:, 0] + letters[:, 2] / 2
    foot = letters[:, 1] + letters[:, 3]
    order = np.argsort(x)
    across, down = np.diff(x[order]), np.diff(foot[order])
    near = (across > 4) & (np.abs(down) < 0.6 * float(np.median(letters[:, 3])))
    if near.sum() < 4:
        return False
    return abs(float(np.degrees(np.arctan(np.median(down[near] / across[near]))))) >= LEANING


def _frames(added: Mask) -> list[tuple[int, int, int, int]]:
    """Return the places (x, y, width, height) of closed lines around other ink."""
    whole = cv2.morphologyEx(
        added.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((MENDED, MENDED), np.uint8)
    )
    labels, parts = parts_of(whole > 0)
    found = []
    for number, (x, y, width, height, area) in enumerate(parts.tolist()):
        if number == 0 or width < FRAME[0] or height < FRAME[1]:
            continue
        cut = labels[y : y + height, x : x + width]
        outline, _tree = cv2.findContours(
            (cut == number).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
        )
        full = np.zeros(cut.shape, np.uint8)
        cv2.drawContours(full, outline, -1, 1, -1)
        others = np.unique(cut[(full > 0) & (cut != number) & (cut > 0)])
        share, inked = full.sum() / (width * height), area / max(1, int(full.sum()))
        if share >= HOLLOW[0] and inked <= HOLLOW[1] and len(others) >= CONTENT:
            found.append((x, y, width, height))
    return found


def _where(
    scene: Scene, zone: Box, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> Box | None:
    """Return where the ink is on the blank, in points."""
    if not rows.size:
        return None
    top, left = scene.zone[0].start, scene.zone[1].start
    return Box(
        x0=round(zone.x0 + (int(columns[0]) - left) / POINT, 1),
        y0=round(zone.y0 + (int(rows[0]) - top) / POINT, 1),
        x1=round(zone.x0 + (int(columns[-1]) + 1 - left) / POINT, 1),
        y1=round(zone.y0 + (int(rows[-1]) + 1 - top) / POINT, 1),
    )
