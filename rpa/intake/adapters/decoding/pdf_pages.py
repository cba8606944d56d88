"""PDF pages as pixels and words, by one library so that both share one geometry."""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.refusal import DAMAGED_PAGE, Refusal

RENDER_DPI: Final = 300.0
PROOF_DPI: Final = 36.0
"""Enough to make the library decode all that stands on the page."""
_POINTS: Final = 72.0
_MIN_DPI: Final = 72.0
_A_HAIR: Final = 1e-6
"""Less, so that 11 inches are 3,300 pixels and not 3,301 when the library rounds up."""

Word = tuple[str, float, float, float, float]


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page, loaded."""

    page: Any
    number: int
    dpi: float
    """300, or less where the page would have too many pixels."""

    def rendered(self, dpi: float) -> Image.Image:
        """Draw the page in 8-bit grey on white, form values included."""
        try:
            bitmap = self.page.render(scale=(dpi - _A_HAIR) / _POINTS, grayscale=True)
        except (pypdfium2.PdfiumError, ValueError, ctypes.ArgumentError) as problem:
            raise Refusal(DAMAGED_PAGE, page=self.number) from problem
        image: Image.Image = bitmap.to_pil()
        return image if image.mode == "L" else image.convert("L")

    @property
    def drawn_size(self) -> tuple[int, int]:
        """Width and height of the page drawn at ``dpi``."""
        scale = (self.dpi - _A_HAIR) / _POINTS
        width, height = self.page.get_size()
        return math.ceil(width * scale), math.ceil(height * scale)

    def is_bilevel(self) -> bool:
        """Say whether the page is nothing but images of one bit a pixel."""
        objects = list(self.page.get_objects(max_depth=2))
        kinds = {item.type for item in objects}
        if kinds != {pdfium.FPDF_PAGEOBJ_IMAGE}:
            return False
        return all(self._bits(item) == 1 for item in objects)

    def _bits(self, item: Any) -> int:
        facts = pdfium.FPDF_IMAGEOBJ_METADATA()
        if not pdfium.FPDFImageObj_GetImageMetadata(item, self.page, facts):
            return 0
        return int(facts.bits_per_pixel)


def load_page(view: Any, number: int, limits: DecodeLimits) -> PdfPage:
    """Load page ``number`` (from 1) and choose how finely it is drawn.

    Raises:
        Refusal: The page is damaged, or so large that even a coarse drawing is too much.
    """
    try:
        page = view[number - 1]
        width, height = page.get_size()
    except (pypdfium2.PdfiumError, IndexError) as problem:
        raise Refusal(DAMAGED_PAGE, page=number) from problem
    if width <= 0 or height <= 0:
        raise Refusal(DAMAGED_PAGE, page=number)
    finest = _POINTS * (limits.max_pixels / (width * height)) ** 0.5
    if finest < _MIN_DPI:
        raise Refusal("page-too-large", page=number, limit=limits.max_pixels // 1_000_000)
    return PdfPage(page, number, min(RENDER_DPI, finest))


def words_on(page: PdfPage) -> Iterator[Word]:
    """Yield each word of the text layer in its order: text, and a box from the top left."""
    text_page = page.page.get_textpage()
    letters: list[tuple[str, tuple[float, float, float, float]]] = []
    for index in range(text_page.count_chars()):
        letter = _letter(text_page, index)
        if letter.isspace() or not letter:
            yield from _joined(letters)
            letters = []
        else:
            letters.append((letter, _box(page.page, text_page, index)))
    yield from _joined(letters)


def _letter(text_page: Any, index: int) -> str:
    code = pdfium.FPDFText_GetUnicode(text_page, index)
    is_text = code not in {0, 0xFFFE, 0xFFFF} and not 0xD800 <= code <= 0xDFFF
    return chr(code) if is_text and code < 0x110000 else ""


def _box(page: Any, text_page: Any, index: int) -> tuple[float, float, float, float]:
    left, bottom, right, top = text_page.get_charbox(index, loose=True)
    corners = [_on_page(page, x, y) for x, y in ((left, top), (right, bottom))]
    (x0, x1), (y0, y1) = (sorted(values) for values in zip(*corners, strict=True))
    return x0, y0, x1, y1


def _on_page(page: Any, x: float, y: float) -> tuple[float, float]:
    """Return a point of the page's own space as drawn: from the top left, turned and cropped."""
    fine = 100
    width, height = page.get_size()
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(
        page, 0, 0, round(width * fine), round(height * fine), 0, x, y, across, down
    )
    return across.value / fine, down.value / fine


def _joined(letters: list[tuple[str, tuple[float, float, float, float]]]) -> Iterator[Word]:
    if not letters:
        return
    lefts, tops, rights, bottoms = zip(*(box for _letter, box in letters), strict=True)
    text = "".join(letter for letter, _box in letters)
    yield text, min(lefts), min(tops), max(rights), max(bottoms)
