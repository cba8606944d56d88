"""Tesseract in this process, by tesserocr: no program to start, no model to load for each call.

Needs the extra ``ocr``. A page that hangs Tesseract hangs the caller: production runs it inside
:class:`rpa.ocr.adapters.contained.ContainedEngine`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import local
from typing import Any, Final

import cv2
import tesserocr
from PIL import Image

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.ocr.adapters.pixels import grey, has_ink
from rpa.ocr.api import Grey, Layout, Word

DPI: Final = 300
SMALL: Final = 1800
"""Longer side in pixels below which a page is doubled: its letters are too small to be read."""
MODES: Final = {
    Layout.LINE: tesserocr.PSM.SINGLE_LINE,
    Layout.BLOCK: tesserocr.PSM.SINGLE_BLOCK,
    Layout.PAGE: tesserocr.PSM.AUTO,
}
MODELS: Final = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)
"""Where distributions put Tesseract's models."""


class TesserocrEngine:
    """Reads text with Tesseract's library; see :class:`rpa.ocr.api.OcrEngine`."""

    def __init__(self, *, languages: str = "fra+eng", models: Path | None = None) -> None:
        """Read in ``languages``, with the models in ``models`` or where the system has them."""
        self._languages = languages
        self._models = models
        self._own = local()

    def recognize(self, images: Sequence[Grey], *, layout: Layout) -> list[tuple[Word, ...]]:
        """Read every image; see :meth:`rpa.ocr.api.OcrEngine.recognize`."""
        return [self._words(image, layout) if has_ink(image) else () for image in images]

    def _words(self, image: Grey, layout: Layout) -> tuple[Word, ...]:
        if layout is Layout.PAGE and max(image.shape) < SMALL:
            twice = grey(cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_LANCZOS4))
            return tuple(_halved(word) for word in self._words(twice, layout))
        library = self._library()
        library.SetPageSegMode(MODES[layout])
        library.SetImage(Image.fromarray(image))
        library.SetSourceResolution(DPI)
        library.Recognize()
        try:
            return tuple(_found(library.GetIterator()))
        finally:
            library.Clear()

    def _library(self) -> Any:
        """Return this thread's Tesseract; one may be used by one thread at a time only."""
        if not hasattr(self._own, "library"):
            self._own.library = self._opened()
        return self._own.library

    def _opened(self) -> Any:
        folder = self._models or next((Path(p) for p in MODELS if Path(p).is_dir()), None)
        try:
            return tesserocr.PyTessBaseAPI(path=str(folder or ""), lang=self._languages)
        except RuntimeError as error:
            raise ToolUnavailableError(
                _(
                    "Tesseract's models for {languages} were not found in {folder}; install the"
                    " packages tesseract-ocr-fra and tesseract-ocr-eng.",
                    languages=self._languages,
                    folder=folder,
                ),
                code="tesseract-missing",
            ) from error


def _halved(word: Word) -> Word:
    x0, y0, x1, y1 = (edge / 2 for edge in (word.x0, word.y0, word.x1, word.y1))
    return replace(word, x0=x0, y0=y0, x1=x1, y1=y1)


def _found(iterator: Any) -> Iterator[Word]:
    if iterator is None:
        return
    line = 0
    for word in tesserocr.iterate_level(iterator, tesserocr.RIL.WORD):
        if word.Empty(tesserocr.RIL.WORD):
            continue
        text = word.GetUTF8Text(tesserocr.RIL.WORD) or ""
        if word.IsAtBeginningOf(tesserocr.RIL.TEXTLINE):
            line += 1
        if text.strip():
            x0, y0, x1, y1 = word.BoundingBox(tesserocr.RIL.WORD)
            sure = word.Confidence(tesserocr.RIL.WORD) / 100
            yield Word(text.strip(), x0, y0, x1, y1, min(1.0, max(0.0, sure)), line)
