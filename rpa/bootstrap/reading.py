"""Which engines read, by what is installed and what was asked for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from typing import Final

from rpa.domain.errors import SetupError
from rpa.i18n import _
from rpa.ocr.adapters.contained import ContainedEngine
from rpa.ocr.adapters.page_text import PageReader
from rpa.ocr.adapters.tesseract import TesseractEngine
from rpa.ocr.api import OcrEngine

FAST_LANGUAGE: Final = "fra"
"""Tesseract reads each word once for each language. The French model knows English letters too: it
costs a third less than both and leaves 2 of 100 English words, on bad scans, that both had read."""


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

    def close(self) -> None:
        """End the children they run in."""
        for engine in (self.first, self.second):
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
    languages = FAST_LANGUAGE if mode is ReadingMode.FAST else "fra+eng"
    tesseract: OcrEngine = (
        ContainedEngine("tesserocr", languages=languages)
        if has("tesserocr")
        else TesseractEngine(languages=languages)
    )
    if not has_second_engine(has=has):
        return Engines(tesseract, tesseract, tesseract)
    rapid = ContainedEngine("rapidocr")
    match mode:
        case ReadingMode.ACCURATE:
            return Engines(rapid, tesseract, tesseract)
        case ReadingMode.FAST:
            return Engines(tesseract, rapid, tesseract)


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
        reader = PageReader(engines.first, thorough=mode is ReadingMode.ACCURATE)
        yield reader, engines.tesseract
    finally:
        engines.close()
