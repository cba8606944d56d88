"""Pixels made even: 8-bit grey, upright grid, square pixels, and a digest of what was decoded."""

import hashlib
import io
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image

MAX_PLAUSIBLE_DPI: Final = 4800
MIN_PLAUSIBLE_DPI: Final = 50
_FAX_WIDTHS: Final = {1728: 204, 2048: 204, 2432: 204}  # ITU-T T.4: A4, B4 and A3 at 8 pixels/mm
_SUPERFINE_HEIGHT: Final = 3300
_FINE_HEIGHT: Final = 1470  # a 7.5 inch sheet at 196 lines, a 15 inch sheet at 98
_SAME: Final = 1.005
_MAX_ASPECT: Final = 5.0


@dataclass(frozen=True, slots=True)
class Resolution:
    """Pixels to the inch across and down; 0 where not known."""

    x: float = 0.0
    y: float = 0.0

    @property
    def is_plausible(self) -> bool:
        """Say whether a scanner or fax may have made it."""
        if not all(MIN_PLAUSIBLE_DPI <= value <= MAX_PLAUSIBLE_DPI for value in (self.x, self.y)):
            return False
        return max(self.x, self.y) <= _MAX_ASPECT * min(self.x, self.y)

    def turned(self) -> "Resolution":
        """Return the resolution of the page turned by a quarter."""
        return Resolution(self.y, self.x)


@dataclass(frozen=True, slots=True)
class Page:
    """One decoded page, before it is made square."""

    image: Image.Image
    resolution: Resolution
    is_bilevel: bool


def told_resolution(said: Resolution, width: int, height: int, *, is_bilevel: bool) -> Resolution:
    """Return ``said`` if it can be true; else what a fax's width and height tell; else nothing."""
    fax_dpi = _FAX_WIDTHS.get(width, 0) if is_bilevel else 0
    if said.is_plausible and not (fax_dpi and said.x < 150):
        return said
    if not fax_dpi:
        return Resolution()
    return Resolution(fax_dpi, _fax_lines(height))


def _fax_lines(height: int) -> float:
    if height >= _SUPERFINE_HEIGHT:
        return 391.0
    return 196.0 if height >= _FINE_HEIGHT else 98.0


def grey(image: Image.Image) -> Image.Image:
    """Return ``image`` as 8-bit grey, transparency on white paper."""
    if image.mode in {"I;16", "I;16B", "I;16L", "I", "F"}:
        return _narrowed(image)
    if image.mode in {"LA", "PA", "RGBA", "La", "RGBa"} or "transparency" in image.info:
        colored = image.convert("RGBA")
        paper = Image.new("RGBA", colored.size, "white")
        paper.alpha_composite(colored)
        return paper.convert("L")
    return image if image.mode == "L" else image.convert("L")


def _narrowed(image: Image.Image) -> Image.Image:
    highest: Any = image.getextrema()[1]
    wide = image.convert("F" if image.mode == "F" else "I")
    scale = 255.0 / 65535.0 if highest > 255 else 1.0
    return wide.point(lambda value: value * scale + 0).convert("L")


def squared(page: Page) -> tuple[Image.Image, float]:
    """Return the page in grey with square pixels, and its dpi; the larger resolution is kept."""
    image = grey(page.image)
    x, y = page.resolution.x, page.resolution.y
    dpi = max(x, y)
    if not dpi or dpi <= min(x, y) * _SAME:
        return image, dpi
    size = (max(1, round(image.width * dpi / x)), max(1, round(image.height * dpi / y)))
    return image.resize(size, Image.Resampling.BICUBIC), dpi


def png(image: Image.Image) -> bytes:
    """Return ``image`` as PNG bytes; packed lightly, since they are read again at once."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


class PixelsDigest:
    """SHA-256 over decoded pages, whatever bytes and compression they came in."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()

    def add(self, page: Page) -> None:
        """Take one page in, in order."""
        image = grey(page.image)
        self._sha256.update(f"{image.width}x{image.height};".encode())
        self._sha256.update(image.tobytes())

    def value(self) -> str:
        """Return the digest of the pages so far."""
        return self._sha256.hexdigest()
