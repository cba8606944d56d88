"""Reads a TIFF or another image: pages, their facts and their pixels."""

from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageFile

from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.photo import photo_pages
from rpa.intake.adapters.decoding.program import Answer, Work
from rpa.intake.adapters.decoding.raster import Page, png, squared
from rpa.intake.adapters.decoding.refusal import Refusal
from rpa.intake.adapters.decoding.tiff import tiff_document

Image.MAX_IMAGE_PIXELS = None  # our own limit speaks, with the page's number


def read_image(work: Work) -> Answer:
    """Decode every page; draw the PNGs only where they are wanted."""
    record: dict[str, Any] = {"pages": [], "images": []}
    return Answer(record, _drawn(work, record))


def _drawn(work: Work, record: dict[str, Any]) -> Iterator[bytes]:
    for number, page in enumerate(image_pages(work), start=1):
        record["pages"].append(page.facts())
        if work.wants_pixels:
            image, dpi = square_page(page, number, work.limits)
            record["images"].append({"dpi": dpi, "bilevel": page.is_bilevel})
            yield png(image)


def square_page(page: Page, number: int, limits: DecodeLimits) -> tuple[Image.Image, float]:
    """Return page ``number`` in grey with square pixels, and its dpi.

    Raises:
        Refusal: It has too many pixels then.
    """
    x, y = page.resolution.x or 1.0, page.resolution.y or 1.0
    stretch = max(x, y) / min(x, y)
    if page.image.width * page.image.height * stretch > 5 * limits.max_pixels:
        raise Refusal("page-too-large", page=number, limit=limits.max_pixels // 1_000_000)
    return squared(page)


def image_pages(work: Work) -> Iterator[Page]:
    """Yield each page of an image, upright as the image says."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # some libraries set it when they are loaded
    if work.kind == "tiff":
        yield from tiff_document(work.content, work.limits)
    else:
        yield from photo_pages(work.content, work.kind, work.limits)
