"""Tesseract as OCR engine: many images in one process, since loading its models costs most."""

import csv
from collections import ChainMap
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory
from typing import Final

import pytesseract

from rpa.domain.errors import ToolTimeoutError, ToolUnavailableError
from rpa.i18n import _
from rpa.ocr.adapters.pixels import as_png, has_ink
from rpa.ocr.api import Grey, Layout, Word

MODES: Final = {Layout.LINE: 7, Layout.BLOCK: 6, Layout.PAGE: 3}
"""Tesseract's page segmentation modes."""
DPI: Final = 300

# One process a core reads faster than one process on all cores. pytesseract hands this mapping of
# its own to the program it starts and offers no other way in; the caller's environment stays as is.
pytesseract.pytesseract.environ = ChainMap(
    {"OMP_THREAD_LIMIT": "1"}, pytesseract.pytesseract.environ
)


def tesseract_version() -> str | None:
    """Return the program's version; None where it is missing."""
    try:
        return str(pytesseract.get_tesseract_version())
    except (pytesseract.TesseractNotFoundError, OSError, SystemExit):
        return None


class TesseractEngine:
    """Reads text with the program ``tesseract``; see :class:`rpa.ocr.api.OcrEngine`."""

    def __init__(
        self, *, languages: str = "fra+eng", timeout_s: float = 60, batch: int = 200
    ) -> None:
        """Read in ``languages``; one process reads up to ``batch`` images in ``timeout_s``."""
        self._languages = languages
        self._timeout_s = timeout_s
        self._batch = batch

    def recognize(self, images: Sequence[Grey], *, layout: Layout) -> list[tuple[Word, ...]]:
        """Read every image; see :meth:`rpa.ocr.api.OcrEngine.recognize`."""
        read: list[tuple[Word, ...]] = [()] * len(images)
        inked = [place for place, image in enumerate(images) if has_ink(image)]
        for start in range(0, len(inked), self._batch):
            places = inked[start : start + self._batch]
            found = self._read([images[place] for place in places], MODES[layout])
            for place, words in zip(places, found, strict=True):
                read[place] = words
        return read

    def _read(self, images: Sequence[Grey], mode: int) -> list[tuple[Word, ...]]:
        with TemporaryDirectory(prefix="rpa-ocr-") as folder:
            paths = [Path(folder) / f"{number:04}.png" for number in range(len(images))]
            for path, image in zip(paths, images, strict=True):
                path.write_bytes(as_png(image))
            listing = Path(folder) / "images.txt"
            listing.write_text("\n".join(map(str, paths)) + "\n", encoding="utf-8")
            return _words(self._table(listing, mode), len(images))

    def _table(self, listing: Path, mode: int) -> str:
        try:
            table: str = pytesseract.image_to_data(
                str(listing),
                lang=self._languages,
                config=f"--psm {mode} --dpi {DPI}",
                timeout=self._timeout_s,
            )
        except pytesseract.TesseractNotFoundError as exc:
            raise ToolUnavailableError(
                _(
                    "The program tesseract is not installed; install the packages tesseract-ocr"
                    " and tesseract-ocr-fra, or add its folder to PATH."
                ),
                code="tesseract-missing",
            ) from exc
        except pytesseract.TesseractError as exc:
            raise self._failed(exc.status) from exc
        except CalledProcessError as exc:  # asked for its version, once in a process
            raise self._failed(exc.returncode) from exc
        except RuntimeError as exc:
            raise ToolTimeoutError(
                _("Tesseract gave no answer in {seconds} s.", seconds=self._timeout_s),
                code="tesseract-timeout",
            ) from exc
        return table

    def _failed(self, status: int) -> ToolUnavailableError:
        return ToolUnavailableError(
            _(
                "Tesseract failed (status {status}); check that its language files"
                " ({languages}) are installed.",
                status=status,
                languages=self._languages,
            ),
            code="tesseract-failed",
        )


def _words(table: str, images: int) -> list[tuple[Word, ...]]:
    read: list[list[Word]] = [[] for _image in range(images)]
    for row in csv.DictReader(StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = row["text"] or ""
        if row["level"] != "5" or not text.strip():
            continue
        x0, y0 = float(row["left"]), float(row["top"])
        read[int(row["page_num"]) - 1].append(
            Word(
                text=text,
                x0=x0,
                y0=y0,
                x1=x0 + float(row["width"]),
                y1=y0 + float(row["height"]),
                confidence=min(1.0, max(0.0, float(row["conf"]) / 100)),
                line=_line_number(row),
            )
        )
    return [tuple(words) for words in read]


def _line_number(row: Mapping[str, str]) -> int:
    """Return a number that words of one line share: block, paragraph and line in one."""
    block, paragraph, line = (int(row[key]) for key in ("block_num", "par_num", "line_num"))
    return (block * 1000 + paragraph) * 1000 + line
