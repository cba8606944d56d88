"""Zones of a page that no blank is known for: what stands in them, and how probably.

Nothing is known of the form's own print, so a zone should hold the answer and little else: a place
that a person pointed at, a printout that always lies the same.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from rpa.domain.errors import RecognitionError
from rpa.domain.form import FieldDefinition
from rpa.domain.geometry import Box
from rpa.domain.pages import PageImage
from rpa.domain.reading import FieldValue, Method
from rpa.i18n import _
from rpa.ocr.adapters.cleaning import prepared
from rpa.ocr.adapters.pixels import grey, has_ink, opened, shrunk
from rpa.ocr.adapters.posture import SKETCH_SIDE, lines_on
from rpa.ocr.api import Grey, Layout, OcrEngine, Word
from rpa.ocr.evidence import Opinion
from rpa.ocr.verdict import Judge, absent, judged

TIGHT: Final = (0.14, 0.07)
"""Margin across and down around a zone, in its lines' height."""
LOOSE: Final = (0.28, 0.20)
SOFTNESS: Final = 0.6
"""Deviation in pixels by which the loose cut is blurred."""
USUAL_LINE: Final = 48
"""Height in pixels that a second engine's lines are brought up to."""
MOST_ENLARGED: Final = 3.0
LEAST_INK: Final = 0.12
"""Ink in a row of pixels, as a share of that in its line's fullest rows, from which it is text."""
LEAST_HEIGHT: Final = 0.45
"""Height of a line as a share of the others', below which it is no line."""
RULE: Final = 0.5
"""Share of a zone's width from which a level stroke is a printed line."""
ROOM: Final = 1.7
"""Height of a zone for each of its lines, in the page's usual line's, at the most."""
AROUND: Final = 16
"""Pixels of paper around a block, which engines want to see."""
EMPTY: Final = 0.98


class FreeZoneReader:
    """Reads zones of pages without a blank. Safe from several threads."""

    def __init__(self, engine: OcrEngine, *, witness: OcrEngine | None, judge: Judge) -> None:
        """Read with ``engine``; ``witness`` gives a second opinion, if there is one."""
        self._engine = engine
        self._witness = witness or engine
        self._judge = judge

    def read(self, image: PageImage, fields: Sequence[FieldDefinition]) -> list[FieldValue]:
        """Read every field's zone, in the page image's pixels, in order.

        Raises:
            RecognitionError: The image can't be decoded, or a zone lies off it.
            ToolUnavailableError, ToolTimeoutError: As the engine.
        """
        page, scale = prepared(opened(image.png), dpi=image.dpi, bilevel=image.bilevel)
        zones = [field.zone.scaled(scale) for field in fields]
        usual = _usual_height(page)
        counts = [
            _line_count(_inside(page, zone, field.name), usual)
            for zone, field in zip(zones, fields, strict=True)
        ]
        told: dict[int, list[Opinion]] = {}
        for layout, is_block in ((Layout.LINE, False), (Layout.BLOCK, True)):
            chosen = [index for index, count in enumerate(counts) if (count > 1) is is_block]
            views = [_views(page, zones[index], counts[index]) for index in chosen]
            told |= zip(chosen, self._opinions(views, layout), strict=True)
        return [self._value(field, told[index]) for index, field in enumerate(fields)]

    def _value(self, field: FieldDefinition, opinions: Sequence[Opinion]) -> FieldValue:
        if any(opinion.text for opinion in opinions):
            return judged(field, opinions, judge=self._judge)
        return absent(field, Method.OCR, confidence=EMPTY)

    def _opinions(
        self, views: Sequence[tuple[Grey, Grey, Grey]], layout: Layout
    ) -> Iterator[list[Opinion]]:
        tight = self._engine.recognize([one for one, _two, _three in views], layout=layout)
        soft = self._engine.recognize([two for _one, two, _three in views], layout=layout)
        large = self._witness.recognize([three for _one, _two, three in views], layout=layout)
        for words in zip(tight, soft, large, strict=True):
            one, two, three = (_opinion(read) for read in words)
            yield [one, two, Opinion(three.text, three.confidence, by_second=True)]


def _opinion(words: Sequence[Word]) -> Opinion:
    text = " ".join(word.text for word in words)
    return Opinion(text, min((word.confidence for word in words), default=0.0))


def _views(page: Grey, zone: Box, count: int) -> tuple[Grey, Grey, Grey]:
    """Return a zone cut close, cut loosely and softened, and enlarged for the second engine."""
    line = zone.height / max(1, count)
    tight, loose = (
        _cut(page, zone, (line * across, line * down)) for across, down in (TIGHT, LOOSE)
    )
    if count > 1:
        tight, loose = _framed(tight), _framed(loose)
    larger = min(MOST_ENLARGED, max(1.0, USUAL_LINE / max(1.0, line)))
    return tight, grey(cv2.GaussianBlur(loose, (0, 0), SOFTNESS)), _enlarged(loose, larger)


def _enlarged(cut: Grey, factor: float) -> Grey:
    return grey(cv2.resize(cut, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC))


def _framed(cut: Grey) -> Grey:
    return grey(np.pad(cut, AROUND, constant_values=int(np.percentile(cut, 90))))


def _cut(page: Grey, zone: Box, margin: tuple[float, float]) -> Grey:
    across, down = margin
    rows = slice(max(0, round(zone.y0 - down)), max(0, round(zone.y1 + down)))
    cut = page[rows, max(0, round(zone.x0 - across)) : max(0, round(zone.x1 + across))]
    return cut if cut.size else grey(np.full((AROUND, AROUND), 255))


def _inside(page: Grey, zone: Box, name: str) -> Grey:
    """Return a zone's pixels.

    Raises:
        RecognitionError: It lies off the page.
    """
    height, width = page.shape
    if zone.x1 <= 0 or zone.y1 <= 0 or zone.x0 >= width or zone.y0 >= height:
        raise RecognitionError(
            _("The zone {name} lies off the page; check its box.", name=name), code="zone-off-page"
        )
    return _cut(page, zone, (0.0, 0.0))


def _usual_height(page: Grey) -> float:
    """Return the usual height of a line of text on the page; endless where there is none."""
    shrink = min(1.0, SKETCH_SIDE / max(page.shape))
    heights = [line.height for line in lines_on(shrunk(page, shrink))]
    return float(np.median(heights)) / shrink if heights else float("inf")


def _line_count(cut: Grey, usual: float) -> int:
    """Return how many lines of text stand in a zone; 1 where that can't be told."""
    if not has_ink(cut):
        return 1
    _level, ink = cv2.threshold(cut, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    length = max(20, round(RULE * cut.shape[1]))
    rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    profile = np.convolve(cv2.subtract(ink, rules).sum(axis=1), (0.25, 0.5, 0.25), "same")
    used = profile > max(1.0, LEAST_INK * float(np.percentile(profile, 90)))
    edges = np.flatnonzero(np.diff(np.concatenate(([False], used, [False])).astype(np.int8)))
    heights = [end - start for start, end in pairwise(edges)][::2]
    tallest = max(heights, default=0)
    seen = len([height for height in heights if height >= LEAST_HEIGHT * tallest])
    room = round(float(cut.shape[0]) / (ROOM * usual))
    return max(1, seen, room)
