"""Sheets of paper as telephones photograph them: on a dark table, from an angle."""

from typing import Final

import cv2
import numpy as np

from rpa.ocr.adapters.pixels import grey
from rpa.ocr.api import Grey

SIZE: Final = (1300, 1500)
"""Width and height of the picture, in pixels."""
CORNERS: Final = ((190.0, 140.0), (1090.0, 190.0), (1180.0, 1390.0), (110.0, 1330.0))
"""Where the sheet's corners are on the picture: clockwise from its top left."""
TABLE: Final = 55
"""Grey level of the table."""


def photographed(page: Grey) -> Grey:
    """Return a picture of the page, in perspective, on a table."""
    width, height = SIZE
    there = forth(page)
    seen = cv2.warpPerspective(page, there, SIZE, flags=cv2.INTER_AREA, borderValue=0)
    sheet = cv2.warpPerspective(np.full_like(page, 255), there, SIZE, borderValue=0)
    table = np.full((height, width), TABLE, np.uint8)
    return grey(np.where(sheet > 127, seen * 0.9, table))


def forth(page: Grey) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return the three by three matrix from the page's pixels to those of its picture."""
    height, width = page.shape
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, np.array(CORNERS, np.float32))
    return np.asarray(matrix, dtype=np.float64)
