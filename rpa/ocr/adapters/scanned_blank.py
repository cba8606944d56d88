"""A form proposed from a scan of its blank: the page made straight and clean, its places found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

from rpa.domain.errors import DefinitionError
from rpa.domain.form import FieldDefinition, FormDefinition
from rpa.domain.geometry import Box
from rpa.domain.pages import DocumentPages, PageImage
from rpa.i18n import _
from rpa.ocr.adapters.cleaning import without_borders
from rpa.ocr.adapters.outline import squared
from rpa.ocr.adapters.pixels import (
    as_png,
    despeckled,
    flattened,
    grey,
    ink_of,
    is_grainy,
    opened,
    shrunk,
)
from rpa.ocr.adapters.places import places_on
from rpa.ocr.adapters.posture import Posture, posture_of, righted
from rpa.ocr.adapters.proposal import Place, fields_of, with_own_names
from rpa.ocr.adapters.reference import reference_pdf
from rpa.ocr.api import Grey, OcrEngine, PageReader, PageText, Word

POINT: Final = 72.0
SHEETS: Final = ((8.5, 11.0), (8.27, 11.69))
"""Inches: Letter and A4; a picture without a resolution is taken for the one of its shape."""
SKETCH_SIDE: Final = 1400
NEARLY: Final = 0.6
"""Degrees around a skew within which the straightest is looked for, in steps of :data:`STEP`."""
STEP: Final = 0.05
PAPER: Final = 224
"""Grey level from which what is lit evenly is paper."""
TITLE: Final = 6
"""Letters of a title, at least."""
SURE: Final = 0.5
"""Confidence below which what was read is no word of the form."""


@dataclass(frozen=True, eq=False)
class StraightPage:
    """A page of a blank: upright, straight and clean."""

    pixels: Grey
    dpi: float
    was_straight: bool
    """It lay so already."""


def scanned_form(
    document: DocumentPages, tools: tuple[PageReader, OcrEngine]
) -> tuple[FormDefinition, bytes | None]:
    """Return a form whose fields are guessed from pictures of its blank, and the blank as a PDF.

    The blank is None where the document itself will do: its pages lie straight and tell their
    words.

    Raises:
        DefinitionError: No place for an answer was found.
        RecognitionError, ToolUnavailableError, ToolTimeoutError: As the engine.
    """
    reader, engine = tools
    pages = [straight_page(image, engine) for image in document.images]
    texts = [reader.read(_image(page)) for page in pages]
    fields = [
        field
        for number, (page, text) in enumerate(zip(pages, texts, strict=True), start=1)
        for field in _fields(page, text, number)
    ]
    if not fields:
        raise DefinitionError(
            _("No place for an answer was found on the blank; write form.yaml by hand."),
            code="no-places",
        )
    form = FormDefinition(
        title=_title(texts[0]), pages=len(pages), fields=tuple(with_own_names(fields))
    )
    tells = all(page.was_straight for page in pages) and all(document.words or [()])
    shown = [(page.pixels, page.dpi) for page in pages]
    return form, None if tells else reference_pdf(shown)


def straight_page(image: PageImage, engine: OcrEngine) -> StraightPage:
    """Return a page turned upright and straightened by its lines, on white, without specks."""
    whole = opened(image.png)
    pixels, unsquare = (whole, None) if image.bilevel else squared(whole)
    posture = posture_of(pixels, engine)
    upright = righted(pixels, Posture(posture.turn)).pixels
    skew = _skew(upright, around=posture.skew)
    straight = _rotated(upright, skew) if abs(skew) >= STEP else upright
    clean = despeckled(straight) if image.bilevel else _white(flattened(straight))
    is_same = unsquare is None and posture.turn == 0 and abs(skew) < STEP
    known = image.dpi if unsquare is None else 0.0
    return StraightPage(without_borders(clean), known or _dpi_of(clean), is_same)


def _white(page: Grey) -> Grey:
    """Return the page with its paper's grain taken off."""
    return grey(np.where(page > PAPER, 255, page)) if is_grainy(page) else page


def _skew(page: Grey, *, around: float) -> float:
    """Return the skew at which ink stands in the sharpest rows: ruled lines and lines of text."""
    shrink = min(1.0, SKETCH_SIDE / max(page.shape))
    ink = grey(ink_of(shrunk(page, shrink), below=200).astype(np.uint8) * 255)
    steps = round(NEARLY / STEP)
    tried: list[float] = [around + STEP * step for step in range(-steps, steps + 1)]
    if abs(around) <= NEARLY:
        tried.append(0.0)
    sharpness = {angle: (_sharpness(ink, angle), -abs(angle)) for angle in tried}
    best: float = max(sharpness, key=sharpness.__getitem__)
    return best


def _sharpness(ink: Grey, angle: float) -> float:
    rows = _rotated(ink, angle, flags=cv2.INTER_LINEAR, paper=0).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())


def _rotated(page: Grey, angle: float, *, flags: int = cv2.INTER_CUBIC, paper: int = 255) -> Grey:
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return grey(cv2.warpAffine(page, turn, (width, height), flags=flags, borderValue=paper))


def _dpi_of(page: Grey) -> float:
    height, width = page.shape
    long, short = max(height, width), min(height, width)
    sheet: tuple[float, float] = min(SHEETS, key=lambda one: abs(one[1] / one[0] - long / short))
    return float(long) / sheet[1]


def _image(page: StraightPage) -> PageImage:
    return PageImage(png=as_png(page.pixels), dpi=page.dpi, bilevel=False)


def _fields(page: StraightPage, text: PageText, number: int) -> Iterator[FieldDefinition]:
    words = list(_words(text, POINT / page.dpi))
    boxes = [Box(x0=w["x0"], y0=w["top"], x1=w["x1"], y1=w["bottom"]) for w in words]
    spots = places_on(page.pixels, page.dpi, boxes)
    places = [Place(number, one.box, None, one.is_tick, cells=one.cells) for one in spots]
    return fields_of(places, words)


def _words(text: PageText, scale: float) -> Iterator[Mapping[str, Any]]:
    """Yield the words of the form in points, as pdfplumber tells those of a PDF."""
    for word in text.words:
        if word.confidence >= SURE and any(c.isalnum() or c in "$%€" for c in word.text):
            x0, top, x1, bottom = (e * scale for e in (word.x0, word.y0, word.x1, word.y1))
            yield {"text": word.text, "x0": x0, "top": top, "x1": x1, "bottom": bottom}


def _title(text: PageText) -> str:
    """Return the line of words in the largest type on the upper third of the page."""
    rows: dict[int, list[Word]] = {}
    for word in text.words:
        if word.y1 < text.height / 3 and word.confidence >= SURE:
            rows.setdefault(word.line, []).append(word)
    worthy = [row for row in rows.values() if sum(map(_letters, row)) >= TITLE]
    best = max(worthy, key=_type_size, default=[])
    return " ".join(word.text for word in best) or "À compléter"


def _letters(word: Word) -> int:
    return sum(c.isalpha() for c in word.text) if len(word.text) > 1 else 0


def _type_size(row: Sequence[Word]) -> float:
    """Return the height of the words that have three letters or more."""
    return float(np.median([w.y1 - w.y0 for w in row if _letters(w) > 2] or [0.0]))
