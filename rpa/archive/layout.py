"""Where things stand in an archive package, and how its lists are written."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rpa.archive.api import ArchiveRequest
from rpa.domain.document import DocumentRole, MediaType

FORMAT: Final = "paperless-rpa archive package"
FORMAT_VERSION: Final = "1"
MANIFEST: Final = "manifest.json"
CHECKSUMS: Final = "manifest.sha256"
HISTORY: Final = "history.json"
TRANSFER: Final = "transfer.json"
PRESERVATION: Final = "preservation/original.pdf"

_FOLDERS: Final[Mapping[DocumentRole, str]] = {
    DocumentRole.ORIGINAL: "original",
    DocumentRole.MESSAGE: "original",
    DocumentRole.AS_RECEIVED: "original",
    DocumentRole.LETTER: "outgoing",
    DocumentRole.SIGNED: "outgoing",
    DocumentRole.TRANSFER: "record",
}
_ENDINGS: Final[Mapping[MediaType, str]] = {
    MediaType.PDF: "pdf",
    MediaType.TIFF: "tif",
    MediaType.JPEG: "jpg",
    MediaType.PNG: "png",
    MediaType.WEBP: "webp",
    MediaType.HEIC: "heic",
    MediaType.BMP: "bmp",
    MediaType.JPEG2000: "jp2",
    MediaType.GIF: "gif",
    MediaType.EML: "eml",
    MediaType.JSON: "json",
    MediaType.HTML: "html",
    MediaType.ZIP: "zip",
}


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One file of a package."""

    path: str
    role: str
    media_type: MediaType
    content: bytes
    source_name: str = ""
    """The name it had when it came; kept in the manifest only."""
    pages: tuple[int, ...] = ()
    """Those of its pages that are the case's; none where it is all of it."""

    @property
    def sha256(self) -> str:
        """The digest of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


def part_files(request: ArchiveRequest) -> list[PackageFile]:
    """Return the request's parts under names made of their roles, so that none tells a person."""
    taken: dict[str, int] = {}
    files = []
    for part in request.parts:
        if part.role is DocumentRole.PACKAGE:
            continue
        folder = _FOLDERS.get(part.role, "evidence")
        taken[part.role] = taken.get(part.role, 0) + 1
        number = f"-{taken[part.role]}" if taken[part.role] > 1 else ""
        path = f"{folder}/{part.role}{number}.{_ENDINGS.get(part.media_type, 'bin')}"
        files.append(
            PackageFile(path, part.role, part.media_type, part.content, part.name, part.pages)
        )
    return files


def manifest_text(request: ArchiveRequest, files: Iterable[PackageFile]) -> bytes:
    """Return ``manifest.json``: what the package is, until when it is kept, and every file."""
    return json_bytes(
        {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "case": request.case_id,
            "process": {"id": request.process_id, "name": request.process_name},
            "channel": request.channel,
            "received_at": request.received_at,
            "archived_at": request.archived_at,
            "retention": {"destroy_after": request.destroy_after},
            "files": [
                {
                    "path": file.path,
                    "role": file.role,
                    "media_type": file.media_type,
                    "size": len(file.content),
                    "sha256": file.sha256,
                    "source_name": file.source_name,
                }
                for file in sorted(files, key=lambda file: file.path)
            ],
        }
    )


def checksum_text(digests: Mapping[str, str]) -> bytes:
    """Return the list that ``sha256sum -c`` checks."""
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()


def json_bytes(content: Any) -> bytes:
    """Return JSON for people and for ever: sorted, indented, UTF-8."""
    return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
