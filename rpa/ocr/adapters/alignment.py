"""Laying a page image on the blank of its form, whatever its size, skew or orientation."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rpa.ocr.adapters.pixels import Mask, grey, ink_of
from rpa.ocr.api import Grey

SKETCH_SIDE: Final = 1650
"""Longer side of a sketch in pixels: 150 dpi for a Letter page."""
POINTS: Final = 4000
LEAST_INLIERS: Final = 40
RATIO: Final = 0.8
TILE_WIDTH: Final = 64
TILE_HEIGHT: Final = 24
SLACK: Final = 4
"""Pixels by which a tile of the blank may lie off on the page."""
BLANK_INK, PAGE_INK = 150, 170
"""Greys below which a sketch has ink; a page's is taken generously."""
PRINT: Final = (0.03, 0.97)
"""Between these shares of ink, a tile has print."""
FOUND: Final = 0.7
"""Share of a tile's print from which it is there."""
ALIKE: Final = 0.6
"""Correlation from which a tile counts as the same print."""
REACH: Final = 5.0
"""Pixels of a sketch by which two points that match may miss each other."""

Affine = NDArray[np.float64]
"""Two rows by three columns: x, y, 1 of one image to x, y of another."""


@dataclass(frozen=True, eq=False)
class Sketch:
    """A page made small, with the points by which it is known again."""

    scale: float
    """Pixels of the sketch to one pixel of the page."""
    pixels: Grey
    places: NDArray[np.float32]
    marks: NDArray[np.uint8]
    strengths: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Alignment:
    """How a page lies on a blank."""

    onto_blank: Affine
    """From the page's pixels to the rendered blank's."""
    inliers: int
    agreement: float
    """Share of the blank's print found again in its place on the page, tile by tile; 0 to 1."""


def sketch_of(page: Grey) -> Sketch:
    """Return the sketch of a page."""
    scale = SKETCH_SIDE / max(page.shape)
    shrinking = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=shrinking)
    small = cv2.GaussianBlur(small, (0, 0), 1.2)
    finder = cv2.ORB.create(nfeatures=POINTS, scaleFactor=1.25, nlevels=6, fastThreshold=12)
    found, marks = finder.detectAndCompute(small, None)
    places = np.array([point.pt for point in found], dtype=np.float32).reshape(-1, 2)
    nothing = np.empty((0, 32), dtype=np.uint8)
    strengths = np.array([point.response for point in found], dtype=np.float32)
    return Sketch(scale, grey(small), places, grey(marks) if found else nothing, strengths)


def aligned(page: Sketch, blank: Sketch) -> Alignment | None:
    """Return how ``page`` lies on ``blank``, or None if it does not."""
    if len(page.marks) < LEAST_INLIERS or len(blank.marks) < LEAST_INLIERS:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(blank.marks, page.marks, k=2)
    good = [first for first, second in pairs if first.distance < RATIO * second.distance]
    if len(good) < LEAST_INLIERS:
        return None
    there = np.array([blank.places[match.queryIdx] for match in good])
    here = np.array([page.places[match.trainIdx] for match in good])
    cv2.setRNGSeed(7)
    found, kept = cv2.estimateAffine2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=REACH, maxIters=3000
    )
    matrix, inliers = np.asarray(found, dtype=np.float64), int(np.count_nonzero(kept))
    if inliers < LEAST_INLIERS or not _is_plausible(matrix):
        return None
    return Alignment(
        onto_blank=_rescaled(matrix, page.scale, blank.scale),
        inliers=inliers,
        agreement=_agreement(page, blank, matrix),
    )


def missing_print(page: Sketch, blank: Sketch, found: Alignment) -> float:
    """Return the share of the blank's print that is not on the page, tile by tile; 0 to 1.

    What was added to the page does not count, nor print beyond its edge. Another edition of a form
    lacks some of the blank's print, however alike the two are: measured on faxes, the form itself
    lacks nothing and a sister edition one to three tiles in a hundred.
    """
    height, width = blank.pixels.shape
    matrix = _rescaled(found.onto_blank, 1 / page.scale, 1 / blank.scale)
    moved = grey(cv2.warpAffine(page.pixels, matrix, (width, height), borderValue=255))
    sheet = np.full(page.pixels.shape, 255, np.uint8)
    inside = grey(cv2.warpAffine(sheet, matrix, (width, height), borderValue=0))
    printed = ink_of(blank.pixels, below=BLANK_INK).astype(np.float32)
    ink = ink_of(moved, below=PAGE_INK).astype(np.float32)
    there = np.asarray(cv2.dilate(ink, np.ones((3, 3), np.uint8)), dtype=np.float32)
    shares = [
        _share_found(printed, there, x, y)
        for x, y in _tiles(blank.pixels)
        if inside[y : y + TILE_HEIGHT, x : x + TILE_WIDTH].min() == 255
    ]
    return float(np.mean(np.array(shares) < FOUND)) if shares else 1.0


def _share_found(printed: NDArray[np.float32], there: NDArray[np.float32], x: int, y: int) -> float:
    tile = printed[y : y + TILE_HEIGHT, x : x + TILE_WIDTH]
    around = there[y - SLACK : y + TILE_HEIGHT + SLACK, x - SLACK : x + TILE_WIDTH + SLACK]
    ink = float(tile.sum())
    return float(cv2.matchTemplate(around, tile, cv2.TM_CCORR).max()) / ink if ink else 1.0


def laid(page: Grey, alignment: Alignment, blank: Grey) -> Grey:
    """Return the page's pixels in the frame of its blank."""
    height, width = blank.shape
    return grey(
        cv2.warpAffine(
            page,
            alignment.onto_blank,
            (width, height),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=255,
        )
    )


def shift_between(blank: Mask, page: Mask, *, reach: int) -> tuple[int, int]:
    """Return by how many pixels (x, y) ``page`` lies off ``blank``, looking up to ``reach`` far.

    Both are the same place, cut alike; ``(0, 0)`` where the blank has too little print to tell.
    """
    inner = blank[reach:-reach, reach:-reach].astype(np.float32)
    if min(inner.shape, default=0) < 2 * reach or inner.sum() < 4 * reach:
        return 0, 0
    found = cv2.matchTemplate(page.astype(np.float32), inner, cv2.TM_CCORR)
    _low, best, _low_place, (x, y) = cv2.minMaxLoc(found)
    if best < 1.05 * found[reach, reach]:
        return 0, 0
    return x - reach, y - reach


def _is_plausible(matrix: Affine) -> bool:
    stretch = np.linalg.svd(matrix[:, :2], compute_uv=False)
    upright = np.linalg.det(matrix[:, :2]) > 0
    return bool(upright and stretch[1] > 0.4 and stretch[0] < 2.5 and stretch[0] < 1.5 * stretch[1])


def _rescaled(matrix: Affine, page_scale: float, blank_scale: float) -> Affine:
    turned = matrix[:, :2] * page_scale / blank_scale
    return np.hstack([turned, matrix[:, 2:] / blank_scale])


def _agreement(page: Sketch, blank: Sketch, matrix: Affine) -> float:
    height, width = blank.pixels.shape
    moved = grey(cv2.warpAffine(page.pixels, matrix, (width, height), borderValue=255))
    alike = [
        _likeness(blank.pixels, moved, (x, y, x + TILE_WIDTH, y + TILE_HEIGHT))
        for x, y in _tiles(blank.pixels)
    ]
    return float(np.mean(np.array(alike) > ALIKE)) if alike else 0.0


def _tiles(blank: Grey) -> Iterator[tuple[int, int]]:
    """Yield the top left corners of the tiles that have print."""
    height, width = blank.shape
    rows = max(0, (height - 2 * SLACK - 1) // TILE_HEIGHT)
    columns = max(0, (width - 2 * SLACK - 1) // TILE_WIDTH)
    ink = ink_of(blank)[SLACK : SLACK + rows * TILE_HEIGHT, SLACK : SLACK + columns * TILE_WIDTH]
    shares = ink.reshape(rows, TILE_HEIGHT, columns, TILE_WIDTH).mean(axis=(1, 3))
    for row, column in np.argwhere((shares > PRINT[0]) & (shares < PRINT[1])).tolist():
        yield SLACK + column * TILE_WIDTH, SLACK + row * TILE_HEIGHT


def _likeness(blank: Grey, page: Grey, place: tuple[int, int, int, int]) -> float:
    x0, y0, x1, y1 = place
    around = page[y0 - SLACK : y1 + SLACK, x0 - SLACK : x1 + SLACK]
    return float(cv2.matchTemplate(around, blank[y0:y1, x0:x1], cv2.TM_CCOEFF_NORMED).max())
