"""Reads a TIFF, JPEG or PNG: the child process for images."""

from collections.abc import Iterator
from typing import Any

from PIL import Image

from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.photo import photo
from rpa.intake.adapters.decoding.program import Answer, Work, run
from rpa.intake.adapters.decoding.raster import Page, PixelsDigest, png, squared
from rpa.intake.adapters.decoding.refusal import Refusal
from rpa.intake.adapters.decoding.tiff import tiff_document

Image.MAX_IMAGE_PIXELS = None  # our own limit speaks, with the page's number


def read_image(work: Work) -> Answer:
    """Decode every page; draw the PNGs only where they are wanted."""
    record: dict[str, Any] = {"pages": 0, "pixels_digest": None, "images": []}
    return Answer(record, _drawn(work, record))


def _drawn(work: Work, record: dict[str, Any]) -> Iterator[bytes]:
    digest = PixelsDigest()
    for page in _decoded(work):
        record["pages"] += 1
        digest.add(page)
        if work.wants_pixels:
            image, dpi = squared(page)
            _check_squared(image, record["pages"], work.limits)
            record["images"].append({"dpi": dpi, "bilevel": page.is_bilevel})
            yield png(image)
    record["pixels_digest"] = digest.value()


def _check_squared(image: Image.Image, page: int, limits: DecodeLimits) -> None:
    if image.width * image.height > 5 * limits.max_pixels:
        raise Refusal("page-too-large", page=page, limit=limits.max_pixels // 1_000_000)


def _decoded(work: Work) -> Iterator[Page]:
    if work.kind == "tiff":
        yield from tiff_document(work.content, work.limits)
    else:
        yield photo(work.content, work.kind, work.limits)


if __name__ == "__main__":
    run(read_image)
