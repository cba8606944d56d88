"""Many files at once: in parallel, with progress, one that fails never stopping the others."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from threading import local
from typing import TypeVar

from rpa.cli.progress import Facts, shown
from rpa.domain.errors import NotFoundError, RpaError
from rpa.i18n import _

__all__ = ["Facts", "content_of", "of_each", "status_of", "write_out"]

Tools = TypeVar("Tools")


def of_each(
    files: Sequence[Path],
    open_tools: Callable[[], AbstractContextManager[Tools]],
    told: Callable[[Path, Tools], Facts],
    *,
    workers: int = 0,
    doing: str | None = None,
) -> Iterator[Facts]:
    """Yield what ``told`` says of each file, in order; an error is told as a fact of its file.

    Each worker opens tools of its own, kept until the end; 0 workers are as many as there are
    processors.
    """
    count = min(len(files), workers or os.cpu_count() or 1)
    own = local()
    with ExitStack() as stack, ThreadPoolExecutor(max_workers=max(1, count)) as pool:

        def one(path: Path) -> Facts:
            try:
                if not hasattr(own, "tools"):
                    own.tools = stack.enter_context(open_tools())
                return {"file": str(path), **told(path, own.tools)}
            except RpaError as error:
                problem = {"code": error.reason, "message": error.message}
                return {"file": str(path), "error": problem}

        yield from shown(pool.map(one, files), len(files), doing or _("Reading"))


def content_of(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        NotFoundError: It can't be read; says why.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFoundError(
            _("{file} cannot be read: {cause}.", file=path, cause=error.strerror)
        ) from error


def write_out(path: Path, content: bytes) -> None:
    """Write a file that was asked for.

    Raises:
        NotFoundError: It can't be written; says why.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise NotFoundError(
            _("{file} cannot be written: {cause}.", file=path, cause=error.strerror)
        ) from error


def status_of(facts: Sequence[Facts]) -> int:
    """Return the exit status for what was told: 3 where a file could not be read."""
    return 3 if any("error" in one for one in facts) else 0
