"""JPEG and PNG: one page each, upright as the camera says."""

import io
import zlib
from typing import Any, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from rpa.intake.adapters.decoding.libtiff import Libtiff
from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.raster import Page, Resolution, told_resolution
from rpa.intake.adapters.decoding.refusal import DAMAGED, Refusal
from rpa.intake.adapters.decoding.wrapped import jpeg_is_whole
from rpa.intake.structure import is_complete

_ORIENTATION: Final = 274
_QUARTER_TURNS: Final = frozenset({5, 6, 7, 8})
_BROKEN: Final = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError,
    ZeroDivisionError, UnidentifiedImageError, zlib.error, AttributeError,
)  # fmt: skip


def photo(content: bytes, kind: str, limits: DecodeLimits) -> Page:
    """Decode the one page of a ``jpeg`` or ``png``.

    Raises:
        Refusal: Damaged, cut short or too large.
    """
    image = _opened(content, kind)
    if image.width * image.height > limits.max_pixels:
        raise Refusal("page-too-large", page=1, limit=limits.max_pixels // 1_000_000)
    if not is_complete(content, kind):
        raise Refusal("incomplete")
    try:
        if kind == "png":
            _opened(content, kind).verify()  # checks what load() skips: each chunk's CRC
        elif not jpeg_is_whole(content, Libtiff()):
            raise Refusal(DAMAGED)
        return _upright(image)
    except _BROKEN as problem:
        raise Refusal(DAMAGED) from problem


def _opened(content: bytes, kind: str) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=[kind.upper()])
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
