"""The process that forks a child for each damaged document; it never looks at one itself.

It serves one request after the other on its standard input, and ends when that closes.
"""

import contextlib
import ctypes
import gc
import os
import resource
import select
import signal
import sys
from io import BytesIO
from typing import Any, Final

from rpa.signing.adapters.mending.frames import read_frame, write_frame
from rpa.signing.adapters.mending.program import Refused, mended

_PR_SET_PDEATHSIG: Final = 1
_C: Final = ctypes.CDLL(None)


def serve() -> None:
    """Answer requests until the owner is gone."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while (request := read_frame(source)) is not None:
        head, pdf = request
        with os.fdopen(os.memfd_create("mended"), "w+b") as answer:
            status = _child_of(head, pdf, answer.fileno(), patience_s=float(head["wall_s"]))
            answer.seek(0)
            body = answer.read() if status == 0 else b""
        write_frame(target, {"status": status}, body)


def _child_of(head: dict[str, Any], pdf: bytes, answer: int, *, patience_s: float) -> int:
    """Return the child's exit status: 0 where it answered, minus a signal, 124 where too late."""
    pid = os.fork()
    if not pid:
        _work(head, pdf, answer)
    ended = os.pidfd_open(pid)
    poller = select.poll()
    poller.register(ended, select.POLLIN)
    in_time = bool(poller.poll(patience_s * 1000))
    os.close(ended)
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)
    _pid, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) if in_time else 124


def _work(head: dict[str, Any], pdf: bytes, answer: int) -> None:
    """Become the child: never returns."""
    status = 1
    try:
        _C.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        for stream in (0, 1):
            os.dup2(os.open(os.devnull, os.O_RDWR), stream)
        memory, seconds = int(head["memory_bytes"]), int(head["cpu_s"])
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        out = BytesIO()
        try:
            result = mended(pdf, head["password"])
            write_frame(out, {"marks": result.marks}, result.pdf)
        except Refused as refusal:
            write_frame(out, {"refused": refusal.code})
        except MemoryError:
            write_frame(out, {"refused": "pdf-too-demanding"})
        _write_all(answer, out.getbuffer())
        status = 0
    finally:
        os._exit(status)


def _write_all(target: int, content: memoryview) -> None:
    while content:
        content = content[os.write(target, content) :]


if __name__ == "__main__":
    gc.freeze()  # what is loaded stays shared with every child
    serve()
