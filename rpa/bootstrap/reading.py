"""Which engines read, by what is installed and what was asked for."""

from collections.abc import Iterator
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


class ReadingMode(StrEnum):
    """How pages are read: as well as can be, or at a third of the cost."""

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


def open_engines(mode: ReadingMode = ReadingMode.ACCURATE) -> Engines:
    """Return the best engines that are installed: RapidOCR and tesserocr, else the program.

    Raises:
        SetupError: Accurate reading was asked for by name on a machine without RapidOCR.
    """
    tesseract: OcrEngine = (
        ContainedEngine("tesserocr", languages="fra+eng")
        if find_spec("tesserocr")
        else TesseractEngine()
    )
    if not has_second_engine():
        return Engines(tesseract, tesseract, tesseract)
    rapid = ContainedEngine("rapidocr")
    match mode:
        case ReadingMode.ACCURATE:
            return Engines(rapid, tesseract, tesseract)
        case ReadingMode.FAST:
            return Engines(tesseract, rapid, tesseract)


def has_second_engine() -> bool:
    """Say whether RapidOCR is installed."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def require(mode: ReadingMode) -> None:
    """Refuse a mode that this machine cannot keep.

    Raises:
        SetupError: Says what to install.
    """
    if mode is ReadingMode.ACCURATE and not has_second_engine():
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
