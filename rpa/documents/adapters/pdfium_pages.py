"""Pictures of pages by PDFium, in child processes: a document that crashes one hurts nobody else.

A child may use two gigabytes and a page half a minute; pages are kept for a while, since whoever
opened one turns back to it.
"""

import io
import multiprocessing
import resource
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Final, ParamSpec, TypeVar

import pypdfium2 as pdfium

from rpa.documents.pictures import PagePicture
from rpa.domain.errors import DocumentRefusedError, ToolTimeoutError
from rpa.i18n import _

WIDE: Final = 1_240
"""Pixels across a page: letter at 146 dots to the inch, sharp on a screen of two pixels a point."""
TALLEST: Final = 6_000
_MEMORY: Final = 2 * 1024**3
_TIMEOUT_S: Final = 30.0
_KEPT: Final = 40

Given = ParamSpec("Given")
Made = TypeVar("Made")


class PdfiumPictures:
    """Draws pages in two children."""

    def __init__(self, *, children: int = 2) -> None:
        """Start up to ``children`` processes once they are needed."""
        self._children = children
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, int, int], PagePicture] = OrderedDict()

    def count(self, pdf: bytes) -> int:
        """Return how many pages there are."""
        return self._done(_count, pdf)

    def page(self, pdf: bytes, number: int) -> PagePicture:
        """Draw a page, or return it as it was drawn a while ago."""
        key = (hash(pdf), len(pdf), number)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        drawn = self._done(_page, pdf, number)
        with self._lock:
            self._kept[key] = drawn
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return drawn

    def close(self) -> None:
        """End the children."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _done(self, work: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Made:
        try:
            return self._sent(work, *given, **named).result(timeout=_TIMEOUT_S)
        except TimeoutError as error:
            self._abandon()
            raise ToolTimeoutError(
                _("The pages took more than {seconds} s to draw.", seconds=int(_TIMEOUT_S))
            ) from error
        except BrokenProcessPool as error:
            self._abandon()
            raise _refused() from error
        except (pdfium.PdfiumError, MemoryError, ValueError) as error:
            raise _refused() from error

    def _sent(
        self, work: Callable[Given, Made], *given: Given.args, **named: Given.kwargs
    ) -> Future[Made]:
        with self._lock:
            if self._pool is None:
                # Forking beside threads could take over a lock that nobody frees any more.
                spawn = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(
                    self._children, mp_context=spawn, initializer=_bound
                )
            return self._pool.submit(work, *given, **named)

    def _abandon(self) -> None:
        """Let go of children that hang or died; new ones are started for the next page."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            children = list((pool._processes or {}).values())  # noqa: SLF001 - no other way to end them
            pool.shutdown(wait=False, cancel_futures=True)
            for child in children:
                child.kill()


def _refused() -> DocumentRefusedError:
    return DocumentRefusedError(
        _("The pages can't be drawn. Open the PDF with a viewer."), code="no-picture"
    )


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _count(pdf: bytes) -> int:
    document = pdfium.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def _page(pdf: bytes, number: int) -> PagePicture:
    document = pdfium.PdfDocument(pdf)
    try:
        document.init_forms()
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(WIDE / width, TALLEST / height)
        drawn = page.render(scale=scale, may_draw_forms=True).to_pil()
        text = page.get_textpage().get_text_range()
        file = io.BytesIO()
        drawn.save(file, "PNG", optimize=False, compress_level=6)
        return PagePicture(file.getvalue(), drawn.width, drawn.height, text.strip())
    finally:
        document.close()
