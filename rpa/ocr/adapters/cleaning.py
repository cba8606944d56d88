"""Pages made fit to be read: specks, shadows, borders; only what helps is applied.

Which treatment a page needs is not guessed from the page. It is read as it is first; only where
little was understood is it treated and read again, and what is understood best is kept.
"""

from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np

from rpa.ocr.adapters.pixels import WORKING_DPI, despeckled, flattened, grey, ink_of, parts_of
from rpa.ocr.api import Grey

SOFTNESS: Final = 1.0
"""Deviation in pixels at 300 dpi by which a bilevel page is blurred: engines learned on greys."""
BORDER: Final = 0.6
"""Share of a side along which black touching it is the scanner's, not the page's."""
LONG_LINE: Final = 8.0
"""Length in letters' heights from which a straight stroke is a printed line."""
LETTER: Final = 32
"""Usual height in pixels of a line of text at 300 dpi."""


def prepared(pixels: Grey, *, dpi: float, bilevel: bool) -> tuple[Grey, float]:
    """Return a page as engines read it best, and by how much it was enlarged.

    A bilevel page loses specks of up to two pixels, comes to 300 dpi and gets soft edges. A grey
    page stays as it is.
    """
    if not bilevel:
        return pixels, 1.0
    scale = WORKING_DPI / dpi if 72 <= dpi < WORKING_DPI else 1.0
    clean = despeckled(pixels)
    if scale != 1.0:
        clean = grey(cv2.resize(clean, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC))
    return grey(cv2.GaussianBlur(clean, (0, 0), SOFTNESS)), scale


def without_borders(page: Grey) -> Grey:
    """Return the page without black that a scanner added along its sides."""
    dark = ink_of(page, below=96)
    labels, parts = parts_of(dark)
    height, width = page.shape
    at_side = set(labels[0]) | set(labels[-1]) | set(labels[:, 0]) | set(labels[:, -1])
    long = (parts[:, cv2.CC_STAT_WIDTH] >= BORDER * width) | (
        parts[:, cv2.CC_STAT_HEIGHT] >= BORDER * height
    )
    gone = np.array([part in at_side and long[part] and part != 0 for part in range(len(parts))])
    cleaned = page.copy()
    cleaned[gone[labels]] = 255
    return cleaned


def without_lines(page: Grey) -> Grey:
    """Return the page without long straight lines; letters that touch them stay whole."""
    ink = ink_of(page).astype(np.uint8)
    long = round(LONG_LINE * LETTER)
    lines = np.zeros_like(ink)
    for shape in ((1, long), (long, 1)):
        straight = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        across = np.ones((7, 1) if shape[0] == 1 else (1, 7), np.uint8)
        crossing = cv2.morphologyEx(cv2.subtract(ink, straight), cv2.MORPH_OPEN, across)
        near = cv2.dilate(crossing, np.ones((3, 3), np.uint8))
        lines = grey(cv2.bitwise_or(lines, cv2.subtract(straight, near)))
    cleaned = page.copy()
    cleaned[lines > 0] = 255
    return cleaned


def inverted(page: Grey) -> Grey:
    """Return the page with black and white changed over."""
    return grey(255 - page)


def heavier(page: Grey) -> Grey:
    """Return the page with thin strokes made thicker, as for a pale fax."""
    return grey(cv2.erode(page, np.ones((2, 2), np.uint8)))


def stretched(page: Grey) -> Grey:
    """Return the page with its greys spread over the whole range."""
    low, high = (float(v) for v in np.percentile(page, (1, 99)))
    if high - low < 16:
        return page
    return grey(np.clip((page.astype(np.float32) - low) * 255 / (high - low), 0, 255))


TREATMENTS: Final[Mapping[str, Callable[[Grey], Grey]]] = {
    "flattened": flattened,
    "stretched": stretched,
    "without-borders": without_borders,
    "without-lines": without_lines,
    "heavier": heavier,
    "inverted": inverted,
}
"""What may help a page that was not understood, by the name it is told under."""
