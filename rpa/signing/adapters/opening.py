"""PDFs opened for one more revision: strictly, else tolerantly, else mended first.

A file that carries a signature is never mended, only extended.
"""

import contextlib
import dataclasses
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthResult, AuthStatus, PubKeySecurityHandler
from pyhanko.pdf_utils.crypt.permissions import StandardPermissions
from pyhanko.pdf_utils.decode_limits import (
    DEFAULT_PURPOSE_LIMITS,
    DecodeLimits,
    DecodePurpose,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfDecodeLimitError, PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

from rpa.domain.errors import SignatureRefusedError
from rpa.late import late
from rpa.signing.adapters.agreeing import carries_a_signature, is_read_alike
from rpa.signing.adapters.forms import SignatureFields, check_no_dynamic_form, mended_form
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.pages import entry_of, page_refs, target
from rpa.signing.adapters.refusing import refused

if TYPE_CHECKING:
    from rpa.signing.adapters.repairing import repaired
else:  # few documents are damaged
    repaired = late("rpa.signing.adapters.repairing", "repaired")

MOST_OBJECTS: Final = 8_388_607
"""The highest object number of usual readers (ISO 32000-1, annex C)."""
FEW_OBJECTS: Final = 300
LEAST_OBJECT_BYTES: Final = 4
"""Readers (qpdf among them) don't believe in more objects than fit into a file.

Compressed ones may be smaller.
"""
_MIB: Final = 1 << 20
LIMITS: Final = DecodeLimits(
    per_purpose={
        **DEFAULT_PURPOSE_LIMITS,
        # A million entries; each becomes an object of the program.
        DecodePurpose.XREF_STREAM: StreamDecodeLimits(ratio_floor=_MIB, max_output_size=8 * _MIB),
    }
)
_HEADER_WITHIN: Final = 1024
_LOOKS_LIKE_PDF: Final = re.compile(rb"\d+\s+\d+\s+obj\b.*?<<", re.DOTALL)
_STRINGS: Final = (generic.ByteStringObject, generic.TextStringObject)
_FILL: Final = (
    StandardPermissions.ALLOW_ANNOTS_FORM_FILLING | StandardPermissions.ALLOW_FORM_FILLING
)


class UpdateWriter(IncrementalPdfFileWriter):
    """Appends a revision that changes nothing but what it is told to.

    The PDF version is raised to 1.7 at most: PDF/A-2 and PDF/A-3 are PDF 1.7 and must not say 2.0.
    Dates and programs in the document's metadata stay as they are, so that PDF/A's two copies of
    them go on agreeing.
    """

    output_version = (1, 7)

    def __init__(self, pdf: bytes, *, strict: bool) -> None:
        """Read ``pdf``; object numbers of the new revision begin above every one in use."""
        stream = BytesIO(pdf)
        reader = (
            PdfFileReader(stream, strict=True, decode_limits=LIMITS)
            if strict
            else _TolerantReader(stream)
        )
        super().__init__(stream, prev=reader)
        self._lastobj_id = max(self._lastobj_id, _highest_object(self.prev))
        if not 0 < self.prev.trailer["/Size"] <= MOST_OBJECTS:
            raise PdfReadError("the size of the table is out of range")
        most = FEW_OBJECTS + len(pdf) // LEAST_OBJECT_BYTES
        if self._lastobj_id >= (MOST_OBJECTS if self.prev.has_xref_stream else most):
            raise PdfReadError("object numbers are too high")

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Raise the version to 1.7 at most."""
        super().ensure_output_version(min(version, (1, 7)))  # type: ignore[no-untyped-call]

    def encrypt(self, user_pwd: str) -> AuthResult:
        """Unlock the document, and keep its lock on what is added."""
        found: AuthResult = super().encrypt(user_pwd)  # type: ignore[no-untyped-call]
        lock: Any = self._encrypt
        if not isinstance(lock, generic.IndirectObject):
            # It stood in the trailer itself, where ISO 32000-2, table 15, has a reference.
            self._encrypt = self.add_object(lock)
        return found

    def _update_meta(self) -> None:
        """Leave the document's metadata alone."""


class _TolerantReader(PdfFileReader):
    """Reads what can be made out, with an identifier where the document's own is none.

    An encrypted one without is unlocked as if it were empty, as other readers do.
    """

    def __init__(self, stream: BytesIO) -> None:
        super().__init__(stream, strict=False, decode_limits=LIMITS)
        found: Any = target(self.trailer_view.get("/ID"))
        is_whole = isinstance(found, generic.ArrayObject) and len(found) == 2
        if is_whole and all(isinstance(part, _STRINGS) for part in found):
            return
        is_encrypted = self.trailer_view.get("/Encrypt") is not None
        if found is not None or is_encrypted:
            parts = [b"" if is_encrypted else os.urandom(16) for _part in range(2)]
            strings = map(generic.ByteStringObject, parts)
            self.trailer[pdf_name("/ID")] = generic.ArrayObject(strings)


@dataclass(frozen=True, slots=True)
class OpenedPdf:
    """A document that is ready for one more revision."""

    writer: UpdateWriter
    base: bytes
    """What the revision is appended to: the bytes given, or the mended ones."""
    repairs: tuple[str, ...]
    """What was mended, in words."""
    pages: tuple[generic.IndirectObject, ...]
    fields: SignatureFields
    may_fill: bool = True
    """The owner permits signing in a field that is there."""
    may_add_fields: bool = True
    """The owner permits new signature fields."""

    def check_field(self, name: str, *, visible: bool) -> bool:
        """Say whether ``name`` is an empty field that is there, rather than a new one's name.

        Raises:
            SignatureRefusedError: It is signed or locked, or a new one is not allowed.
        """
        exists = self.fields.check(name, visible=visible)
        if not (self.may_fill if exists else self.may_add_fields):
            raise refused("pdf-not-permitted")
        return exists


def opened(pdf: bytes, *, password: str | None = None) -> OpenedPdf:
    """Open ``pdf`` for one more revision, mended where no careful reader could open it.

    Raises:
        SignatureRefusedError: It can't be signed; the code says why.
        ToolUnavailableError: It needs mending and the program for that could not be started.
    """
    _check_kind(pdf)
    try:
        found = _tolerantly(pdf, password)
    except PdfDecodeLimitError as exc:
        raise refused("pdf-too-demanding") from exc
    except MALFORMED:
        return _mended(pdf, password)
    is_signed = bool(found.fields.signed)
    if not is_signed and not _is_found_alike(pdf, password, found.writer.prev):
        try:
            return _mended(pdf, password)
        except SignatureRefusedError as exc:
            raise refused("pdf-readers-differ") from exc
    if not is_signed and not _shows_its_pages(found.pages):
        # Mending is the better way; but where viewers disagree on what the damaged page shows, the
        # bytes given are what is signed.
        with contextlib.suppress(SignatureRefusedError):
            return _mended(pdf, password)
        found = _tolerantly(pdf, password)
    return found


def _is_found_alike(pdf: bytes, password: str | None, reader: Any) -> bool:
    """Say whether every careful reader finds the document by its tables.

    An entry that points beyond the file has some readers (MuPDF) rebuild the whole table, even
    where nothing refers to its object.
    """
    beyond = any(offset >= len(pdf) for offset in _offsets(reader))
    return not beyond and is_read_alike(pdf, password or "", thoroughly=not reader.strict)


def _offsets(reader: Any) -> Iterator[int]:
    """Yield where the newest entry of each object says that it begins."""
    seen: set[int] = set()
    for section in _sections(reader):
        for number, (_generation, offset) in section.standard_xrefs.items():
            if number not in seen:
                yield offset
        for numbers in (section.standard_xrefs, section.xrefs_in_objstm, section.freed):
            seen.update(numbers)


def _sections(reader: Any) -> Iterator[Any]:
    """Yield the sections of cross-references, the newest first."""
    for revision in reversed(range(reader.xrefs.total_revisions)):
        section = reader.xrefs.get_xref_data(revision)
        while section is not None:
            yield section
            section = section.hybrid.xref_data if section.hybrid else None


def _mended(pdf: bytes, password: str | None) -> OpenedPdf:
    mended = repaired(pdf, password=password)
    try:
        found = _tolerantly(mended.pdf, password)
    except MALFORMED as exc:
        raise refused("pdf-damaged") from exc
    return dataclasses.replace(found, repairs=(*mended.repairs, *found.repairs))


def _check_kind(pdf: bytes) -> None:
    if not pdf.strip(b"\0 \t\r\n"):
        raise refused("pdf-empty")
    has_header = b"%PDF-" in pdf[:_HEADER_WITHIN]
    if not has_header and not (b"endobj" in pdf and _LOOKS_LIKE_PDF.search(pdf)):
        raise refused("not-a-pdf")


def _tolerantly(pdf: bytes, password: str | None) -> OpenedPdf:
    try:
        return _ready(pdf, password, strict=True)
    except PdfDecodeLimitError:
        raise
    except MALFORMED:
        return _ready(pdf, password, strict=False)


def _ready(pdf: bytes, password: str | None, *, strict: bool) -> OpenedPdf:
    writer = UpdateWriter(pdf, strict=strict)
    rights = _unlocked(writer, password)
    root = writer.root
    check_no_dynamic_form(root)
    pages = page_refs(root)
    repairs = mended_form(writer)
    fields = SignatureFields.of(writer)
    if repairs and (fields.signed or carries_a_signature(pdf)):
        raise refused("pdf-damaged-signed")
    return OpenedPdf(
        writer=writer,
        base=pdf,
        repairs=repairs,
        pages=pages,
        fields=fields,
        may_fill=rights is None or bool(rights & _FILL),
        may_add_fields=rights is None or _may_add_fields(rights),
    )


def _unlocked(writer: UpdateWriter, password: str | None) -> StandardPermissions | None:
    """Return what the owner permits, or None where nothing restricts this reader.

    ISO 32000-2, 7.6.4.2: whoever has only the user password keeps to what ``/P`` permits.
    """
    handler = writer.prev.security_handler
    if handler is None:
        return None
    if isinstance(handler, PubKeySecurityHandler):
        raise refused("pdf-encrypted-certificate")
    found = writer.encrypt(password or "")
    if found.status is AuthStatus.FAILED:
        raise refused("pdf-encrypted")
    if found.status is AuthStatus.OWNER or not isinstance(
        found.permission_flags, StandardPermissions
    ):
        return None
    return found.permission_flags


def _may_add_fields(rights: StandardPermissions) -> bool:
    """Say whether a new signature field is allowed (ISO 32000-2, table 22, bits 4 and 6)."""
    needed = (
        StandardPermissions.ALLOW_MODIFICATION_GENERIC,
        StandardPermissions.ALLOW_ANNOTS_FORM_FILLING,
    )
    return all(one in rights for one in needed)


def _highest_object(reader: Any) -> int:
    """Return the highest number that a cross-reference names: ``/Size`` may be too low."""
    highest = 0
    for section in _sections(reader):
        for numbers in (section.standard_xrefs, section.xrefs_in_objstm, section.freed):
            highest = max(highest, max(numbers, default=0))
    return highest


def _shows_its_pages(pages: tuple[generic.IndirectObject, ...]) -> bool:
    """Say whether what the first and the last page show can be found."""
    try:
        for ref in (pages[0], pages[-1]):
            contents = entry_of(target(ref), "/Contents")
            for part in contents if isinstance(contents, generic.ArrayObject) else ():
                target(part)
    except MALFORMED:
        return False
    return True
