"""The owner's side: a few processes that fork children, each used by one thread at a time."""

import contextlib
import os
import queue
import subprocess
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import rpa
from rpa.signing.adapters.forking.frames import LATE, read_frame, write_frame

_FLAGS: Final = ("-P", "-s", "-B")
_PROGRAM: Final = "rpa.signing.adapters.forking"
_CPU_SPENT: Final = -24
"""Ended by SIGXCPU."""
_ENVIRONMENT: Final = {
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "PYTHONPATH": str(Path(rpa.__file__).parents[1]),
}


class NoWorkerError(Exception):
    """The process that forks could not be started, or died twice: no document's fault."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child said, and how it ended."""

    head: dict[str, Any]
    body: bytes
    is_done: bool
    """False where it died or was ended."""
    is_late: bool
    """True where its time, by the clock or of the processor, was over."""


class Workers:
    """Runs jobs of one program in forked children, as many at once as there are workers.

    May be called from several threads. A worker is started by the first job that needs it, knows
    nothing of the job before, and ends with this program. A fork of this program starts its own.
    """

    def __init__(self, program: str, count: int) -> None:
        """Start nothing yet; ``program`` is a module that calls :func:`.server.serve`."""
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        for _number in range(count):
            self._idle.put(_Worker(program))

    def ask(self, head: dict[str, Any], document: bytes) -> Answer:
        """Have a child work on ``document``.

        Raises:
            NoWorkerError: No child could be had.
        """
        with self._worker() as worker:
            status, body = worker.ask(head, document)
        answer = read_frame(BytesIO(body)) if status == 0 else None
        is_late = status in (LATE, _CPU_SPENT)
        if answer is None:
            return Answer({}, b"", is_done=False, is_late=is_late)
        return Answer(*answer, is_done=True, is_late=False)

    @contextmanager
    def _worker(self) -> Iterator["_Worker"]:
        worker = self._idle.get()
        try:
            yield worker
        finally:
            self._idle.put(worker)


class _Worker:
    """One process that forks children."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, head: dict[str, Any], document: bytes) -> tuple[int, bytes]:
        """Return the child's status and what it wrote; a worker found dead is started once more."""
        for _attempt in range(2):
            try:
                return self._asked(head, document)
            except (BrokenPipeError, EOFError):
                self._end()
            except OSError as problem:
                raise NoWorkerError from problem
        raise NoWorkerError

    def _asked(self, head: dict[str, Any], document: bytes) -> tuple[int, bytes]:
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise EOFError
        write_frame(process.stdin, head, document)
        answer = read_frame(process.stdout)
        if answer is None:
            raise EOFError
        told, body = answer
        return int(told["status"]), body

    def _running(self) -> subprocess.Popen[bytes]:
        # In a fork of this program the worker is still the other's.
        if self._process is None or self._owner != os.getpid():
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, *_FLAGS, "-m", _PROGRAM, self._program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=_ENVIRONMENT,
                start_new_session=True,
            )
            self._owner = os.getpid()
            weakref.finalize(self, _hang_up, self._process, self._owner)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            _hang_up(self._process, self._owner)
            self._process = None


def _hang_up(process: subprocess.Popen[bytes], owner: int) -> None:
    if owner != os.getpid():
        return
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    try:
        process.wait(1)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
