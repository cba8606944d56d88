"""Archive packages as plain ZIP files that need no program of ours to be read or checked."""

import hashlib
from collections.abc import Sequence
from email import message_from_bytes
from email.policy import default as email_policy
from io import BytesIO
from typing import Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from rpa.archive.adapters.record_contents import carried_record
from rpa.archive.api import (
    ArchiveFlaw,
    ArchivePart,
    ArchiveRequest,
    Likeness,
    PreservationCopy,
    RecordDocument,
    SearchablePdf,
)
from rpa.archive.layout import (
    CHECKSUMS,
    HISTORY,
    MANIFEST,
    PRESERVATION,
    TRANSFER,
    PackageFile,
    checksum_text,
    json_bytes,
    manifest_text,
    part_files,
)
from rpa.archive.verification import flaws, unpacked
from rpa.domain.document import MediaType
from rpa.domain.model import Digest
from rpa.domain.pages import PageImage
from rpa.domain.transfer import KeptFile

CONVERTIBLE: Final = (
    MediaType.PDF, MediaType.TIFF, MediaType.JPEG, MediaType.PNG, MediaType.WEBP, MediaType.BMP,
    MediaType.JPEG2000, MediaType.GIF, MediaType.HEIC,
)  # fmt: skip

COPY_FORMAT: Final = "PDF/A-2b"
RECORD: Final = "record/transfer.pdf"
NOT_IN_RECORD: Final = frozenset({RECORD, TRANSFER, MANIFEST, CHECKSUMS})
"""What a record cannot name: itself, its copy for programs, and the lists that name it."""


class ZipArchive:
    """Builds and checks packages; keeps nothing between calls."""

    def __init__(self, searchable: SearchablePdf, likeness: Likeness) -> None:
        """Keep what makes the searchable copy of the original, and what compares pages."""
        self._searchable = searchable
        self._likeness = likeness

    def copy_of(self, original: ArchivePart) -> PreservationCopy | None:
        """Return the searchable PDF/A of an original; None where it has no pages.

        Raises:
            ToolUnavailableError, ToolTimeoutError: The PDF/A converter failed.
        """
        content, media_type = original.content, original.media_type
        if media_type is MediaType.EML:
            content, media_type = _attached_pdf(content), MediaType.PDF
        if not content or media_type not in CONVERTIBLE:
            return None
        made = self._searchable.converted(content, media_type, original.pages)
        return PreservationCopy(
            content=made,
            path=PRESERVATION,
            format=COPY_FORMAT,
            made_by=self._searchable.name,
            settings=self._searchable.settings,
        )

    def likeness(self, source: Sequence[PageImage], copy: Sequence[PageImage]) -> float | None:
        """Return how alike the least alike pair of pages looks, from 0 to 1.

        None where the numbers of pages differ, or there are none.
        """
        return self._likeness(source, copy)

    def listed(self, request: ArchiveRequest) -> tuple[KeptFile, ...]:
        """Return what the package will hold, but for its own lists and the transfer record."""
        files = sorted(_kept_files(request), key=lambda file: file.path)
        return tuple(KeptFile(path=file.path, sha256=Digest(file.sha256)) for file in files)

    def package(self, request: ArchiveRequest) -> bytes:
        """Return the package as ZIP; the layout stands in ``docs/archive.md``."""
        files = _kept_files(request)
        files.append(_json_file(TRANSFER, "transfer", request.transfer))
        files.append(_file(MANIFEST, "manifest", manifest_text(request, files)))
        digests = {file.path: file.sha256 for file in files}
        files.append(_file(CHECKSUMS, "checksums", checksum_text(digests)))
        return zipped({file.path: file.content for file in files})

    def record_of(self, package: bytes) -> RecordDocument | None:
        """Return the transfer record of a package; None where it has none."""
        contents = unpacked(package)
        document = contents.get(RECORD)
        if document is None:
            return None
        record = carried_record(document)
        if record is None:
            return RecordDocument(RECORD, document, seal="", differing=(), is_readable=False)
        named = {file.path: file.sha256 for file in record.files}
        found = {
            path: hashlib.sha256(content).hexdigest()
            for path, content in contents.items()
            if path not in NOT_IN_RECORD
        }
        differing = {path for path in named | found if named.get(path) != found.get(path)}
        return RecordDocument(
            path=RECORD, content=document, seal=record.seal, differing=tuple(sorted(differing))
        )

    def verify(self, package: bytes) -> tuple[ArchiveFlaw, ...]:
        """Check every file against the manifest; an empty tuple says all is as archived."""
        return flaws(package, zipped)


def _kept_files(request: ArchiveRequest) -> list[PackageFile]:
    files = part_files(request)
    if request.copy is not None:
        copy = request.copy
        files.append(PackageFile(copy.path, "preservation", MediaType.PDF, copy.content))
    files.append(_json_file(HISTORY, "history", list(request.history)))
    return files


def zipped(contents: dict[str, bytes]) -> bytes:
    """Return the one ZIP of ``contents``: sorted, uncompressed, without times.

    Stored files survive damage elsewhere in the ZIP, and the same contents give the same bytes
    with every version of every compressor.
    """
    target = BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as package:
        for path in sorted(contents):
            entry = ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            package.writestr(entry, contents[path])
    return target.getvalue()


def _json_file(path: str, role: str, content: object) -> PackageFile:
    return _file(path, role, json_bytes(content))


def _file(path: str, role: str, content: bytes) -> PackageFile:
    return PackageFile(path, role, MediaType.JSON, content)


def _attached_pdf(message: bytes) -> bytes:
    parsed = message_from_bytes(message, policy=email_policy)
    for part in parsed.walk():
        if part.get_content_type() == MediaType.PDF:
            content = part.get_payload(decode=True)
            return content if isinstance(content, bytes) else b""
    return b""
