"""Pages and crops as grey arrays: opening, cleaning, measuring ink."""

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from rpa.domain.errors import RecognitionError
from rpa.i18n import _
from rpa.ocr.api import Grey

# Pages are read side by side, one a processor: OpenCV's own threads would only wait for each other
# (two workers were 1.77 times as fast as one with them, 1.95 times without).
cv2.setNumThreads(1)

Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]
WORKING_DPI: Final = 300
INK_BELOW: Final = 140
LARGEST_LETTER: Final = 120
"""Pixels at 300 dpi: ink that is higher is no letter of running text."""
LEAST_CONTRAST: Final = 48
"""Grey levels between the darkest and the lightest pixel of an image with ink on it."""


def opened(png: bytes) -> Grey:
    """Return a page image's pixels.

    Raises:
        RecognitionError: The bytes are no image.
    """
    pixels = cv2.imdecode(np.frombuffer(png, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise RecognitionError(
            _("A page of the document is not a readable image; ask for it to be sent again."),
            code="page-unreadable",
        )
    return grey(pixels)


def as_png(image: Grey) -> bytes:
    """Return the pixels as a PNG."""
    return bytes(cv2.imencode(".png", image)[1].tobytes())


def grey(array: Any) -> Grey:
    """Return an array as 8-bit grey."""
    return np.asarray(array, dtype=np.uint8)


def has_ink(image: Grey) -> bool:
    """Say whether there is anything to read: Tesseract finds words on blank paper."""
    return image.size > 0 and int(image.max()) - int(image.min()) >= LEAST_CONTRAST


def shrunk(image: Grey, factor: float) -> Grey:
    """Return the image made smaller, each side by ``factor`` but to one pixel at least."""
    if factor >= 1:
        return image
    height, width = image.shape
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return grey(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def ground_of(image: Grey) -> Grey:
    """Return the paper's own grey, print left out, on an eighth of the image's size."""
    small = shrunk(image, 0.125)
    return grey(cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 15))


def flattened(image: Grey) -> Grey:
    """Return a grey page with an even white ground, as if it had been lit evenly.

    A bilevel page comes back as it was.
    """
    size = (image.shape[1], image.shape[0])
    ground = cv2.resize(ground_of(image), size, interpolation=cv2.INTER_LINEAR)
    return grey(cv2.divide(image, np.maximum(ground, 64), scale=255))


def is_grainy(image: Grey) -> bool:
    """Say whether the paper has a grain, as in a scanner's picture and not in a drawing."""
    return float(np.median(np.abs(cv2.Laplacian(image, cv2.CV_16S)))) > 0


def despeckled(image: Grey, *, largest: int = 2) -> Grey:
    """Return a bilevel page without specks of up to ``largest`` pixels, black or white."""
    cleaned = image.copy()
    for ink, paper in ((True, 255), (False, 0)):
        mask = ((cleaned < 128) == ink).astype(np.uint8)
        count, labels, stats, _centers = cv2.connectedComponentsWithStats(mask, connectivity=8)
        small = stats[:count, cv2.CC_STAT_AREA] <= largest
        small[0] = False
        cleaned[small[labels]] = paper
    return cleaned


def ink_of(image: Grey, *, below: int = INK_BELOW) -> Mask:
    """Return where the ink is."""
    return np.asarray(image < below)


def ink_share(page: Grey, boxes: Sequence[tuple[int, int, int, int]]) -> tuple[float, float]:
    """Return what share of the page's pixels is text-like ink: inside ``boxes``, and in all.

    Ruled lines, frames and dark areas are no text. Boxes are x0, y0, x1, y1 in pixels.
    """
    ink = ink_of(page).astype(np.uint8)
    labels, parts = parts_of(ink > 0)
    letters = (parts[:, cv2.CC_STAT_HEIGHT] <= LARGEST_LETTER) & (
        parts[:, cv2.CC_STAT_WIDTH] <= 3 * LARGEST_LETTER
    )
    letters[0] = False
    text = letters[labels]
    covered = np.zeros_like(text)
    for x0, y0, x1, y1 in boxes:
        covered[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)] = True
    return float((text & covered).mean()), float(text.mean())


def grown(mask: Mask, by: int) -> Mask:
    """Return the mask grown by ``by`` pixels on every side."""
    size = 2 * by + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((size, size), np.uint8)) > 0)


def parts_of(mask: Mask) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the connected parts of a mask: labels, and for each x, y, width, height, area."""
    _count, labels, stats, _centers = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=8
    )
    return np.asarray(labels, dtype=np.int32), np.asarray(stats, dtype=np.int32)
