"""The words on a whole page, whatever it looks like, and where they stand on it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from rpa.domain.pages import PageImage
from rpa.ocr.adapters.cleaning import TREATMENTS, prepared
from rpa.ocr.adapters.outline import squared
from rpa.ocr.adapters.pixels import flattened, ground_of, opened
from rpa.ocr.adapters.posture import Matrix, Posture, posture_of, righted, samples_of
from rpa.ocr.api import Grey, Layout, OcrEngine, PageText, Word
from rpa.ocr.language import is_english

UNDERSTOOD: Final = 0.80
"""Mean confidence of its letters from which a page is understood well enough as it is."""
BETTER: Final = 1.1
"""How much more must be understood for a treatment to be kept."""
SAMPLES: Final = 2
"""Lines that tell the page's language."""
SHADOW: Final = 0.6
"""Grey of the darkest paper on a page to that of the lightest, below which light is uneven."""
FAINT: Final = ("flattened", "stretched")
"""Treatments of a page on which no words were found at all."""
LEAST_CONTRAST: Final = 16
"""Grey levels between a faint page's darkest and lightest pixels, less 1 in 100 of each."""


class PageReader:
    """Reads whole pages; see :class:`rpa.ocr.api.PageReader`."""

    def __init__(
        self, engine: OcrEngine, *, thorough: bool = True, english: OcrEngine | None = None
    ) -> None:
        """Read with ``engine``; ``thorough`` also tries treatments on pages not understood.

        ``english`` reads pages in English, where ``engine`` knows French only.
        """
        self._engine = engine
        self._english = english
        self._thorough = thorough

    def read(self, image: PageImage) -> PageText:
        """Read a page; see :meth:`rpa.ocr.api.PageReader.read`."""
        whole = opened(image.png)
        pixels, unsquare = whole, None
        if self._thorough and not image.bilevel:
            pixels, unsquare = squared(whole)
        ready, scale = prepared(pixels, dpi=image.dpi, bilevel=image.bilevel)
        shown = flattened(ready) if self._thorough and _lit_unevenly(ready) else ready
        posture = posture_of(shown, self._engine)
        upright = righted(ready, posture)
        words, treatment = self._best(upright.pixels, self._engine_for(upright.pixels))
        back = np.asarray(upright.back) / scale
        placed = tuple(_placed(word, back, unsquare, whole.shape) for word in words)
        return PageText(
            width=whole.shape[1],
            height=whole.shape[0],
            turn=posture.turn,
            skew=_degrees(posture),
            words=placed,
            treatment=treatment,
        )

    def _engine_for(self, page: Grey) -> OcrEngine:
        """Return the engine that knows the page's language."""
        if self._english is None:
            return self._engine
        read = self._engine.recognize(samples_of(page, most=SAMPLES), layout=Layout.LINE)
        text = " ".join(word.text for words in read for word in words)
        return self._english if is_english(text) else self._engine

    def _best(self, page: Grey, engine: OcrEngine) -> tuple[tuple[Word, ...], str]:
        (words,) = engine.recognize([page], layout=Layout.PAGE)
        best, treatment = words, ""
        understood = _mean(words) >= UNDERSTOOD and not _lit_unevenly(page)
        if not self._thorough or understood:
            return best, treatment
        if not words:
            return self._brought_out(page, engine)
        for name, treated in TREATMENTS.items():
            (words,) = engine.recognize([treated(page)], layout=Layout.PAGE)
            if _understood(words) > BETTER * _understood(best):
                best, treatment = words, name
            if _mean(best) >= UNDERSTOOD:
                break
        return best, treatment

    def _brought_out(self, page: Grey, engine: OcrEngine) -> tuple[tuple[Word, ...], str]:
        """Return what is read on a page that seems blank, where it is nothing but faint or dark."""
        for name in FAINT if _contrast(page) >= LEAST_CONTRAST else ():
            (words,) = engine.recognize([TREATMENTS[name](page)], layout=Layout.PAGE)
            if words and _mean(words) >= UNDERSTOOD:
                return words, name
        return (), ""


def _placed(word: Word, back: Matrix, unsquare: Matrix | None, shape: tuple[int, ...]) -> Word:
    edges = [[x, y] for x in (word.x0, word.x1) for y in (word.y0, word.y1)]
    corners = np.array([edges], dtype=np.float64)
    there = cv2.transform(corners, back)
    if unsquare is not None:
        there = cv2.perspectiveTransform(there, unsquare)
    height, width = shape[:2]
    (x0, y0), (x1, y1) = there[0].min(axis=0), there[0].max(axis=0)
    return replace(
        word,
        x0=min(max(0.0, float(x0)), width),
        y0=min(max(0.0, float(y0)), height),
        x1=min(max(0.0, float(x1)), width),
        y1=min(max(0.0, float(y1)), height),
    )


def _lit_unevenly(page: Grey) -> bool:
    """Say whether a part is in shadow: an engine may be sure of the rest and not see that part."""
    darkest, lightest = np.percentile(ground_of(page), (5, 95))
    return float(darkest) < SHADOW * float(lightest)


def _contrast(page: Grey) -> float:
    low, high = np.percentile(page, (1, 99))
    return float(high - low)


def _degrees(posture: Posture) -> float:
    return round(posture.skew, 2)


def _mean(words: Sequence[Word]) -> float:
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / max(1, letters)


def _understood(words: Sequence[Word]) -> float:
    """Return how many letters were read, each counted by how sure the engine is beyond a guess."""
    return sum(max(0.0, word.confidence - 0.3) * len(word.text) for word in words)
