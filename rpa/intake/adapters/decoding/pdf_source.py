"""Opens a PDF twice: qpdf says whether it is whole, PDFium shows it."""

import io
import logging
from dataclasses import dataclass
from typing import Any, Final

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.refusal import DAMAGED, DAMAGED_PAGE, Refusal
from rpa.intake.structure import pdf_has_its_end

BROKEN_OBJECT: Final = (
    pikepdf.PdfError, pikepdf.DataDecodingError, pikepdf.ForeignObjectError, ValueError, TypeError,
    KeyError, IndexError, AttributeError, OverflowError, RuntimeError, NotImplementedError,
)  # fmt: skip
_ENCRYPTION_WORDS: Final = ("encrypt", "security handler", "password")


@dataclass(frozen=True, slots=True)
class PdfSource:
    """One PDF, open in both libraries, with as many pages in each."""

    structure: Any
    """The ``pikepdf.Pdf``: objects and form values."""
    view: Any
    """The ``pypdfium2.PdfDocument``: pixels and words."""
    pages: int


def open_pdf(content: bytes, limits: DecodeLimits) -> PdfSource:
    """Open ``content`` and check that it is whole and has pages a person could see.

    Raises:
        Refusal: Encrypted, cut short, damaged, no pages or too many, or shown only by one program.
    """
    structure = _structure(content)
    _check_whole(structure, content)
    pages = _page_count(structure)
    if not pages:
        raise Refusal("no-pages")
    if pages > limits.max_pages:
        raise Refusal("too-many-pages", pages=pages, limit=limits.max_pages)
    _check_shown_by_all(structure)
    _check_contents(structure)
    return PdfSource(structure, _view(content, pages), pages)


def _structure(content: bytes) -> Any:
    try:
        return pikepdf.open(io.BytesIO(content), suppress_warnings=True)
    except pikepdf.PasswordError as problem:
        raise Refusal("encrypted") from problem
    except BROKEN_OBJECT as problem:
        said = str(problem).lower()
        is_locked = any(word in said for word in _ENCRYPTION_WORDS)
        code = "encrypted" if is_locked else _damage(content)
        raise Refusal(code) from problem


def _damage(content: bytes) -> str:
    return DAMAGED if pdf_has_its_end(content) else "incomplete"


def _check_whole(structure: Any, content: bytes) -> None:
    """Refuse a file that had to be repaired and has no end: what is missing can't be known."""
    if structure.get_warnings() and not pdf_has_its_end(content):
        raise Refusal("incomplete")


def _page_count(structure: Any) -> int:
    try:
        return len(structure.pages)
    except BROKEN_OBJECT as problem:
        raise Refusal(DAMAGED) from problem


def _check_shown_by_all(structure: Any) -> None:
    """Refuse what other programs show as "please wait" (ISO 32000-1, 12.7.8) or as a cover."""
    root = structure.Root
    if "/NeedsRendering" in root and bool(root.NeedsRendering):
        raise Refusal("dynamic-form")
    if "/Collection" in root:
        raise Refusal("portfolio")


def _check_contents(structure: Any) -> None:
    """Decode each page's instructions: PDFium would leave a damaged page blank without a word."""
    for number, page in enumerate(structure.pages, start=1):
        try:
            for stream in _streams(page):
                stream.read_bytes()
        except BROKEN_OBJECT as problem:
            raise refusal_of_stream(problem, number) from problem


def refusal_of_stream(problem: Exception, page: int) -> Refusal:
    """Tell a stream that inflates beyond the memory allowed from one that is damaged."""
    if "bad_alloc" in str(problem):
        return Refusal("too-demanding")
    return Refusal(DAMAGED_PAGE, page=page)


def _streams(page: Any) -> list[Any]:
    contents = page.obj.get("/Contents")
    if contents is None:
        return []
    return list(contents) if isinstance(contents, pikepdf.Array) else [contents]


def _view(content: bytes, pages: int) -> Any:
    try:
        view = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as problem:
        raise Refusal(DAMAGED) from problem
    if len(view) != pages:
        raise Refusal(DAMAGED)
    if view.get_formtype() != pdfium.FORMTYPE_NONE:
        _show_values(view)
    return view


def _show_values(view: Any) -> None:
    """Have the values of form fields drawn; of a form that has XFA besides, its PDF fields.

    What only XFA has was refused before, so the library's warning about it says nothing new.
    """
    logging.getLogger("pypdfium2").setLevel(logging.ERROR)
    view.init_forms()
