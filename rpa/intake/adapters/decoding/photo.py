"""Photographs and other single images: upright as the camera says."""

import io
import zlib
from collections.abc import Iterator
from typing import Any, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from rpa.intake.adapters.decoding.heif import HAS_HEIF
from rpa.intake.adapters.decoding.libtiff import Libtiff
from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.raster import Page
from rpa.intake.adapters.decoding.refusal import DAMAGED, Refusal
from rpa.intake.adapters.decoding.resolution import Resolution, told_resolution
from rpa.intake.adapters.decoding.wrapped import jpeg_is_whole
from rpa.intake.structure import is_complete

_FORMATS: Final = {
    "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "bmp": "BMP", "jpeg2000": "JPEG2000",
    "gif": "GIF", "heic": "HEIF",
}  # fmt: skip
_ORIENTATION: Final = 274
_QUARTER_TURNS: Final = frozenset({5, 6, 7, 8})
_BROKEN: Final = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError,
    ZeroDivisionError, UnidentifiedImageError, zlib.error, AttributeError, RuntimeError,
)  # fmt: skip


def photo_pages(content: bytes, kind: str, limits: DecodeLimits) -> Iterator[Page]:
    """Yield the pages of an image that isn't a TIFF: one, but for a HEIC that holds several.

    Raises:
        Refusal: Damaged, cut short, too large, or a moving picture.
    """
    if kind == "heic" and not HAS_HEIF:
        raise Refusal("image-kind")
    image = _opened(content, kind)
    count = _count(image, kind, limits)
    if not is_complete(content, kind):
        raise Refusal("incomplete")
    for number in range(1, count + 1):
        try:
            if count > 1:
                image.seek(number - 1)
            _check_size(image, number, limits)
            if number == 1:
                _check_whole(content, kind)
            yield _upright(image)
        except _BROKEN as problem:
            raise Refusal(DAMAGED) from problem


def _count(image: Image.Image, kind: str, limits: DecodeLimits) -> int:
    frames = 1 if kind == "jpeg" else int(getattr(image, "n_frames", 1))
    if frames > 1 and kind != "heic":
        raise Refusal("animated")
    if frames > limits.max_pages:
        raise Refusal("too-many-pages", pages=frames, limit=limits.max_pages)
    return frames


def _check_size(image: Image.Image, number: int, limits: DecodeLimits) -> None:
    if image.width * image.height > limits.max_pixels:
        raise Refusal("page-too-large", page=number, limit=limits.max_pixels // 1_000_000)


def _check_whole(content: bytes, kind: str) -> None:
    if kind == "png":
        _opened(content, kind).verify()  # checks what load() skips: each chunk's CRC
    elif kind == "jpeg" and not jpeg_is_whole(content, Libtiff()):
        raise Refusal(DAMAGED)


def _opened(content: bytes, kind: str) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=[_FORMATS[kind]])
    except _BROKEN as problem:
        raise Refusal(DAMAGED) from problem


def _upright(image: Image.Image) -> Page:
    said = _said_resolution(image)
    turn = image.getexif().get(_ORIENTATION, 1)
    is_bilevel = image.mode == "1"
    image.load()
    upright = ImageOps.exif_transpose(image)
    return Page(
        image=upright,
        resolution=told_resolution(
            said.turned() if turn in _QUARTER_TURNS else said,
            upright.width,
            upright.height,
            is_bilevel=is_bilevel,
        ),
        is_bilevel=is_bilevel,
    )


def _said_resolution(image: Image.Image) -> Resolution:
    said: Any = image.info.get("dpi")
    if not isinstance(said, tuple) or len(said) != 2:
        return Resolution()
    return Resolution(float(said[0]), float(said[1]))
