"""Handwriting and print told apart by the shapes of an answer, whatever its letters are.

Print stands on one line, has few heights, and strokes that run level and upright; a hand leans,
wavers and joins its letters. The weights are fitted to faxed forms, typed forms and registers
written by hand, see ``docs/benchmarks.md``.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import combinations
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rpa.domain.reading import Written
from rpa.ocr.adapters.crops import SMALLEST_PART
from rpa.ocr.adapters.pixels import Mask, ink_of, parts_of
from rpa.ocr.api import Grey

Floats = NDArray[np.float64]
LEAST_LETTERS: Final = 4
"""Parts of a line from which its letters can be compared."""
JOINED: Final = 1.3
"""Mean width of a few parts to their height, from which they are letters joined by a hand."""
LETTER: Final = 0.45
"""Share of the line's height from which a part is a letter and no mark."""
ON_LINE: Final = 0.06
ALIKE: Final = 0.045
"""Shares of the line's height by which letters may stand off the line, or differ in height."""
STEEPEST: Final = 0.05
"""Slope of a line of print that was laid on its blank, at most."""
STRAIGHT: Final = 8.0
"""Degrees by which an edge may lean and count as level or upright."""
EDGE: Final = 50.0
BY_HAND: Final = -0.3
"""Score from which an answer is written by hand: two typed ones in a thousand come so high."""
CONSTANT: Final = 7.008


@dataclass(frozen=True, slots=True)
class Shapes:
    """How the parts of a line look."""

    on_line: float
    """Share of the letters that stand on the line."""
    alike: float
    """Share of the letters as high as another one."""
    spread: float
    """Of the letters' heights, to the height of the line."""
    wavering: float
    """Of the strokes' width: standard deviation to mean."""
    straight: float
    """Share of the edges that are level or upright."""
    upright: float
    """Share of the edges that are upright."""
    widest: float
    """Logarithm of the widest part's width to the line's height."""
    count: int
    """Letters seen."""
    width: float
    """Mean width of the letters to the height of the line."""

    @property
    def score(self) -> float:
        """How much speaks for a hand: the logarithm of the odds."""
        return CONSTANT + float(np.dot(WEIGHTS, astuple(self)[: len(WEIGHTS)]))


WEIGHTS: Final = (-1.95, -4.944, 9.251, -4.052, -11.843, -3.318, 1.554)
"""Of the shapes, in their order."""


def written(strips: Sequence[Grey]) -> Written | None:
    """Say whether lines of an answer are written by hand or printed; None where it is too short."""
    told = [shapes for shapes in (shapes_of(ink_of(strip)) for strip in strips) if shapes]
    long = [shapes for shapes in told if shapes.count >= LEAST_LETTERS]
    if any(shapes.width >= JOINED for shapes in told if shapes not in long):
        return Written.HAND
    if not long:
        return None
    score = np.average([shapes.score for shapes in long], weights=[one.count for one in long])
    return Written.HAND if score > BY_HAND else Written.PRINT


def shapes_of(ink: Mask) -> Shapes | None:
    """Return how the parts of a line look; None where there are none."""
    _labels, parts = parts_of(ink)
    parts = parts[1:][parts[1:, cv2.CC_STAT_AREA] >= SMALLEST_PART]
    if not len(parts):
        return None
    tall = float(np.percentile(parts[:, cv2.CC_STAT_HEIGHT], 90))
    letters = parts[parts[:, cv2.CC_STAT_HEIGHT] >= LETTER * tall]
    lefts, tops, widths, heights = letters[:, :4].astype(np.float64).T
    off = np.abs(_off_line(lefts + widths / 2, tops + heights, tall)) / tall
    high = heights / tall
    alike = [float(np.sum(np.abs(high - one) < ALIKE) > 1) for one in high]
    straight, upright = _edges(ink)
    return Shapes(
        on_line=float(np.mean(off < ON_LINE)),
        alike=float(np.mean(alike)) if len(high) > 1 else 0.5,
        spread=float(heights.std()) / tall,
        wavering=_wavering(ink),
        straight=straight,
        upright=upright,
        widest=float(np.log(widths.max() / tall)),
        count=len(letters),
        width=float(widths.mean()) / tall,
    )


def _off_line(middles: Floats, feet: Floats, tall: float) -> Floats:
    """Return how far letters stand off the line through their feet (Theil and Sen)."""
    pairs = combinations(range(len(feet)), 2)
    slopes = [
        (feet[b] - feet[a]) / (middles[b] - middles[a])
        for a, b in pairs
        if abs(middles[b] - middles[a]) > tall / 2
    ]
    slope = float(np.clip(np.median(slopes), -STEEPEST, STEEPEST)) if slopes else 0.0
    rest = feet - slope * middles
    return np.asarray(rest - np.median(rest), dtype=np.float64)


def _wavering(ink: Mask) -> float:
    depth = cv2.distanceTransform(ink.astype(np.uint8), cv2.DIST_L2, 5)
    ridge = (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)) - 1e-6) & (depth >= 1)
    radii = depth[ridge]
    return float(radii.std() / radii.mean()) if radii.size else 0.0


def _edges(ink: Mask) -> tuple[float, float]:
    """Return the shares of the edges that are level or upright, and that are upright."""
    soft = cv2.GaussianBlur(np.where(ink, 0, 255).astype(np.float32), (0, 0), 1.5)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    strength = np.hypot(across, down)
    there = strength > EDGE
    weight, total = strength[there], max(1.0, float(strength[there].sum()))
    lean = np.degrees(np.arctan2(down, across))[there] % 180
    upright = float(weight[(lean < STRAIGHT) | (lean > 180 - STRAIGHT)].sum())
    level = float(weight[np.abs(lean - 90) < STRAIGHT].sum())
    return (level + upright) / total, upright / total
