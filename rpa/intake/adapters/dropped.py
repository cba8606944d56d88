"""What stands in a watched folder: each file's identity, age and safe opening."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import IO, Final

from rpa.intake.names import safe_name

_UNFINISHED: Final = ("*.part", "*.partial", "*.tmp", "*.temp", "*.crdownload", "*.download",
                      "*.filepart", "*.lck", "*.lock", "*.swp", "~*", "*~", ".*",
                      "desktop.ini", "thumbs.db")  # fmt: skip
"""What browsers, copy programs, scanners and editors call a file they haven't finished, and what
Windows leaves in a shared folder by itself."""


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """One file or link as it stood when looked at."""

    path: Path
    status: os.stat_result

    @property
    def identity(self) -> str:
        """Name this delivery: the same after a crash, another when the file is dropped again.

        A digest, since a file name may tell who sent it.
        """
        status = self.status
        said = f"{status.st_ino}\0{status.st_mtime_ns}\0{status.st_size}\0".encode()
        return hashlib.sha256(said + os.fsencode(self.path.name)).hexdigest()[:32]

    @property
    def name(self) -> str:
        """The file's name, made safe."""
        return safe_name(self.path.name)

    @property
    def is_link(self) -> bool:
        """Say whether it is a symbolic link."""
        return stat.S_ISLNK(self.status.st_mode)

    @property
    def changed_at(self) -> float:
        """When the file was last written or touched, as seconds since the epoch.

        The change time counts too: a copy that keeps the original's modification time looks old
        while it is being written.
        """
        return max(self.status.st_mtime, self.status.st_ctime)

    def opened(self) -> IO[bytes]:
        """Open the file without following links and without waiting for a pipe's other end.

        Raises:
            OSError: It is gone, is no file any more, or may not be read.
        """
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        opened = os.fdopen(os.open(self.path, flags), "rb")
        if _same(os.fstat(opened.fileno()), self.status):
            return opened
        opened.close()
        raise FileNotFoundError(self.path.name)

    def is_unchanged(self, opened: IO[bytes]) -> bool:
        """Say whether the opened file is still as it was looked at."""
        return _same(os.fstat(opened.fileno()), self.status)


def dropped_files(folder: Path) -> Iterator[DroppedFile]:
    """Yield the files and links that wait in ``folder``, oldest first.

    Folders, pipes, sockets and devices are left alone, unfinished and hidden names too.

    Raises:
        OSError: The folder itself cannot be read.
    """
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries]
    found = [file for name in names if (file := looked_at(folder / name))]
    yield from sorted(found, key=lambda file: (file.status.st_mtime_ns, file.path.name))


def looked_at(path: Path) -> DroppedFile | None:
    """Return the file or link at ``path`` as it stands; None where nothing to take is there."""
    if any(fnmatch(path.name.lower(), pattern) for pattern in _UNFINISHED):
        return None
    try:
        status = path.lstat()
    except OSError:
        return None
    is_taken = stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode)
    return DroppedFile(path, status) if is_taken else None


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("st_ino", "st_dev", "st_mode", "st_size", "st_mtime_ns")
    )
