"""PDF pages that are nothing but a scan: the image itself, at its own resolution.

Drawing such a page anew at 300 dpi would blur what the scanner saw. Whether the image alone is what
the page shows is not believed but compared with a coarse drawing of the page.
"""

from typing import Any, Final

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.pdf_pages import PdfPage
from rpa.intake.adapters.decoding.raster import Page, grey
from rpa.intake.adapters.decoding.resolution import Resolution

_POINTS: Final = 72.0
_EDGE_POINTS: Final = 2.0
"""How far the image's edges may be from the page's."""
_LEAST_DPI: Final = 150.0
"""A coarser image is drawn at 300 dpi: readers do better on it."""
_MAX_STRETCH: Final = 5.0
_TILE: Final = 6
"""Pixels of the coarse drawing that are compared as one: scaling blurs strokes, not their mean."""
_MEAN_DIFFERENCE: Final = 4.0
_WORST_DIFFERENCE: Final = 32.0
"""Of 255, in one tile: a mask, a stamp or a hidden part differs more."""
_INVISIBLE: Final = 3
"""Text rendering mode 3: neither filled nor stroked (ISO 32000-2, 9.3.6), as OCR programs write."""
_TURNS: Final = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def scan_on(page: PdfPage, proof: Image.Image, limits: DecodeLimits) -> Page | None:
    """Return the one image that is the whole page, upright; None where the page is more than it.

    ``proof`` is the page drawn coarsely.
    """
    item = _only_image(page.page)
    if item is None or not _covers_page(page.page, item):
        return None
    try:
        width, height = item.get_px_size()
        if width * height > limits.max_pixels:
            return None
        image = _upright(page.page, item)
    except (pypdfium2.PdfiumError, ValueError):
        return None
    resolution = _resolution(page.page, image)
    if not _is_fine(resolution) or not _looks_like(image, proof):
        return None
    return Page(image, resolution, is_bilevel=_bits(page.page, item) == 1)


def _only_image(page: Any) -> Any:
    """Return the page's one visible object if it is an image."""
    found = None
    for item in page.get_objects(max_depth=1):
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT and _is_invisible(item):
            continue
        if item.type != pdfium.FPDF_PAGEOBJ_IMAGE or found is not None:
            return None
        found = item
    return None if pdfium.FPDFPage_GetAnnotCount(page) else found


def _is_invisible(item: Any) -> bool:
    return int(pdfium.FPDFTextObj_GetTextRenderMode(item)) == _INVISIBLE


def _covers_page(page: Any, item: Any) -> bool:
    matrix = item.get_matrix()
    is_straight = max(abs(matrix.b), abs(matrix.c)) < _EDGE_POINTS and matrix.a > 0 < matrix.d
    edges = zip(item.get_bounds(), page.get_bbox(), strict=True)
    return is_straight and all(abs(one - other) <= _EDGE_POINTS for one, other in edges)


def _upright(page: Any, item: Any) -> Image.Image:
    image: Image.Image = item.get_bitmap(render=False).to_pil()
    plain = grey(image)
    turn = _TURNS.get(page.get_rotation())
    return plain.transpose(turn) if turn is not None else plain


def _resolution(page: Any, image: Image.Image) -> Resolution:
    width, height = page.get_size()
    x, y = image.width * _POINTS / width, image.height * _POINTS / height
    return Resolution(round(x, 2), round(y, 2))


def _is_fine(resolution: Resolution) -> bool:
    x, y = resolution.x, resolution.y
    return max(x, y) >= _LEAST_DPI and max(x, y) <= _MAX_STRETCH * min(x, y)


def _looks_like(image: Image.Image, proof: Image.Image) -> bool:
    small = image.resize(proof.size, Image.Resampling.BOX)
    if min(proof.size) < _TILE:
        return False
    apart = np.abs(_tile_means(small) - _tile_means(proof))
    return bool(apart.mean() <= _MEAN_DIFFERENCE and apart.max() <= _WORST_DIFFERENCE)


def _tile_means(image: Image.Image) -> Any:
    pixels = np.asarray(image, np.float32)
    rows, columns = (length // _TILE for length in pixels.shape)
    whole = pixels[: rows * _TILE, : columns * _TILE]
    return whole.reshape(rows, _TILE, columns, _TILE).mean(axis=(1, 3))


def _bits(page: Any, item: Any) -> int:
    facts = pdfium.FPDF_IMAGEOBJ_METADATA()
    if not pdfium.FPDFImageObj_GetImageMetadata(item, page, facts):
        return 0
    return int(facts.bits_per_pixel)
