"""Separator sheets, drawn: patch codes and bar codes, and what machines do to them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

DPI: Final = 200
_NARROW_IN: Final = 0.08
_WIDE_IN: Final = 0.2
_EDGE_IN: Final = 0.4
_FORMATS: Final = {
    "code-39": zxingcpp.BarcodeFormat.Code39,
    "code-128": zxingcpp.BarcodeFormat.Code128,
    "qr-code": zxingcpp.BarcodeFormat.QRCode,
    "data-matrix": zxingcpp.BarcodeFormat.DataMatrix,
}


def patch_sheet(letters: str = "NWNW", *, edges: int = 4) -> Image.Image:
    """Draw four bars, narrow and wide, inward from so many edges of a Letter page."""
    sheet = Image.new("L", (round(8.5 * DPI), 11 * DPI), 255)
    for _edge in range(edges):
        sheet = sheet.rotate(90, expand=True)
        pen = ImageDraw.Draw(sheet)
        left = _EDGE_IN * DPI
        for letter in letters:
            width = DPI * (_WIDE_IN if letter == "W" else _NARROW_IN)
            pen.rectangle(
                (round(left), 1.5 * DPI, round(left + width) - 1, sheet.height - 1.5 * DPI), fill=0
            )
            left += width + _NARROW_IN * DPI
    return sheet


def coded_page(kind: str, text: str) -> Image.Image:
    """Draw a Letter page with one bar code on it."""
    code = zxingcpp.create_barcode(text, _FORMATS[kind])
    drawn = Image.fromarray(np.array(code.to_image(scale=4)))
    page = Image.new("L", (round(8.5 * DPI), 11 * DPI), 255)
    page.paste(drawn.convert("L"), (400, 500))
    return page


def noisy(page: Image.Image) -> Image.Image:
    """Return the page with one dot in a hundred turned to its contrary."""
    pixels = np.asarray(page)
    chance = np.random.default_rng(1)
    flipped = np.where(chance.random(pixels.shape) < 0.01, 255 - pixels, pixels)
    return Image.fromarray(flipped.astype(np.uint8))


def _askew(page: Image.Image, degrees: float) -> Image.Image:
    return page.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)


def _resized(page: Image.Image, across: float, down: float) -> Image.Image:
    return page.resize((round(page.width * across), round(page.height * down)))


def faxed(page: Image.Image) -> Image.Image:
    """Return the page as a fax of 204 by 98 lines sees it, made square again."""
    sent = page.resize((1728, 1078), Image.Resampling.BOX).point(lambda grey: 255 * (grey > 128))
    return sent.resize((1728, 2244), Image.Resampling.NEAREST)


def pile(*pages: Image.Image) -> Sequence[Image.Image]:
    """Return the pages as a scanner gives them: one bit a pixel."""
    return [page.convert("1", dither=Image.Dither.NONE) for page in pages]


SPOILERS: Final[Mapping[str, Callable[[Image.Image], Image.Image]]] = {
    "turned by 90": lambda page: page.rotate(90, expand=True),
    "turned by 180": lambda page: page.rotate(180, expand=True),
    "turned by 270": lambda page: page.rotate(270, expand=True),
    "askew by -6": lambda page: _askew(page, -6),
    "askew by -2": lambda page: _askew(page, -2),
    "askew by 3": lambda page: _askew(page, 3),
    "noisy": noisy,
    "faint": lambda page: page.point(lambda grey: int(165 + grey * 0.3)),
    "blurred": lambda page: page.filter(ImageFilter.GaussianBlur(1.5)),
    "faxed": faxed,
    "smaller": lambda page: _resized(page, 0.9, 0.9),
    "stretched": lambda page: _resized(page, 0.96, 1.04),
}
"""What machines do to a sheet, by name."""
