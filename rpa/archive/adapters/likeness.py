"""Whether a copy shows what its source shows, page by page."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rpa.domain.pages import PageImage

WIDTH: Final = 300
"""Pixels to which both pages are brought: enough for lines of text, too few for single letters."""
_FAINT: Final = 2.0
"""Below this spread of grey, of 255, a page shows nothing."""


def least_likeness(source: Sequence[PageImage], copy: Sequence[PageImage]) -> float | None:
    """Return the correlation of the least alike pair of pages, from 0 to 1.

    Two empty pages are alike (1); an empty page and one that shows something are not (0). None
    where the numbers of pages differ, or there are none.
    """
    if not source or len(source) != len(copy):
        return None
    return min(map(_likeness, source, copy))


def _likeness(one: PageImage, other: PageImage) -> float:
    with Image.open(BytesIO(one.png)) as image:
        height = max(1, round(image.height * WIDTH / image.width))
        first = _small(image, height)
    with Image.open(BytesIO(other.png)) as image:
        second = _small(image, height)
    spreads = (float(first.std()), float(second.std()))
    if max(spreads) < _FAINT:
        return 1.0
    if min(spreads) < _FAINT:
        return 0.0
    product = (first - first.mean()) * (second - second.mean())
    return max(0.0, float(product.mean()) / (spreads[0] * spreads[1]))


def _small(image: Image.Image, height: int) -> NDArray[np.float64]:
    grey = image.convert("L").resize((WIDTH, height), Image.Resampling.BOX)
    return np.asarray(grey, dtype=np.float64)
