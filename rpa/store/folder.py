"""Documents in a folder, each under its SHA-256, written so that a power cut can't lose one."""

import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from rpa.domain.errors import IntegrityError, NotFoundError, ToolUnavailableError
from rpa.domain.model import Digest
from rpa.i18n import _
from rpa.store.faults import FaultKind, StoreFault

_INCOMING: Final = ".incoming"
_ALTERED: Final = ".altered"
_READ_ONLY: Final = 0o440
_FOLDER_MODE: Final = 0o750
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_ATTEMPTS: Final = 3


class FolderStore:
    """Keeps documents under ``root``, two folders deep; safe from several threads and processes.

    Bytes go to a temporary file first, are flushed to the disk and only then take their name, so
    that a name always means whole bytes. A document once kept is never written again.
    """

    def __init__(
        self, root: Path, *, token: Callable[[], str] = lambda: secrets.token_hex(8)
    ) -> None:
        self.root = root
        self._token = token
        self._is_clean = False

    def put(self, content: bytes) -> Digest:
        """Keep ``content``; once this returns, it survives a power cut.

        Where altered bytes stand under its digest, they are set apart in ``.altered`` for whoever
        looks into it, and the right bytes are kept.

        Raises:
            ToolUnavailableError: The store cannot be written (disk full, no permission).
        """
        digest = Digest(hashlib.sha256(content).hexdigest())
        try:
            if not self._holds(digest, content):
                self._write(digest, content)
        except OSError as problem:
            raise _unavailable(self.root, problem) from problem
        return digest

    def get(self, digest: Digest) -> bytes:
        """Return the bytes kept under ``digest``, after checking that they still have it.

        Raises:
            NotFoundError: Nothing is kept under this digest.
            IntegrityError: The kept bytes have another digest now.
            ToolUnavailableError: The system does not give the bytes.
        """
        if not _DIGEST.fullmatch(digest):
            raise _not_found(digest)
        try:
            content = self.path_of(digest).read_bytes()
        except FileNotFoundError as problem:
            raise _not_found(digest) from problem
        except OSError as problem:
            raise _unavailable(self.root, problem) from problem
        if hashlib.sha256(content).hexdigest() != digest:
            raise IntegrityError(
                _(
                    "The document {digest} was altered in the store. Restore it from a backup.",
                    digest=digest,
                ),
                code="altered-document",
            )
        return content

    def remove(self, digest: Digest) -> None:
        """Throw a document away for good; one that is not there is no error.

        Raises:
            ToolUnavailableError: The store cannot be written.
        """
        path = self.path_of(digest)
        try:
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                _flush_folder(path.parent)
        except OSError as problem:
            raise _unavailable(self.root, problem) from problem

    def verify_all(self) -> Iterator[StoreFault]:
        """Read every kept document and yield what is wrong, in the order of the digests."""
        for path in sorted(self.root.rglob("*")):
            inside = path.relative_to(self.root)
            if path.is_dir() or inside.parts[0] == _INCOMING:
                continue
            fault = self._fault(path, inside)
            if fault:
                yield fault

    def clean(self) -> int:
        """Remove temporary files whose writers are gone; return how many.

        A writer holds a lock on its file for as long as it lives, on whatever machine.
        """
        removed = 0
        for path in list((self.root / _INCOMING).glob("*")):
            with suppress(OSError), path.open("rb") as left:
                fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
                removed += 1
        return removed

    def path_of(self, digest: Digest) -> Path:
        """Return where the document of this digest is or would be."""
        return self.root / digest[:2] / digest[2:4] / digest

    def _fault(self, path: Path, inside: Path) -> StoreFault | None:
        if inside.parts[0] == _ALTERED:
            return StoreFault(FaultKind.ALTERED, path.name[:64])
        if not _DIGEST.fullmatch(path.name) or path != self.path_of(Digest(path.name)):
            return StoreFault(FaultKind.STRAY, str(inside))
        try:
            with path.open("rb") as kept:
                found = hashlib.file_digest(kept, "sha256").hexdigest()
        except OSError:
            return StoreFault(FaultKind.UNREADABLE, path.name)
        return None if found == path.name else StoreFault(FaultKind.ALTERED, path.name)

    def _holds(self, digest: Digest, content: bytes) -> bool:
        path = self.path_of(digest)
        try:
            kept = path.read_bytes()
        except FileNotFoundError:
            return False
        if kept == content:
            _flush_folder(path.parent)  # whoever wrote it may not have come that far
            return True
        self._set_apart(path)
        return False

    def _set_apart(self, path: Path) -> None:
        apart = self.root / _ALTERED
        _make_folder(apart)
        path.rename(apart / f"{path.name}.{self._token()}")

    def _write(self, digest: Digest, content: bytes) -> None:
        if not self._is_clean:
            self.clean()
            self._is_clean = True
        target = self.path_of(digest)
        _make_folder(target.parent)
        for _attempt in range(_ATTEMPTS):
            try:
                self._write_once(target, content)
            except FileNotFoundError:
                continue  # a cleaner took the file in the instant before it was locked
            return
        self._write_once(target, content)

    def _write_once(self, target: Path, content: bytes) -> None:
        incoming = self.root / _INCOMING
        _make_folder(incoming)
        path = incoming / self._token()
        with path.open("xb") as out:
            try:
                fcntl.flock(out, fcntl.LOCK_EX)
                out.write(content)
                out.flush()
                os.fchmod(out.fileno(), _READ_ONLY)
                os.fsync(out.fileno())
                path.rename(target)
            except OSError:
                path.unlink(missing_ok=True)
                raise
        _flush_folder(target.parent)


def _make_folder(folder: Path) -> None:
    """Create ``folder`` and what is missing above it, each entry flushed to the disk."""
    missing = [folder]
    while not missing[-1].is_dir():
        missing.append(missing[-1].parent)
    for new in reversed(missing[:-1]):
        new.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        _flush_folder(new.parent)


def _flush_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _not_found(digest: str) -> NotFoundError:
    return NotFoundError(_("The store keeps no document {digest}.", digest=digest[:64]))


def _unavailable(root: Path, problem: OSError) -> ToolUnavailableError:
    return ToolUnavailableError(
        _(
            "The document store {folder} cannot be used: {why}. Free space or correct its "
            "permissions; the work is tried again.",
            folder=root,
            why=problem.strerror or type(problem).__name__,
        ),
        code="store-unavailable",
    )
