"""What readers show: PDFium, poppler and MuPDF draw every page and read out its text."""

import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

DPI: Final = 72
TOOLS: Final = ("pdfium", "poppler", "mupdf")
_TIMEOUT_S: Final = 30
Picture = NDArray[np.uint8]
Letter = tuple[float, float, float, float, str]
"""Left, top, right, bottom in points from the page's upper left corner, and the text."""
_WORD: Final = re.compile(
    r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>'
)
_CHAR: Final = re.compile(r'<char quad="([^"]+)"[^>]* c="([^"]*)"')


@dataclass
class Shown:
    """What one tool makes of a file; nothing where it fails."""

    pages: list[Picture] | None
    words: list[list[Letter]] = field(default_factory=list)


def _scratch() -> str:
    return "/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir()  # noqa: S108


def _said(command: list[str], path: str) -> bytes | None:
    try:
        done = subprocess.run(
            [*command, path, *(["-"] if "pdftotext" in command[0] else [])],
            capture_output=True,
            check=False,
            timeout=_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout or None  # a page with faults is drawn all the same, and told as a failure


def _pictures(raw: bytes | None) -> list[Picture] | None:
    """Return the pages of concatenated PPM files."""
    if raw is None:
        return None
    found, at = [], 0
    head = re.compile(rb"P6\s+(\d+)\s+(\d+)\s+255\s")
    while hit := head.match(raw, at):
        width, height = int(hit[1]), int(hit[2])
        end = hit.end() + width * height * 3
        pixels = np.frombuffer(raw[hit.end() : end], dtype=np.uint8)
        if pixels.size != width * height * 3:
            return None
        found.append(pixels.reshape(height, width, 3))
        at = end
    return found


def by_poppler(path: str, dpi: int) -> Shown:
    """Draw with pdftoppm, read with pdftotext."""
    pages = _pictures(_said(["pdftoppm", "-q", "-cropbox", "-r", str(dpi)], path))
    text = _said(["pdftotext", "-q", "-cropbox", "-bbox"], path) or b""
    words = [
        [(float(a), float(b), float(c), float(d), word) for a, b, c, d, word in _WORD.findall(page)]
        for page in text.decode("utf-8", "replace").split("<page ")[1:]
    ]
    return Shown(pages, words)


def by_mupdf(path: str, dpi: int) -> Shown:
    """Draw and read with mutool."""
    pages = _pictures(_said(["mutool", "draw", "-q", "-r", str(dpi), "-F", "ppm", "-o", "-"], path))
    text = _said(["mutool", "draw", "-q", "-F", "stext", "-o", "-"], path) or b""
    words = []
    for page in text.decode("utf-8", "replace").split("<page ")[1:]:
        letters: list[Letter] = []
        for quad, letter in _CHAR.findall(page):
            numbers = [float(one) for one in quad.split()]
            xs, ys = numbers[0::2], numbers[1::2]
            letters.append((min(xs), min(ys), max(xs), max(ys), letter))
        words.append(letters)
    return Shown(pages, words)


def by_pdfium(pdf: bytes, dpi: int) -> Shown:
    """Draw, with forms and annotations, and read with PDFium."""
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError:
        return Shown(None)
    pages: list[Picture] = []
    words: list[list[Letter]] = []
    try:
        document.init_forms()
        for index in range(len(document)):
            page = document[index]
            pages.append(page.render(scale=dpi / 72).to_numpy().copy()[:, :, :3])
            words.append([(0, 0, 0, 0, page.get_textpage().get_text_range())])
    except pdfium.PdfiumError:
        return Shown(None)
    finally:
        document.close()
    return Shown(pages, words)


def shown(pdf: bytes, dpi: int = DPI) -> dict[str, Shown]:
    """Return what each of the three makes of a file."""
    with tempfile.NamedTemporaryFile(dir=_scratch(), suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        return {
            "pdfium": by_pdfium(pdf, dpi),
            "poppler": by_poppler(file.name, dpi),
            "mupdf": by_mupdf(file.name, dpi),
        }


@cache
def missing_tools() -> tuple[str, ...]:
    """Return the programs that are not there."""
    found = []
    for name in ("pdftoppm", "pdftotext", "mutool"):
        try:
            subprocess.run([name, "-v"], capture_output=True, check=False, timeout=_TIMEOUT_S)
        except OSError:
            found.append(name)
    return tuple(found)
