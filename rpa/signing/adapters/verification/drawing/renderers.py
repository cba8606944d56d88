"""What readers show: pages drawn by PDFium, poppler and MuPDF, three makes that share no code.

PDFium draws for Chrome, poppler for most of Linux; MuPDF for many viewers. The last two are asked
as programs. All are asked for what is on the screen, annotations and fields included.
"""

import logging
import os
import select
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Protocol, TypeAlias

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
"""One page: height, width, and three bytes a pixel (red, green, blue)."""

logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)  # it warns of every XFA form

_SECONDS: Final = 15
_INCH: Final = 72.0


class RendererFailedError(Exception):
    """A renderer could not draw what it was asked for."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which pages are drawn."""

    first: int
    """From 1."""
    last: int
    dpi: float


class Renderer(Protocol):
    """Draws pages of one document after the other; keeps nothing between calls."""

    @property
    def name(self) -> str:
        """What it is called in reports."""
        ...

    def drawn(self, pdf: bytes, order: Order) -> list[Pixels]:
        """Return the pages from ``first`` to ``last``, as many of them as there are.

        Raises:
            RendererFailedError: It can't draw them.
        """
        ...


class PdfiumRenderer:
    """Chrome's own."""

    name = "PDFium"

    def drawn(self, pdf: bytes, order: Order) -> list[Pixels]:
        """Draw with the fields of the form, as Chrome does."""
        with _opened(pdf) as document:
            pages = range(order.first - 1, min(order.last, len(document)))
            return [self._page(document, index, order.dpi) for index in pages]

    def sizes(self, pdf: bytes) -> list[tuple[float, float]]:
        """Return the width and height of every page, in points.

        Raises:
            RendererFailedError: The document can't be opened.
        """
        with _opened(pdf) as document:
            return [document.get_page_size(index) for index in range(len(document))]

    def _page(self, document: Any, index: int, dpi: float) -> Pixels:
        try:
            page = document[index]
            bitmap = page.render(scale=dpi / _INCH, rev_byteorder=True, prefer_bgrx=False)
            pixels = np.array(bitmap.to_numpy()[:, :, :3], dtype=np.uint8)
        except (pdfium.PdfiumError, ValueError, MemoryError) as fault:
            raise RendererFailedError(self.name) from fault
        page.close()
        return pixels


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError as fault:
        raise RendererFailedError(PdfiumRenderer.name) from fault
    try:
        if document.get_formtype():
            document.init_forms()
        yield document
    except pdfium.PdfiumError as fault:
        raise RendererFailedError(PdfiumRenderer.name) from fault
    finally:
        document.close()


@dataclass(frozen=True, slots=True)
class ProgramRenderer:
    """A program that writes pages as portable pixmaps to its standard output."""

    name: str
    command: tuple[str, ...]
    """With ``{first}``, ``{last}``, ``{dpi}`` and ``{file}`` to be filled in."""

    def drawn(self, pdf: bytes, order: Order) -> list[Pixels]:
        """Run the program on the document, which lies in memory alone, as do the pages."""
        with _held() as document, _held() as pages:
            document.write(pdf)
            document.flush()
            values = {
                "first": order.first,
                "last": order.last,
                "dpi": f"{order.dpi:.3f}",
                "file": f"/proc/self/fd/{document.fileno()}",
            }
            words = [word.format(**values) for word in self.command]
            status = self._run(words, document.fileno(), pages.fileno())
            pages.seek(0)
            found = list(_pixmaps(pages.read()))
        if status < 0 or not found:
            raise RendererFailedError(self.name)
        return found

    def _run(self, words: list[str], document: int, pages: int) -> int:
        """Return the program's exit status; a program that takes too long is ended."""
        try:
            process = subprocess.Popen(  # noqa: S603 - a fixed program; the document is a number
                words,
                pass_fds=[document],
                stdin=subprocess.DEVNULL,
                stdout=pages,
                stderr=subprocess.DEVNULL,
            )
        except OSError as fault:
            raise RendererFailedError(self.name) from fault
        with process:
            ended = os.pidfd_open(process.pid)
            poller = select.poll()
            poller.register(ended, select.POLLIN)
            if not poller.poll(_SECONDS * 1000):
                process.kill()
            os.close(ended)
            return process.wait()


def _held() -> BinaryIO:
    return os.fdopen(os.memfd_create("pages"), "w+b")


def renderers() -> tuple[Renderer, ...]:
    """Return all renderers that this machine has, PDFium first."""
    programs = (
        ProgramRenderer(
            "poppler",
            (
                "pdftoppm",
                "-q",
                "-cropbox",
                "-r",
                "{dpi}",
                "-f",
                "{first}",
                "-l",
                "{last}",
                "{file}",
            ),
        ),
        ProgramRenderer(
            "MuPDF",
            (
                "mutool",
                "draw",
                "-q",
                "-r",
                "{dpi}",
                "-F",
                "ppm",
                "-o",
                "-",
                "{file}",
                "{first}-{last}",
            ),
        ),
    )
    return (PdfiumRenderer(), *(one for one in programs if shutil.which(one.command[0])))


def _pixmaps(written: bytes) -> Iterator[Pixels]:
    """Yield the pixmaps of a stream of them (``P6``, three bytes a pixel)."""
    at = 0
    while written[at : at + 2] == b"P6":
        words: list[int] = []
        at += 2
        while len(words) < 3:
            end = at + 1
            while written[end : end + 1].isdigit():
                end += 1
            if end == at + 1 and not written[at : at + 1].isspace():
                raise RendererFailedError
            if written[at + 1 : end]:
                words.append(int(written[at + 1 : end]))
            at = end
        width, height, _most = words
        at += 1
        size = width * height * 3
        if len(written) < at + size:
            raise RendererFailedError
        page = np.frombuffer(written, dtype=np.uint8, count=size, offset=at)
        yield page.reshape(height, width, 3)
        at += size


def as_pages(found: Sequence[Pixels], count: int) -> list[Pixels]:
    """Return the pages where there are ``count`` of them.

    Raises:
        RendererFailedError: There are more or fewer.
    """
    if len(found) != count:
        raise RendererFailedError
    return list(found)
