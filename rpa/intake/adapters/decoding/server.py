"""The nursery: a process that has every tool loaded and forks a child for each document.

It never looks at a document itself. A child gets the document, answers, and is gone; what it was
made to do by hostile bytes goes with it. The nursery ends, and its children with it, when the
program that started it does.
"""

import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.program import Work, run
from rpa.intake.adapters.decoding.readers import reader_of

READY: Final = b"ready"
REQUEST_BYTES: Final = 65_536
_PR_SET_PDEATHSIG: Final = 1
_C: Final = ctypes.CDLL(None)


@dataclass(slots=True)
class _Child:
    """A child at work, and whom to tell of its end."""

    pid: int
    reply: int
    deadline: float
    timed_out: bool = False


class Nursery:
    """Forks a child for each request, and tells how each one ended."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._children: dict[int, _Child] = {}
        self._poller = select.poll()
        self._poller.register(control, select.POLLIN)

    def serve(self) -> None:
        """Answer requests until the other side is gone."""
        self._control.send(READY)
        while True:
            for ready, _event in self._poller.poll(self._patience_ms()):
                if ready != self._control.fileno():
                    self._bury(ready)
                elif not self._take():
                    return self._end()
            self._kill_late()

    def _take(self) -> bool:
        message, given, _flags, _address = socket.recv_fds(self._control, REQUEST_BYTES, 3)
        if not message:
            return False
        request = json.loads(message)
        content, output, reply = given
        pid = os.fork()
        if not pid:
            _read(request, content, output)
        os.close(content)
        os.close(output)
        ended = os.pidfd_open(pid)
        self._children[ended] = _Child(pid, reply, monotonic() + request["wall_s"])
        self._poller.register(ended, select.POLLIN)
        return True

    def _bury(self, ended: int) -> None:
        """Tell of a child's end; what it started is killed before its number is given up."""
        child = self._children.pop(ended)
        self._poller.unregister(ended)
        os.close(ended)
        _kill_group(child.pid)
        _pid, status, used = os.wait4(child.pid, 0)
        told = {
            "status": os.waitstatus_to_exitcode(status),
            "timed_out": child.timed_out,
            "peak_bytes": used.ru_maxrss * 1024,
            "cpu_s": used.ru_utime + used.ru_stime,
        }
        with contextlib.suppress(BrokenPipeError):  # whoever asked has stopped waiting
            os.write(child.reply, json.dumps(told).encode())
        os.close(child.reply)

    def _patience_ms(self) -> float | None:
        waiting = [child.deadline for child in self._children.values() if not child.timed_out]
        return max(0.0, min(waiting) - monotonic()) * 1000 + 1 if waiting else None

    def _kill_late(self) -> None:
        now = monotonic()
        for child in self._children.values():
            if now >= child.deadline and not child.timed_out:
                child.timed_out = True
                _kill_group(child.pid)

    def _end(self) -> None:
        for child in self._children.values():
            _kill_group(child.pid)


def _kill_group(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _read(request: dict[str, Any], content: int, output: int) -> None:
    """Become the child: never returns."""
    status = 1
    try:
        _C.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        os.dup2(content, 0)
        os.dup2(output, 1)
        os.closerange(3, 256)
        work = Work(
            content=b"",
            kind=request["kind"],
            wanted=request["wanted"],
            limits=DecodeLimits.of_numbers(request["limits"]),
            arguments=request["arguments"],
        )
        run(reader_of(work), work)
        status = 0
    finally:
        os._exit(status)


def main() -> None:
    """Serve on the socket whose number is the one argument."""
    control = socket.socket(fileno=int(sys.argv[1]))
    gc.freeze()  # what is loaded stays shared with every child
    Nursery(control).serve()


if __name__ == "__main__":
    main()
