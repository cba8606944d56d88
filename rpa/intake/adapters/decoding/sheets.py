"""Pages seen as sheets of a pile: separator marks on them, and whether they are blank."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import zxingcpp
from PIL import Image, ImageFilter

from rpa.intake.adapters.decoding.blank import is_blank
from rpa.intake.adapters.decoding.from_image import image_pages, square_page
from rpa.intake.adapters.decoding.from_pdf import pdf_sheets
from rpa.intake.adapters.decoding.patches import patch_codes
from rpa.intake.adapters.decoding.program import Answer, Work

_DPI: Final = 200.0
"""Patch codes and ink show at this; a page that isn't a scan is drawn so."""
_FINE_DPI: Final = 300.0
"""Small bar codes need more."""
_WIDTH_IN: Final = 8.5
"""Taken for the width of a page that doesn't say how fine it is."""
_KINDS: Final = {
    zxingcpp.BarcodeFormat.Code39: "code-39",
    zxingcpp.BarcodeFormat.Code128: "code-128",
    zxingcpp.BarcodeFormat.QRCode: "qr-code",
    zxingcpp.BarcodeFormat.DataMatrix: "data-matrix",
}
_FORMATS: Final[Any] = list(_KINDS)
_MAX_TEXT: Final = 200


def read_sheets(work: Work) -> Answer:
    """Tell of every page whether it is blank, and what marks it bears."""
    return Answer({"sheets": [_told(image, dpi) for image, dpi in _pages(work)]})


def _pages(work: Work) -> Iterator[tuple[Image.Image, float]]:
    if work.kind == "pdf":
        for sheet in pdf_sheets(work):
            yield sheet.drawn(_DPI)[:2]
        return
    for number, page in enumerate(image_pages(work), start=1):
        yield square_page(page, number, work.limits)


def _told(image: Image.Image, dpi: float) -> dict[str, Any]:
    known = dpi or image.width / _WIDTH_IN
    fine = _at_most(image, known, _FINE_DPI)
    coarse = _at_most(fine, min(known, _FINE_DPI), _DPI)
    coarse_dpi = min(known, _DPI)
    marks = [("patch", name) for name in patch_codes(coarse, coarse_dpi)]
    marks += barcodes(fine, coarse)
    return {"is_blank": not marks and is_blank(coarse, coarse_dpi), "marks": marks}


def _at_most(image: Image.Image, dpi: float, most: float) -> Image.Image:
    if dpi <= most:
        return image
    scale = most / dpi
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BOX)


def barcodes(fine: Image.Image, coarse: Image.Image) -> list[tuple[str, str]]:
    """Return kind and text of each bar code, from the top down.

    A page without any is looked at once more, coarser and with its specks taken out, as a fax line
    needs it.
    """
    return _codes_on(fine) or _codes_on(coarse.filter(ImageFilter.MedianFilter(3)))


def _codes_on(image: Image.Image) -> list[tuple[str, str]]:
    found = zxingcpp.read_barcodes(np.asarray(image), formats=_FORMATS)
    found.sort(key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    return [(_KINDS[code.format], code.text[:_MAX_TEXT]) for code in found if code.format in _KINDS]
