"""What a child does with one damaged PDF: qpdf writes it anew, and both are looked at."""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import pikepdf

from rpa.signing.adapters.mending.likeness import (
    NotShownError,
    as_pdfium_reads,
    looks_the_same,
)

FAULTS: Final = (
    pikepdf.PdfError, pikepdf.DataDecodingError, pikepdf.ForeignObjectError, ValueError, TypeError,
    KeyError, IndexError, AttributeError, OverflowError, RuntimeError, NotImplementedError,
)  # fmt: skip
_OBJECT: Final = re.compile(r"object (\d+) (\d+)")
_MARKS: Final = (
    ("table", re.compile(r"reconstruct|xref|cross-reference|trailer|startxref|is damaged")),
    ("header", re.compile(r"header")),
    ("length", re.compile(r"stream length|recovered stream|endstream")),
    ("pages", re.compile(r"[Pp]ages|/Kids|/Count|/Type key")),
)
"""Kinds of what qpdf reports to have mended, the first that fits."""
_SECOND_TRY: Final = ("pdf-no-pages", "pdf-damaged")
_REFUSALS: Final = (
    ("pdf-page-tree-loop", re.compile(r"[Ll]oop detected")),
    ("pdf-no-pages", re.compile(r"page tree|pages tree|/Kids|/Pages")),
    ("pdf-encryption", re.compile(r"encrypt|security handler", re.IGNORECASE)),
)


class Refused(Exception):  # noqa: N818 - the answer of a child, not an error of the program
    """The document can't be mended; ``code`` says why."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Mended:
    """A document written anew."""

    pdf: bytes
    marks: list[tuple[str, int]]
    """What was mended, and in which object (0: none in particular), each once."""


def mended(pdf: bytes, password: str) -> Mended:
    """Return ``pdf`` written anew by qpdf, if it still shows the same pages.

    Where qpdf finds no pages and PDFium does, qpdf is given what PDFium made out.

    Raises:
        Refused: It has no pages, a wrong password, or is shown otherwise than before.
    """
    try:
        written, marks = _rewritten(pdf, password)
    except Refused as refusal:
        made_out = as_pdfium_reads(pdf) if refusal.code in _SECOND_TRY else None
        if made_out is None:
            raise
        written, _marks_of_second = _rewritten(made_out, password)
        marks = [("table", 0), ("pages", 0)]
    if not pdf.startswith(b"%PDF-"):
        marks = [("header", 0), *(mark for mark in marks if mark[0] != "header")]
    try:
        same = looks_the_same(pdf, written, password)
    except NotShownError as exc:
        raise Refused("pdf-not-shown") from exc
    if not same:
        raise Refused("pdf-repair-differs")
    return Mended(written, marks)


def _rewritten(pdf: bytes, password: str) -> tuple[bytes, list[tuple[str, int]]]:
    try:
        with pikepdf.open(BytesIO(pdf), password=password, suppress_warnings=True) as document:
            if not len(document.pages):
                raise Refused("pdf-no-pages")
            _complete(document)
            written = _written(document)
            return written, _marks([str(warning) for warning in document.get_warnings()])
    except pikepdf.PasswordError as exc:
        raise Refused("pdf-encrypted") from exc
    except FAULTS as exc:
        raise Refused(_reason(str(exc))) from exc


def _complete(document: Any) -> None:
    """Give pages and trailer what careful readers ask for and qpdf does not."""
    if "/Size" not in document.trailer:
        document.trailer["/Size"] = 1  # qpdf writes the true one in its place
    for page in document.pages:
        if page.obj.get("/Type") != pikepdf.Name.Page:
            page.obj["/Type"] = pikepdf.Name.Page


def _written(document: Any) -> bytes:
    out = BytesIO()
    document.save(
        out,
        preserve_pdfa=True,
        fix_metadata_version=False,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.preserve,
        encryption=bool(document.is_encrypted),
        deterministic_id=not document.is_encrypted,
    )
    return out.getvalue()


def _marks(warnings: list[str]) -> list[tuple[str, int]]:
    found: dict[tuple[str, int], None] = {}
    for warning in warnings:
        place = _OBJECT.search(warning)
        number = int(place.group(1)) if place else 0
        kind = next((kind for kind, words in _MARKS if words.search(warning)), "fault")
        found[kind, number if kind in ("length", "fault") else 0] = None
    return list(found) or [("order", 0)]


def _reason(said: str) -> str:
    return next((code for code, words in _REFUSALS if words.search(said)), "pdf-damaged")
