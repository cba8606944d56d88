"""The pages of a document as the aligner wants them, and where each lies on a blank."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rpa.domain.pages import PageImage
from rpa.ocr.adapters.alignment import Alignment, Sketch, aligned, laid, sketch_of
from rpa.ocr.adapters.blanks import BlankPage
from rpa.ocr.adapters.pixels import despeckled, flattened, opened
from rpa.ocr.api import Grey

REMEMBERED: Final = 4
"""Pages kept between telling a form and reading it."""


@dataclass(frozen=True, eq=False)
class CleanPage:
    """A page without specks or shadows, and its sketch."""

    pixels: Grey
    sketch: Sketch


@dataclass(frozen=True, eq=False)
class LaidPage:
    """A page in the frame of its blank."""

    pixels: Grey
    alignment: Alignment
    image: PageImage
    """As it was delivered."""
    size: tuple[int, int]
    """The image's width and height in pixels."""


@lru_cache(maxsize=REMEMBERED)
def clean_page(image: PageImage) -> CleanPage:
    """Return a page cleaned; the last few asked for are kept."""
    pixels = opened(image.png)
    cleaned = despeckled(pixels) if image.bilevel else flattened(pixels)
    return CleanPage(cleaned, sketch_of(cleaned))


def laid_on(image: PageImage, blank: BlankPage) -> LaidPage | None:
    """Return the page laid on ``blank``, or None if it is another page."""
    page = clean_page(image)
    alignment = aligned(page.sketch, blank.sketch)
    if alignment is None:
        return None
    height, width = page.pixels.shape
    pixels = laid(page.pixels, alignment, blank.pixels)
    return LaidPage(pixels, alignment, image, (width, height))
