"""Archive packages as plain ZIP files that need no program of ours to be read or checked."""

from email import message_from_bytes
from email.policy import default as email_policy
from io import BytesIO
from typing import Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from rpa.archive.api import ArchiveFlaw, ArchiveRequest, SearchablePdf
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
from rpa.archive.verification import flaws
from rpa.domain.document import DocumentRole, MediaType

CONVERTIBLE: Final = (
    MediaType.PDF, MediaType.TIFF, MediaType.JPEG, MediaType.PNG, MediaType.WEBP, MediaType.BMP,
    MediaType.JPEG2000, MediaType.GIF, MediaType.HEIC,
)  # fmt: skip


class ZipArchive:
    """Builds and checks packages; keeps nothing between calls."""

    def __init__(self, searchable: SearchablePdf) -> None:
        """Keep what makes the searchable copy of the original."""
        self._searchable = searchable

    def package(self, request: ArchiveRequest) -> bytes:
        """Return the package as ZIP; the layout stands in ``docs/archive.md``.

        Raises:
            ToolUnavailableError, ToolTimeoutError: The PDF/A converter failed.
        """
        files = part_files(request)
        copy = self._preservation_copy(files)
        files += [copy] if copy else []
        files.append(_json_file(HISTORY, "history", list(request.history)))
        files.append(_json_file(TRANSFER, "transfer", self._transfer(request, files)))
        files.append(_file(MANIFEST, "manifest", manifest_text(request, files)))
        digests = {file.path: file.sha256 for file in files}
        files.append(_file(CHECKSUMS, "checksums", checksum_text(digests)))
        return zipped({file.path: file.content for file in files})

    def verify(self, package: bytes) -> tuple[ArchiveFlaw, ...]:
        """Check every file against the manifest; an empty tuple says all is as archived."""
        return flaws(package, zipped)

    def _preservation_copy(self, files: list[PackageFile]) -> PackageFile | None:
        source = next((file for file in files if file.role == DocumentRole.ORIGINAL), None)
        if source is None:
            return None
        content, media_type = source.content, source.media_type
        if media_type is MediaType.EML:
            content, media_type = _attached_pdf(content), MediaType.PDF
        if not content or media_type not in CONVERTIBLE:
            return None
        made = self._searchable.converted(content, media_type, source.pages)
        return PackageFile(PRESERVATION, "preservation", MediaType.PDF, made)

    def _transfer(self, request: ArchiveRequest, files: list[PackageFile]) -> dict[str, object]:
        """Return the record that LCCJTI, section 17, asks to keep as long as the result."""
        record: dict[str, object] = {"declared": request.transfer, "channel": request.channel}
        for file in files:
            if file.role == DocumentRole.ORIGINAL:
                record["source"] = _described(file) | {"received_at": request.received_at}
            if file.path == PRESERVATION:
                record["result"] = _described(file) | {
                    "format": "PDF/A-2b",
                    "made_at": request.archived_at,
                    "made_by": self._searchable.name,
                }
        return record


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


def _described(file: PackageFile) -> dict[str, object]:
    return {"path": file.path, "media_type": file.media_type, "sha256": file.sha256}


def _attached_pdf(message: bytes) -> bytes:
    parsed = message_from_bytes(message, policy=email_policy)
    for part in parsed.walk():
        if part.get_content_type() == MediaType.PDF:
            content = part.get_payload(decode=True)
            return content if isinstance(content, bytes) else b""
    return b""
