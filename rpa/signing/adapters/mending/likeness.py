"""Whether two PDFs show the same pages, as tolerant viewers draw them."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import numpy as np
import pypdfium2

LONG_SIDE: Final = 200
"""Pixels of a page's longer side: enough to see a line of text that is there or not."""
MOST_PAGES: Final = 60
"""Of longer documents the first and the last are compared, and the number of all."""
DARKNESS: Final = 48
"""How many of 255 steps a pixel must differ to count."""
SHARE: Final = 0.002
"""The share of a page's pixels that may differ: nothing that a reader would see."""
INK: Final = 200
"""The grey below which a pixel is something drawn."""
Picture = np.ndarray[Any, Any]


class NotShownError(Exception):
    """No viewer here shows the document at all."""


def looks_the_same(first: bytes, second: bytes, password: str) -> bool:
    """Say whether both have as many pages, and each looks the same.

    PDFium judges; where it can't open the first one, MuPDF does.

    Raises:
        NotShownError: Neither opens the first one.
    """
    try:
        return _same_in_pdfium(first, second, password)
    except pypdfium2.PdfiumError:
        return _same_in_mupdf(first, second, password)


def as_pdfium_reads(pdf: bytes) -> bytes | None:
    """Return what PDFium makes out of a damaged file; None where that is nothing to be seen."""
    written = BytesIO()
    try:
        document = pypdfium2.PdfDocument(pdf)
        pictures = [_drawn(document, at) for at in _chosen(len(document))]
        document.save(written)
    except (pypdfium2.PdfiumError, ValueError):
        return None
    has_ink = any(one is not None and one.size and one.min() < INK for one in pictures)
    return written.getvalue() if has_ink else None


def _same_in_pdfium(first: bytes, second: bytes, password: str) -> bool:
    one = pypdfium2.PdfDocument(first, password=password)
    if not len(one):
        raise pypdfium2.PdfiumError("no pages")
    other = pypdfium2.PdfDocument(second, password=password)
    if len(one) != len(other):
        return False
    return all(_alike(_drawn(one, at), _drawn(other, at)) for at in _chosen(len(one)))


def _chosen(pages: int) -> Iterator[int]:
    half = MOST_PAGES // 2
    return (at for at in range(pages) if at < half or at >= pages - half)


def _drawn(document: Any, at: int) -> Picture | None:
    try:
        page = document[at]
        scale = LONG_SIDE / max(*page.get_size(), 1.0)
        drawn: Picture = page.render(scale=scale, grayscale=True).to_numpy()
    except pypdfium2.PdfiumError:
        return None
    return drawn


def _alike(one: Picture | None, other: Picture | None) -> bool:
    if one is None or other is None:
        return one is other
    if one.shape != other.shape:
        return False
    differs = np.abs(one.astype(np.int16) - other.astype(np.int16)) > DARKNESS
    return float(np.mean(differs)) <= SHARE


def _same_in_mupdf(first: bytes, second: bytes, password: str) -> bool:
    one = _drawn_by_mupdf(first, password)
    if not one:
        raise NotShownError
    return one == _drawn_by_mupdf(second, password)


def _drawn_by_mupdf(pdf: bytes, password: str) -> bytes:
    """Return all pages as grey pictures, one after the other; nothing where it can't be opened."""
    program = shutil.which("mutool")
    if program is None:
        return b""
    source = os.memfd_create("page.pdf")
    with os.fdopen(source, "wb") as target:
        target.write(pdf)
        target.flush()
        command = [program, "draw", "-q", "-F", "pgm", "-r", "24", "-o", "-"]
        command += ["-p", password] if password else []
        command += [f"/proc/self/fd/{source}", f"1-{MOST_PAGES}"]
        done = subprocess.run(  # noqa: S603 - a program of the path, its input in memory
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(source,),
            check=False,
        )
    return done.stdout
