"""A worker in a process of its own: what kills it takes one task along, never its caller."""

import contextlib
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Self

from rpa.domain.errors import RpaError, ToolUnavailableError
from rpa.i18n import Language, _, choose_language, current_language

Work = Callable[[Any], Any]


class Worker:
    """Does one task after the other in another process; for one thread at a time."""

    def __init__(self, opened: Callable[[], Work]) -> None:
        """Keep how the process gets ready; ``opened`` is called there, and must be picklable."""
        self._opened = opened
        self._process: BaseProcess | None = None
        self._line: Connection | None = None

    def __enter__(self) -> Self:
        """Return the worker; its process starts with the first task."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process."""
        del kind, fault, trace
        self._end()

    def done(self, task: Any) -> Any:
        """Return what the work makes of ``task``.

        Raises:
            RpaError: What the work raised.
            ToolUnavailableError: The process died of it; the next task gets a new one.
        """
        line = self._line or self._started()
        try:
            line.send(task)
            result = line.recv()
        except (EOFError, OSError) as exc:
            self._end()
            raise ToolUnavailableError(
                _(
                    "The process that worked on this document died. Try it again alone; if it "
                    "dies again, the document is to blame."
                ),
                code="worker-died",
            ) from exc
        if isinstance(result, RpaError):
            raise result
        return result

    def _started(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        arguments = (self._opened, theirs, current_language())
        process = context.Process(target=_serve, args=arguments, daemon=True)
        process.start()
        theirs.close()
        self._line, self._process = ours, process
        return ours

    def _end(self) -> None:
        line, process = self._line, self._process
        self._line = self._process = None
        if line is not None:
            line.close()
        if process is not None:
            process.join(timeout=10)
            process.kill()


def _serve(opened: Callable[[], Work], line: Connection, language: Language) -> None:
    """Work until the caller hangs up, or dies."""
    choose_language(language)
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        work: Work | RpaError = _ready(opened)
        while True:
            task = line.recv()
            line.send(work if isinstance(work, RpaError) else _tried(work, task))


def _ready(opened: Callable[[], Work]) -> Work | RpaError:
    try:
        return opened()
    except RpaError as exc:
        return exc


def _tried(work: Work, task: Any) -> Any:
    try:
        return work(task)
    except RpaError as exc:
        return exc
