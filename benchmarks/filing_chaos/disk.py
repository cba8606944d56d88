"""A disk that can be full: a small file system of its own, or a limit on what may be written."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.filing_chaos.crew import family, is_python

SIZE = "700m"
BALLAST = "ballast"
CHUNK = bytes(1 << 20)


@dataclass(frozen=True)
class Disk:
    """Where the register and the evidence are kept."""

    folder: Path
    clocks: Path
    """The mark of the processes that write there."""
    is_own: bool
    """It is a file system of its own."""

    @contextmanager
    def full(self) -> Iterator[None]:
        """Let nothing be written meanwhile."""
        with self._filled() if self.is_own else self._limited():
            yield

    @contextmanager
    def _filled(self) -> Iterator[None]:
        ballast = self.folder / BALLAST
        try:
            with suppress(OSError), ballast.open("wb", buffering=0) as out:
                while True:
                    os.posix_fallocate(out.fileno(), 0, out.tell() + len(CHUNK))
                    out.seek(0, os.SEEK_END)
            with suppress(OSError), ballast.open("ab", buffering=0) as out:
                while out.write(CHUNK[:4096]):
                    pass
            yield
        finally:
            ballast.unlink(missing_ok=True)

    @contextmanager
    def _limited(self) -> Iterator[None]:
        writers = [one for one in family(self.clocks) if is_python(one)]
        try:
            for one in writers:
                with suppress(psutil.Error):
                    one.rlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
            yield
        finally:
            for one in writers:
                with suppress(psutil.Error):
                    one.rlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)


@contextmanager
def own_disk(folder: Path, clocks: Path) -> Iterator[Disk]:
    """Mount a file system in memory at ``folder`` where that is allowed."""
    folder.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", f"size={SIZE}", "chaos", str(folder)]
    is_own = os.geteuid() == 0 and subprocess.run(mount, check=False).returncode == 0
    try:
        yield Disk(folder, clocks, is_own)
    finally:
        if is_own:
            subprocess.run(["/bin/umount", "--lazy", str(folder)], check=False)
