"""The straight lines drawn on a page, by its pixels: scans and digital pages alike."""

from typing import Final

import cv2
import numpy as np

from rpa.domain.geometry import Box
from rpa.ocr.adapters.pixels import grey, ink_of, parts_of
from rpa.ocr.adapters.posture import Posture, righted
from rpa.ocr.api import Grey, PageText
from rpa.ocr.unknown.tables import Rules

SHARE: Final = 40
"""A line is as long as one part in so many of the page's longer side, at least."""
THICKEST: Final = 14
"""Pixels; what is thicker is a bar, not a line."""
BROKEN: Final = 5
"""Pixels by which a line may be broken."""


def rules_on(page: Grey, text: PageText) -> Rules:
    """Return the lines of a page as they lie when it is turned upright and straight."""
    pixels = righted(page, Posture(text.turn, text.skew)).pixels
    ink = ink_of(pixels, below=170).astype(np.uint8)
    least = max(24, max(pixels.shape) // SHARE)
    return Rules(level=_lines(ink, (1, least)), upright=_lines(ink, (least, 1)))


def _lines(ink: Grey, shape: tuple[int, int]) -> tuple[Box, ...]:
    level = shape[0] == 1
    mended = cv2.morphologyEx(
        ink, cv2.MORPH_CLOSE, np.ones((1, BROKEN) if level else (BROKEN, 1), np.uint8)
    )
    straight = grey(cv2.morphologyEx(mended, cv2.MORPH_OPEN, np.ones(shape, np.uint8)))
    _labels, parts = parts_of(straight > 0)
    boxes = [Box(x0=x, y0=y, x1=x + w, y1=y + h) for x, y, w, h, _area in parts[1:].tolist()]
    return tuple(box for box in boxes if (box.height if level else box.width) <= THICKEST)
