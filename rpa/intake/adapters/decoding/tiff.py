"""TIFF pages, strictly: a page that isn't whole refuses the document and is named."""

import io
import math
import numbers
from collections.abc import Iterator
from typing import Any, Final

from PIL import Image, UnidentifiedImageError

from rpa.intake.adapters.decoding.class_f import fax_facts
from rpa.intake.adapters.decoding.libtiff import Libtiff
from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.raster import Page
from rpa.intake.adapters.decoding.refusal import DAMAGED, DAMAGED_PAGE, Refusal
from rpa.intake.adapters.decoding.resolution import Resolution, told_resolution
from rpa.intake.structure import TiffStructureError, tiff_has_its_end, tiff_pages

_COMPRESSION: Final = 259
_ORIENTATION: Final = 274
_X_RESOLUTION: Final = 282
_Y_RESOLUTION: Final = 283
_RESOLUTION_UNIT: Final = 296
_CENTIMETRES: Final = 3
_QUARTER_TURNS: Final = frozenset({5, 6, 7, 8})
_GROUP_3: Final = frozenset({2, 3})
_WATCHED: Final = frozenset({2, 3, 4, 6, 7})
_NOISE_ALLOWED: Final = 0.05
"""The part of a Group 3 page's lines that a bad telephone line may have spoiled."""
_BROKEN: Final = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError,
    ZeroDivisionError, UnidentifiedImageError,
)  # fmt: skip


def tiff_document(content: bytes, limits: DecodeLimits) -> Iterator[Page]:
    """Yield each page, upright as its orientation tag says.

    Raises:
        Refusal: Damaged, cut short, too many pages or a page too large.
    """
    pages = _directories(content)
    if pages > limits.max_pages:
        raise Refusal("too-many-pages", pages=pages, limit=limits.max_pages)
    if not tiff_has_its_end(content):
        raise Refusal("incomplete")
    watcher = Libtiff()
    with _opened(content) as image:
        for number in range(1, pages + 1):
            yield _page(image, number, limits=limits, watcher=watcher, content=content)


def _directories(content: bytes) -> int:
    count = 0
    try:
        for _tags in tiff_pages(content):
            count += 1
    except TiffStructureError as problem:
        broken = Refusal(DAMAGED_PAGE, page=count + 1) if count else Refusal("incomplete")
        raise broken from problem
    if not count:
        raise Refusal("no-pages")
    return count


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=["TIFF"])
    except _BROKEN as problem:
        raise Refusal(DAMAGED) from problem


def _page(
    image: Image.Image, number: int, *, limits: DecodeLimits, watcher: Libtiff, content: bytes
) -> Page:
    try:
        image.seek(number - 1)
        _check_size(image, number, limits)
        tags = _tags(image)
        is_bilevel = image.mode == "1"
        lost = _lost_lines(image, number, watcher=watcher, content=content)
        image.load()
    except _BROKEN as problem:
        raise Refusal(DAMAGED_PAGE, page=number) from problem
    said = _said_resolution(tags)
    return Page(
        image=image.copy(),
        resolution=told_resolution(said, image.width, image.height, is_bilevel=is_bilevel),
        is_bilevel=is_bilevel,
        fax=fax_facts(tags),
        lost=lost,
    )


def _check_size(image: Image.Image, number: int, limits: DecodeLimits) -> None:
    if image.width * image.height > limits.max_pixels:
        raise Refusal("page-too-large", page=number, limit=limits.max_pixels // 1_000_000)


def _lost_lines(image: Image.Image, number: int, *, watcher: Libtiff, content: bytes) -> float:
    """Return the part of a page's lines that came spoiled; 0 to 1.

    Raises:
        Refusal: More of them than a bad telephone line explains.
    """
    compression = _tags(image).get(_COMPRESSION)
    if compression not in _WATCHED:
        return 0.0
    row_bytes = (image.width + 7) // 8 if image.mode == "1" else 0
    report = watcher.damage(content, number - 1, row_bytes=row_bytes)
    lost = report.share_of(image.height)
    if lost > (_NOISE_ALLOWED if compression in _GROUP_3 else 0.0):
        raise Refusal(DAMAGED_PAGE, page=number)
    return lost


def _tags(image: Image.Image) -> dict[int, Any]:
    directory: Any = getattr(image, "tag_v2", {})
    return dict(directory)


def _said_resolution(tags: dict[int, Any]) -> Resolution:
    scale = 2.54 if tags.get(_RESOLUTION_UNIT) == _CENTIMETRES else 1.0
    said = Resolution(*(_number(tags.get(tag)) * scale for tag in (_X_RESOLUTION, _Y_RESOLUTION)))
    return said.turned() if tags.get(_ORIENTATION, 1) in _QUARTER_TURNS else said


def _number(value: Any) -> float:
    """Return a tag's rational as a number; 0 where it is none (a denominator of 0 gives NaN)."""
    number = float(value) if isinstance(value, numbers.Real) else 0.0
    return number if math.isfinite(number) else 0.0
