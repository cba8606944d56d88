"""Which engines read, by what is installed and what was asked for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec

from rpa.domain.errors import SetupError
from rpa.i18n import _
from rpa.ocr.adapters.contained import ContainedEngine
from rpa.ocr.adapters.page_text import PageReader
from rpa.ocr.adapters.tesseract import TesseractEngine
from rpa.ocr.api import OcrEngine

FRENCH, ENGLISH, BOTH = "fra", "eng", "fra+eng"
"""Tesseract reads most words once for each language; fast reading is in the page's own."""


class ReadingMode(StrEnum):
    """How pages are read: as well as can be, or at half of the cost."""

    ACCURATE = "accurate"
    FAST = "fast"


@dataclass(frozen=True, slots=True)
class Engines:
    """The engine that reads, and one of another kind for a second opinion."""

    first: OcrEngine
    second: OcrEngine
    tesseract: OcrEngine
    """The one of the two that is Tesseract."""
    english: OcrEngine | None = None
    """Reads pages in English, where the first engine knows French only."""

    def close(self) -> None:
        """End the children they run in."""
        for engine in (self.first, self.second, self.english):
            if isinstance(engine, ContainedEngine):
                engine.close()


def is_installed(package: str) -> bool:
    """Say whether this machine has a Python package."""
    return find_spec(package) is not None


def open_engines(
    mode: ReadingMode = ReadingMode.ACCURATE, *, has: Callable[[str], bool] = is_installed
) -> Engines:
    """Return the best engines that are installed: RapidOCR and tesserocr, else the program.

    Where RapidOCR is missing, Tesseract is both; :func:`require` says so to whoever asked for more.
    """
    is_fast = mode is ReadingMode.FAST
    tesseract = _tesseract(FRENCH if is_fast else BOTH, has)
    english = _tesseract(ENGLISH, has) if is_fast else None
    if not has_second_engine(has=has):
        return Engines(tesseract, tesseract, tesseract, english)
    rapid = ContainedEngine("rapidocr")
    if is_fast:
        return Engines(tesseract, rapid, tesseract, english)
    return Engines(rapid, tesseract, tesseract)


def _tesseract(languages: str, has: Callable[[str], bool]) -> OcrEngine:
    if has("tesserocr"):
        return ContainedEngine("tesserocr", languages=languages)
    return TesseractEngine(languages=languages)


def has_second_engine(*, has: Callable[[str], bool] = is_installed) -> bool:
    """Say whether RapidOCR is installed."""
    return has("rapidocr") and has("onnxruntime")


def require(mode: ReadingMode, *, has: Callable[[str], bool] = is_installed) -> None:
    """Refuse a mode that this machine cannot keep.

    Raises:
        SetupError: Says what to install.
    """
    if mode is ReadingMode.ACCURATE and not has_second_engine(has=has):
        raise SetupError(
            _("Accurate reading needs the extra ocr: pip install 'paperless-rpa[ocr]'."),
            code="no-second-engine",
        )


@contextmanager
def page_reading(mode: ReadingMode) -> Iterator[tuple[PageReader, OcrEngine]]:
    """Open what reads whole pages, and the engine that looks at text layers."""
    engines = open_engines(mode)
    try:
        thorough = mode is ReadingMode.ACCURATE
        reader = PageReader(engines.first, thorough=thorough, english=engines.english)
        yield reader, engines.tesseract
    finally:
        engines.close()
