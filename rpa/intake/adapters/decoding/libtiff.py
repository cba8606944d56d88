"""Asks libtiff itself whether a page is whole: Pillow mutes what libtiff says about damage.

A CCITT strip that ends too soon decodes without any error, its missing rows left white. So each
strip is decoded into a buffer filled with a pattern: rows that still hold it were never decoded.
"""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PIL import _imaging

_PATTERN: Final = 0xA5
_CODECS: Final = (b"Fax3", b"Fax4", b"TIFFFill", b"TIFFReadEncoded")
_JPEG: Final = frozenset({b"JPEGLib", b"LibJpeg"})  # the second speaks for old-style JPEG
_JPEG_DAMAGE: Final = (b"premature end", b"bad huffman", b"instead of rst", b"unsupported marker")
_SAID_BYTES: Final = 300
_Teller = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)

_C: Final = ctypes.CDLL(None)
_C.vsnprintf.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_void_p]


class LibtiffMissingError(ImportError):
    """Pillow's libtiff isn't a shared library of its own, so it can't be asked."""


class DamageReport:
    """What libtiff said about one page."""

    def __init__(self) -> None:
        self.complaints = 0
        self.missing_rows = 0

    def share_of(self, rows: int) -> float:
        """Return the part of ``rows`` that is bad, 0 to 1."""
        return min(1.0, (self.complaints + self.missing_rows) / max(rows, 1))


class Libtiff:
    """The libtiff that Pillow has loaded."""

    def __init__(self) -> None:
        self._library = _loaded()
        self._report = DamageReport()
        self._tell = _Teller(self._hear)
        self._quiet = _Teller()

    def _hear(
        self, _handle: int | None, module: bytes | None, form: bytes | None, values: int | None
    ) -> None:
        where = module or b""
        if where.startswith(_CODECS) or (where in _JPEG and _is_jpeg_damage(form, values)):
            self._report.complaints += 1

    def damage(self, content: bytes, page: int, *, row_bytes: int = 0) -> DamageReport:
        """Decode every strip of ``page`` (from 0) and count complaints and missing rows.

        Rows are counted where ``row_bytes`` is given; a JPEG's are not, libjpeg fills them itself.
        """
        self._report = DamageReport()
        with self._listening(), self._opened(content) as handle:
            if handle and self._library.TIFFSetDirectory(handle, page):
                self._decode_strips(handle, row_bytes)
            else:
                self._report.complaints += 1
        return self._report

    def _decode_strips(self, handle: int, row_bytes: int) -> None:
        if self._library.TIFFIsTiled(handle):
            return
        size = int(self._library.TIFFStripSize(handle))
        buffer = ctypes.create_string_buffer(size)
        for strip in range(self._library.TIFFNumberOfStrips(handle)):
            ctypes.memset(buffer, _PATTERN, size)
            got = int(self._library.TIFFReadEncodedStrip(handle, strip, buffer, size))
            if got < 0:
                self._report.complaints += 1
            elif row_bytes:
                self._report.missing_rows += _untouched_rows(buffer.raw[:got], row_bytes)

    @contextmanager
    def _opened(self, content: bytes) -> Iterator[int | None]:
        with os.fdopen(os.memfd_create("page"), "wb") as inside:
            inside.write(content)
            inside.flush()
            os.lseek(inside.fileno(), 0, os.SEEK_SET)
            handle = self._library.TIFFFdOpen(os.dup(inside.fileno()), b"page", b"r")
            yield handle
            if handle:
                self._library.TIFFClose(handle)

    @contextmanager
    def _listening(self) -> Iterator[None]:
        library = self._library
        old = library.TIFFSetErrorHandler(None), library.TIFFSetWarningHandler(None)
        library.TIFFSetErrorHandlerExt(self._tell)
        library.TIFFSetWarningHandlerExt(self._tell)
        try:
            yield
        finally:
            library.TIFFSetErrorHandlerExt(self._quiet)
            library.TIFFSetWarningHandlerExt(self._quiet)
            library.TIFFSetErrorHandler(old[0])
            library.TIFFSetWarningHandler(old[1])


def _is_jpeg_damage(form: bytes | None, values: int | None) -> bool:
    """Put libjpeg's sentence together as C does; ``values`` is the caller's ``va_list``."""
    said = ctypes.create_string_buffer(_SAID_BYTES)
    _C.vsnprintf(said, _SAID_BYTES, form, values)
    return any(words in said.value.lower() for words in _JPEG_DAMAGE)


def _untouched_rows(strip: bytes, row_bytes: int) -> int:
    untouched = bytes([_PATTERN]) * row_bytes
    count = 0
    for end in range(len(strip), row_bytes - 1, -row_bytes):
        if strip[end - row_bytes : end] != untouched:
            break
        count += 1
    return count


def _loaded() -> ctypes.CDLL:
    """Return the very library that Pillow's extension is linked with."""
    lines = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines()
    path = next((line.split(maxsplit=5)[5] for line in lines if "libtiff" in line), "")
    if not path:
        raise LibtiffMissingError(_imaging.__name__)
    library = ctypes.CDLL(path)
    library.TIFFFdOpen.restype = ctypes.c_void_p
    library.TIFFFdOpen.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p]
    library.TIFFSetDirectory.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    library.TIFFIsTiled.argtypes = [ctypes.c_void_p]
    library.TIFFNumberOfStrips.argtypes = [ctypes.c_void_p]
    library.TIFFNumberOfStrips.restype = ctypes.c_uint32
    library.TIFFStripSize.argtypes = [ctypes.c_void_p]
    library.TIFFStripSize.restype = ctypes.c_ssize_t
    library.TIFFReadEncodedStrip.argtypes = [
        ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_ssize_t,
    ]  # fmt: skip
    library.TIFFReadEncodedStrip.restype = ctypes.c_ssize_t
    library.TIFFClose.argtypes = [ctypes.c_void_p]
    for name in ("TIFFSetErrorHandler", "TIFFSetWarningHandler"):
        getattr(library, name).argtypes = [ctypes.c_void_p]
        getattr(library, name).restype = ctypes.c_void_p
        getattr(library, f"{name}Ext").argtypes = [_Teller]
        getattr(library, f"{name}Ext").restype = ctypes.c_void_p
    return library
