"""Pixels made even: 8-bit grey, upright grid, square pixels, and a digest of what was decoded."""

import hashlib
import io
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from PIL import Image

from rpa.domain.pages import FaxFacts
from rpa.intake.adapters.decoding.resolution import Resolution

_SAME = 1.005
_LOST_WEIGHT = 10.0
"""A page that lost a tenth of its lines is worth nothing."""


@dataclass(frozen=True, slots=True)
class Page:
    """One decoded page, before it is made square."""

    image: Image.Image
    resolution: Resolution
    is_bilevel: bool
    fax: FaxFacts | None = None
    lost: float = 0.0
    """The part of the lines that came spoiled, 0 to 1, as decoding showed it."""

    def facts(self) -> dict[str, Any]:
        """Return what is told of the page, as plain values."""
        return {
            "width": self.image.width,
            "height": self.image.height,
            "dpi_x": self.resolution.x,
            "dpi_y": self.resolution.y,
            "bilevel": self.is_bilevel,
            "quality": self._quality(),
            "pixels": pixels_of(self.image),
            "fax": None if self.fax is None else asdict(self.fax),
        }

    def _quality(self) -> float:
        said = self.fax.bad_lines if self.fax and self.fax.bad_lines else 0
        lost = max(self.lost, said / max(self.image.height, 1))
        if self.fax and self.fax.clean_data == _BAD_LINES_LEFT and not said:
            lost = max(lost, _UNCOUNTED)
        return round(max(0.0, 1.0 - _LOST_WEIGHT * lost), 3)


_BAD_LINES_LEFT = 2
_UNCOUNTED = 0.05
"""What is taken as lost where a fax machine says that lines are bad, but not how many."""


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
    return stretched(image, size), dpi


def stretched(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Resample a grey image by area to a larger size.

    Each new pixel is the mean of what it covers of the old ones, never more than two of them.
    """
    pixels = np.asarray(image)
    if size[1] > image.height:
        pixels = _by_area(pixels, size[1])
    if size[0] > image.width:
        pixels = _by_area(pixels.T, size[0]).T
    return Image.fromarray(np.ascontiguousarray(pixels))


def _by_area(pixels: Any, rows: int) -> Any:
    """Return ``pixels`` with so many rows, not fewer than it has; shares in 256ths."""
    edges = np.linspace(0, len(pixels), rows + 1)
    first = np.minimum(edges[:-1].astype(int), len(pixels) - 1)
    second = np.minimum(first + 1, len(pixels) - 1)
    covered = np.minimum(first + 1, edges[1:]) - edges[:-1]
    share = np.rint(256 * covered / np.diff(edges)).astype(np.uint16)[:, None]
    mixed = pixels[first] * share
    mixed += pixels[second] * (256 - share)
    mixed += 128
    return (mixed >> 8).astype(np.uint8)


def png(image: Image.Image) -> bytes:
    """Return ``image`` as PNG bytes; packed lightly, since they are read again at once."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def pixels_of(image: Image.Image) -> str:
    """Return the SHA-256 of the pixels, whatever bytes and compression they came in."""
    plain = grey(image)
    digest = hashlib.sha256(f"{plain.width}x{plain.height};".encode())
    digest.update(plain.tobytes())
    return digest.hexdigest()
