"""The words on a whole page, whatever it looks like, and where they stand on it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from rpa.domain.pages import PageImage
from rpa.ocr.adapters.cleaning import TREATMENTS, prepared
from rpa.ocr.adapters.outline import squared
from rpa.ocr.adapters.pixels import opened
from rpa.ocr.adapters.posture import Matrix, Posture, posture_of, righted
from rpa.ocr.api import Grey, Layout, OcrEngine, PageText, Word

UNDERSTOOD: Final = 0.80
"""Mean confidence of its letters from which a page is understood well enough as it is."""
BETTER: Final = 1.1
"""How much more must be understood for a treatment to be kept."""
_AS_IT_IS: Final = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


class PageReader:
    """Reads whole pages; see :class:`rpa.ocr.api.PageReader`."""

    def __init__(self, engine: OcrEngine, *, thorough: bool = True) -> None:
        """Read with ``engine``; ``thorough`` also tries treatments on pages not understood."""
        self._engine = engine
        self._thorough = thorough

    def read(self, image: PageImage) -> PageText:
        """Read a page; see :meth:`rpa.ocr.api.PageReader.read`."""
        whole = opened(image.png)
        pixels, unsquare = whole, None
        if self._thorough and not image.bilevel:
            pixels, unsquare = squared(whole)
        ready, scale = prepared(pixels, dpi=image.dpi, bilevel=image.bilevel)
        posture = posture_of(ready, self._engine)
        upright = righted(ready, posture)
        words, treatment = self._best(upright.pixels)
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

    def _best(self, page: Grey) -> tuple[tuple[Word, ...], str]:
        (words,) = self._engine.recognize([page], layout=Layout.PAGE)
        best, treatment = words, ""
        if not self._thorough or not words or _mean(words) >= UNDERSTOOD:
            return best, treatment
        for name, treated in TREATMENTS.items():
            (words,) = self._engine.recognize([treated(page)], layout=Layout.PAGE)
            if _understood(words) > BETTER * _understood(best):
                best, treatment = words, name
            if _mean(best) >= UNDERSTOOD:
                break
        return best, treatment


def _placed(word: Word, back: Matrix, unsquare: Matrix | None, shape: tuple[int, ...]) -> Word:
    corners = np.array([[[x, y] for x in (word.x0, word.x1) for y in (word.y0, word.y1)]])
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


def _degrees(posture: Posture) -> float:
    return round(posture.skew, 2)


def _mean(words: Sequence[Word]) -> float:
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / max(1, letters)


def _understood(words: Sequence[Word]) -> float:
    """Return how many letters were read, each counted by how sure the engine is beyond a guess."""
    return sum(max(0.0, word.confidence - 0.3) * len(word.text) for word in words)
