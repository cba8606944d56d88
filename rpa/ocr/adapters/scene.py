"""A zone with its surroundings, cut out of a laid page and its blank, and what was added there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from rpa.domain.geometry import Box
from rpa.ocr.adapters.alignment import shift_between
from rpa.ocr.adapters.blanks import POINT
from rpa.ocr.adapters.crops import SMALLEST_PART, place_of
from rpa.ocr.adapters.pixels import INK_BELOW, Mask, grown, ink_of, parts_of
from rpa.ocr.api import Grey

CLOSER: Final = 4
"""Pixels by which a box may still lie off after its zone was snapped to the print around it."""
GROWTH: Final = 2
"""Pixels by which a fax thickens the blank's print: what is there is no mark."""
FAINT: Final = 200
"""Grey below which there may be ink of a pencil."""
PALER: Final = 20
"""Grey levels by which the blank's print may be paler than what counts as ink on the page."""
BESIDE: Final = 3
"""Pixels more around print within which its own edge may show."""
HIDDEN: Final = 0.6
"""Share of a part that lies beside print from which it is the print's own edge."""
CLOSE: Final = 8
"""Pixels around a zone in which its own outline may be printed."""
WELL_KEPT: Final = 0.9
"""Share of a zone's print that is on the page where it is looked for."""
FARTHER: Final = 16
"""Pixels by which an outline may lie off by itself."""
LEAST_PRINT: Final = 40
"""Pixels of print by which it can be told whether a box is there."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A zone with its surroundings, cut out of page and blank at the same place."""

    page: Grey
    blank: Grey
    zone: tuple[slice, slice]
    """The zone itself within the cut."""

    @property
    def printed(self) -> Mask:
        """Where the blank has print."""
        return ink_of(self.blank)

    def added(self, *, below: int = INK_BELOW) -> Mask:
        """Return the ink that the blank does not have, without specks and edges of its print."""
        printed = ink_of(self.blank, below=below + PALER)
        labels, parts = parts_of(self.raw(below=below))
        areas = np.maximum(1, parts[:, cv2.CC_STAT_AREA])
        beside = np.bincount(labels[grown(printed, GROWTH + BESIDE)], minlength=len(parts))
        kept = (areas >= SMALLEST_PART) & (beside < HIDDEN * areas)
        kept[0] = False
        return np.asarray(kept[labels])

    def raw(self, *, below: int = INK_BELOW) -> Mask:
        """Return the ink that is not where the blank has print."""
        printed = ink_of(self.blank, below=below + PALER)
        return ink_of(self.page, below=below) & ~grown(printed, GROWTH)

    @property
    def kept(self) -> float:
        """The share of the print in and close around the zone that is on the page."""
        near = np.zeros(self.page.shape, dtype=bool)
        near[self.zone] = True
        printed = self.printed & grown(near, CLOSE)
        there = grown(ink_of(self.page, below=FAINT), GROWTH + 1)
        return float(there[printed].mean()) if printed.sum() >= LEAST_PRINT else 1.0


def scene_of(page: Grey, blank: Grey, zone: Box, *, reach: float) -> Scene:
    """Return a zone (points) with so many points around it, snapped to the print there."""
    around = Box(x0=zone.x0 - reach, y0=zone.y0 - reach, x1=zone.x1 + reach, y1=zone.y1 + reach)
    place = place_of(page, blank, around)
    x, y = shift_between(ink_of(place.blank), ink_of(place.page), reach=CLOSER)
    moved = np.roll(place.page, (-y, -x), axis=(0, 1))
    margin = round(reach * POINT)
    rows, columns = place.zone
    inner = (
        slice(max(0, rows.start + margin), rows.stop - margin),
        slice(max(0, columns.start + margin), columns.stop - margin),
    )
    scene = Scene(moved, place.blank, inner)
    return scene if scene.kept >= WELL_KEPT else _on_its_outline(scene)


def _on_its_outline(scene: Scene) -> Scene:
    """Return a scene laid on the outline in its zone alone, if that is found nearby.

    Where a program fills a form, a box may move with the text before it.
    """
    away = CLOSE + FARTHER
    rows, columns = (slice(max(0, edge.start - away), edge.stop + away) for edge in scene.zone)
    here = scene.blank[rows, columns], scene.page[rows, columns]
    x, y = shift_between(ink_of(here[0]), ink_of(here[1]), reach=FARTHER)
    again = Scene(np.roll(scene.page, (-y, -x), axis=(0, 1)), scene.blank, scene.zone)
    return again if again.kept >= WELL_KEPT else scene


def theirs_in(scene: Scene, zone: Box, others: Sequence[Box]) -> Mask:
    """Return what belongs to the zones of others that do not lie on this one."""
    theirs = np.zeros(scene.page.shape, dtype=bool)
    rows, columns = scene.zone
    for other in others:
        x0, y0, x1, y1 = (
            round(edge * POINT)
            for edge in (
                other.x0 - zone.x0,
                other.y0 - zone.y0,
                other.x1 - zone.x0,
                other.y1 - zone.y0,
            )
        )
        apart = max(other.x0 - zone.x1, zone.x0 - other.x1, other.y0 - zone.y1, zone.y0 - other.y1)
        if apart >= 0:
            level = slice(max(0, rows.start + y0), max(0, rows.start + y1))
            theirs[level, max(0, columns.start + x0) : max(0, columns.start + x1)] = True
    return theirs
