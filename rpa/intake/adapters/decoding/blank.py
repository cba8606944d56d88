"""Whether a page is blank: paper, its edges and specks, but nothing that anyone put on it."""

from typing import Final

import numpy as np
from PIL import Image, ImageFilter

_DPI: Final = 75.0
_MARGIN_IN: Final = 0.35
"""Left out at each edge: shadows, punched holes and a fax machine's own line."""
_DARKER: Final = 40
"""Of 255: how much darker than the paper ink is, once a pixel is a 75th of an inch."""
_MOST_INK: Final = 6
"""Pixels of a 75th of an inch: a comma has about 4, a short word about 40."""


def is_blank(image: Image.Image, dpi: float) -> bool:
    """Say whether the page has no ink; where in doubt it has some."""
    return ink(image, dpi) <= _MOST_INK


def ink(image: Image.Image, dpi: float) -> int:
    """Return how many spots of a 75th of an inch are darker than the paper around them."""
    scale = min(1.0, _DPI / dpi)
    size = (max(8, round(image.width * scale)), max(8, round(image.height * scale)))
    clean = image.filter(ImageFilter.MedianFilter(3))  # single specks of a line or a sensor
    small = np.asarray(clean.resize(size, Image.Resampling.BOX), np.int16)
    edge = round(_MARGIN_IN * min(dpi, _DPI))
    inner = small[edge:-edge, edge:-edge] if min(small.shape) > 4 * edge else small
    paper = np.asarray(
        Image.fromarray(inner.astype(np.uint8)).filter(ImageFilter.BoxBlur(12)), np.int16
    )
    return int((paper - inner > _DARKER).sum())
