"""Tasks done in forks of this process: what kills one takes a task along, never its caller.

The caller has everything loaded and opened when it forks, so a worker starts in milliseconds and
shares its memory. It forks only while it has no other thread, and a fork keeps nothing of it but
what it works with: no other file that is open.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import struct
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

from rpa.domain.errors import RpaError, ToolUnavailableError
from rpa.i18n import _

Task = TypeVar("Task")
Facts = dict[str, Any]
AT_ONCE: Final = 2
"""Tasks that a worker has: the one that it is at, and the next."""
PATIENCE_S: Final = 10
"""How long a worker that was told to end may take to end its task."""
_NUMBER: Final = struct.Struct(">I")


def done_by_forks(
    work: Callable[[Task], Facts], tasks: Sequence[Task], *, workers: int
) -> Iterator[Facts]:
    """Yield what ``work`` makes of each task, in their order, done by as many ``workers`` at once.

    Facts are plain data, since they cross to this process as JSON. An :class:`RpaError` is told as
    ``{"error": {"code": …, "message": …}}``; so is a worker that died, as ``worker-died``, and
    another takes its place.
    """
    crew = _Crew(lambda number: _tried(work, tasks[number]), len(tasks))
    early: dict[int, Facts] = {}
    try:
        for _worker in range(min(workers, len(tasks))):
            crew.hire()
        for number in range(len(tasks)):
            while number not in early:
                early.update(crew.awaited())
            yield early.pop(number)
    finally:
        crew.dismiss()


@dataclass(slots=True)
class _Member:
    """A worker, and the numbers of the tasks that it has: the one that it is at, and the next."""

    pid: int
    line: socket.socket
    numbers: deque[int] = field(default_factory=deque)


class _Crew:
    """The workers that there are, and the tasks that nobody has yet."""

    def __init__(self, work: Callable[[int], Facts], count: int) -> None:
        self._work = work
        self._left = deque(range(count))
        self._members: dict[int, _Member] = {}
        self._poller = select.poll()

    def hire(self) -> None:
        """Start a worker, and give it a task."""
        if not self._left:
            return
        gc.freeze()  # what is loaded stays shared
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if not pid:
            _serve(self._work, theirs)
        theirs.close()
        member = self._members[ours.fileno()] = _Member(pid, ours)
        self._poller.register(ours, select.POLLIN)
        self._give(member)

    def awaited(self) -> Iterator[tuple[int, Facts]]:
        """Wait, and yield the numbers of tasks that are done, with their facts."""
        for handle, _event in self._poller.poll():
            member = self._members[handle]
            answer = _received(member.line)
            number = member.numbers.popleft()
            if answer is None:
                self._left.extendleft(reversed(member.numbers))
                self._dismiss(member)
                self.hire()
                yield number, _told(_died())
            else:
                self._give(member)
                yield number, json.loads(answer)

    def dismiss(self) -> None:
        """End every worker; one that does not end in time is killed."""
        for member in list(self._members.values()):
            self._dismiss(member)

    def _give(self, member: _Member) -> None:
        """Give a worker tasks, one ahead so that it need not wait; end it where none is left."""
        while self._left and len(member.numbers) < AT_ONCE:
            number = self._left.popleft()
            member.numbers.append(number)
            with contextlib.suppress(OSError):  # it is dead: that shows when its answer is awaited
                member.line.sendall(_NUMBER.pack(number))
        if not member.numbers:
            self._dismiss(member)

    def _dismiss(self, member: _Member) -> None:
        self._poller.unregister(member.line)
        del self._members[member.line.fileno()]
        member.line.close()
        ended = os.pidfd_open(member.pid)
        try:
            poller = select.poll()
            poller.register(ended, select.POLLIN)
            if not poller.poll(PATIENCE_S * 1000):
                os.kill(member.pid, signal.SIGKILL)
        finally:
            os.close(ended)
        os.waitpid(member.pid, 0)


def _serve(work: Callable[[int], Facts], line: socket.socket) -> NoReturn:
    """Be a worker until the caller hangs up, or dies."""
    status = 1
    try:
        _let_go(but=line.fileno())
        with contextlib.suppress(OSError, KeyboardInterrupt):
            while (asked := line.recv(_NUMBER.size, socket.MSG_WAITALL)) and len(asked) == 4:
                told = json.dumps(work(*_NUMBER.unpack(asked))).encode()
                line.sendall(_NUMBER.pack(len(told)) + told)
        status = 0
    except BaseException as fault:  # noqa: BLE001 - the fork ends here, whatever it met
        # Where it was, and never what it says: that may quote the document.
        places = "".join(traceback.format_tb(fault.__traceback__))
        os.write(2, f"{places}{type(fault).__name__}\n".encode(errors="replace"))
    finally:
        os._exit(status)


def _let_go(*, but: int) -> None:
    """Close what the caller has open: locks among them, and lines to other workers."""
    for handle in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if handle > 2 and handle != but:
            with contextlib.suppress(OSError):
                os.close(handle)


def _received(line: socket.socket) -> bytes | None:
    """Return the next answer, or None where the worker is gone."""
    try:
        head = line.recv(_NUMBER.size, socket.MSG_WAITALL)
        if len(head) < _NUMBER.size:
            return None
        (size,) = _NUMBER.unpack(head)
        body = line.recv(size, socket.MSG_WAITALL)
    except OSError:
        return None
    return body if len(body) == size else None


def _tried(work: Callable[[Task], Facts], task: Task) -> Facts:
    try:
        return work(task)
    except RpaError as error:
        return _told(error)


def _told(error: RpaError) -> Facts:
    return {"error": {"code": error.reason, "message": error.message}}


def _died() -> RpaError:
    return ToolUnavailableError(
        _(
            "The process that worked on this document died. Try it again alone; if it "
            "dies again, the document is to blame."
        ),
        code="worker-died",
    )
