"""A sheet of paper photographed on a table: its outline, and the picture as if scanned."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rpa.ocr.adapters.pixels import grey, shrunk
from rpa.ocr.api import Grey

SKETCH_SIDE: Final = 600
SHARES: Final = (0.25, 0.97)
"""Shares of the picture that a sheet may fill; more is a scan."""
CONTRAST: Final = 25
"""Grey levels by which the sheet must be lighter than what it lies on, at its edge."""
NEAR: Final = 8
"""Pixels of the sketch to both sides of the edge that are compared: light that fades is no edge."""


def squared(picture: Grey) -> tuple[Grey, NDArray[np.float64] | None]:
    """Return the sheet alone, seen from straight above, and how to get back to the picture.

    The picture itself, and None, where no sheet of paper stands out in it.
    """
    corners = _corners(picture)
    if corners is None:
        return picture, None
    top = np.linalg.norm(corners[1] - corners[0])
    bottom = np.linalg.norm(corners[2] - corners[3])
    left = np.linalg.norm(corners[3] - corners[0])
    right = np.linalg.norm(corners[2] - corners[1])
    width, height = round(float(max(top, bottom))), round(float(max(left, right)))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    forth = cv2.getPerspectiveTransform(corners, flat)
    sheet = cv2.warpPerspective(
        picture, forth, (width, height), flags=cv2.INTER_CUBIC, borderValue=255
    )
    return grey(sheet), np.asarray(np.linalg.inv(forth), dtype=np.float64)


def _corners(picture: Grey) -> NDArray[np.float32] | None:
    shrink = min(1.0, SKETCH_SIDE / max(picture.shape))
    sketch = shrunk(picture, shrink)
    # Print is closed over, so that the sheet is one light patch.
    sketch = grey(cv2.morphologyEx(sketch, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)))
    sketch = grey(cv2.GaussianBlur(sketch, (0, 0), 2))
    level, light = cv2.threshold(sketch, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    contours, _tree = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    sheet = max(contours, key=cv2.contourArea)
    inside = grey(np.zeros_like(light))
    cv2.drawContours(inside, [sheet], -1, 255, -1)
    share = float((inside > 0).mean())
    if not SHARES[0] <= share <= SHARES[1] or level < 1:
        return None
    lighter = _step(sketch, inside)
    outline = cv2.approxPolyDP(
        cv2.convexHull(sheet), 0.02 * cv2.arcLength(sheet, closed=True), closed=True
    )
    if lighter < CONTRAST or len(outline) != 4 or not cv2.isContourConvex(outline):
        return None
    # A sheet that lost a part of its outline would be cut: its hull must be what it fills.
    if cv2.contourArea(sheet) < 0.93 * cv2.contourArea(outline):
        return None
    return _in_order(outline.reshape(4, 2).astype(np.float32) / shrink)


def _step(sketch: Grey, inside: Grey) -> float:
    """Return by how much it is lighter just inside than just outside."""
    near = np.ones((2 * NEAR + 1, 2 * NEAR + 1), np.uint8)
    within = (inside > 0) & (cv2.erode(inside, near) == 0)
    without = (inside == 0) & (cv2.dilate(inside, near) > 0)
    return float(sketch[within].mean()) - float(sketch[without].mean())


def _in_order(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return four corners clockwise from the top left one."""
    total, difference = points.sum(axis=1), points[:, 1] - points[:, 0]
    order = [total.argmin(), difference.argmin(), total.argmax(), difference.argmax()]
    return np.asarray(points[order], dtype=np.float32)
