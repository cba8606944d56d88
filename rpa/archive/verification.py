"""Checking a package against its own lists; the bytes may come from anywhere."""

import hashlib
import json
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Annotated, Final
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rpa.archive.api import ArchiveFlaw
from rpa.archive.layout import CHECKSUMS, FORMAT_VERSION, MANIFEST, checksum_text

PACKAGE: Final = "package"
"""Stands for the ZIP as a whole in a flaw."""

MAX_LIST_BYTES: Final = 16_000_000
MAX_FILES: Final = 10_000

_DAMAGED: Final = (
    BadZipFile,
    LargeZipFile,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What :mod:`zipfile` raises on files that are no ZIP any more, encrypted or of other methods."""


class _Listed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    path: str
    size: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Manifest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    format_version: str
    files: tuple[_Listed, ...]


def flaws(package: bytes, rebuilt: Callable[[dict[str, bytes]], bytes]) -> tuple[ArchiveFlaw, ...]:
    """Name each file that is changed, missing or not listed; nothing is unpacked beyond its size.

    ``rebuilt`` makes the one ZIP of some contents: bytes between the files are checked by it.
    """
    try:
        with ZipFile(BytesIO(package)) as source:
            return tuple(_found(source, package, rebuilt))
    except _DAMAGED:
        return (ArchiveFlaw(PACKAGE, "unreadable"),)


def unpacked(package: bytes) -> dict[str, bytes]:
    """Return a package's files by path, each up to the size its manifest states; none if broken."""
    try:
        with ZipFile(BytesIO(package)) as source:
            manifest = _manifest(_content(source, _entry(source, MANIFEST), MAX_LIST_BYTES))
            if manifest is None:
                return {}
            found = {
                file.path: _content(source, _entry(source, file.path), file.size)
                for file in manifest.files[:MAX_FILES]
            }
            return {path: content for path, content in found.items() if content is not None}
    except _DAMAGED:
        return {}


def _entry(source: ZipFile, path: str) -> ZipInfo | None:
    return source.NameToInfo.get(path)


def _found(
    source: ZipFile, package: bytes, rebuilt: Callable[[dict[str, bytes]], bytes]
) -> list[ArchiveFlaw]:
    entries = source.infolist()
    if len(entries) > MAX_FILES:
        return [ArchiveFlaw(PACKAGE, "unreadable")]
    by_path = {entry.filename: entry for entry in entries}
    manifest_bytes = _content(source, by_path.get(MANIFEST), MAX_LIST_BYTES)
    manifest = _manifest(manifest_bytes)
    if manifest_bytes is None or manifest is None:
        problem = "unreadable" if MANIFEST in by_path else "missing"
        return [ArchiveFlaw(MANIFEST, problem)]
    listed = {file.path: file for file in manifest.files}
    contents: dict[str, bytes] = {MANIFEST: manifest_bytes}
    found = [ArchiveFlaw(path, "not-listed") for path in _extra(entries, set(listed))]
    for path, file in listed.items():
        problem, content = _checked(source, by_path.get(path), file)
        found += [ArchiveFlaw(path, problem)] if problem else []
        contents[path] = content
    found += _checksum_flaws(source, by_path.get(CHECKSUMS), contents, listed)
    if not found and not _is_as_built(source, contents, package, rebuilt):
        found.append(ArchiveFlaw(PACKAGE, "changed"))
    return sorted(found, key=lambda flaw: flaw.file)


def _checked(source: ZipFile, entry: ZipInfo | None, file: _Listed) -> tuple[str, bytes]:
    if entry is None:
        return "missing", b""
    try:
        content = _content(source, entry, file.size)
    except _DAMAGED:
        return "changed", b""
    if content is None or hashlib.sha256(content).hexdigest() != file.sha256:
        return "changed", b""
    return "", content


def _checksum_flaws(
    source: ZipFile,
    entry: ZipInfo | None,
    contents: dict[str, bytes],
    listed: dict[str, _Listed],
) -> list[ArchiveFlaw]:
    if entry is None:
        return [ArchiveFlaw(CHECKSUMS, "missing")]
    digests = {path: file.sha256 for path, file in listed.items()}
    digests[MANIFEST] = hashlib.sha256(contents[MANIFEST]).hexdigest()
    try:
        content = _content(source, entry, MAX_LIST_BYTES)
    except _DAMAGED:
        content = None
    if content == checksum_text(digests):
        contents[CHECKSUMS] = content
        return []
    # The two lists disagree: one of them was changed, and which can't be told.
    return [ArchiveFlaw(CHECKSUMS, "changed"), ArchiveFlaw(MANIFEST, "changed")]


def _is_as_built(
    source: ZipFile,
    contents: dict[str, bytes],
    package: bytes,
    rebuilt: Callable[[dict[str, bytes]], bytes],
) -> bool:
    return len(source.infolist()) == len(contents) and rebuilt(contents) == package


def _content(source: ZipFile, entry: ZipInfo | None, limit: int) -> bytes | None:
    """Return a file's bytes, or None if it is absent or larger than ``limit``."""
    if entry is None or entry.file_size > limit:
        return None
    with source.open(entry) as file:
        content = file.read(limit + 1)
    return content if len(content) <= limit else None


def _manifest(content: bytes | None) -> _Manifest | None:
    if content is None:
        return None
    try:
        manifest = _Manifest.model_validate(json.loads(content))
    except (ValidationError, ValueError, RecursionError):
        return None
    return manifest if manifest.format_version == FORMAT_VERSION else None


def _extra(entries: list[ZipInfo], listed: set[str]) -> list[str]:
    """Return the files that no list names, and those that stand in the ZIP twice."""
    names = [entry.filename for entry in entries]
    known = listed | {MANIFEST, CHECKSUMS}
    return sorted({name for name in names if name not in known or names.count(name) > 1})
