"""The process that forks a child for each document; it never looks at one itself.

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
from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

from rpa.late import load_late, used_late
from rpa.signing.adapters.forking.frames import LATE, read_frame, write_frame

Job = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]
"""What a child does with a request's head and document: its answer's head and body."""
LOADED: Final = "loaded"
"""The key of a child's answer under which stands what it loaded late."""
_PR_SET_PDEATHSIG: Final = 1
_C: Final = ctypes.CDLL(None)


def serve(job: Job) -> None:
    """Answer requests until the owner is gone.

    Each head says ``wall_s``, ``cpu_s`` (whole seconds) and ``memory_bytes`` (address space), and
    ``nice`` where the child gives way to other work on the machine. What
    comes back is the child's exit status, 0 where it answered, and the answer as a frame.
    """
    gc.freeze()  # what is loaded stays shared with every child
    gc.enable()
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while (request := read_frame(source)) is not None:
        head, document = request
        with os.fdopen(os.memfd_create("answer"), "w+b") as answer:
            status = _child_of(job, head, document, answer.fileno())
            answer.seek(0)
            body = answer.read() if status == 0 else b""
        write_frame(target, {"status": status}, body)
        _keep_loaded(body)


def _keep_loaded(body: bytes) -> None:
    """Load what a child had to load late: the next one then has it from the start."""
    answered = read_frame(BytesIO(body))
    if answered is not None:
        with contextlib.suppress(ImportError, OSError, MemoryError):
            load_late(map(str, answered[0].get(LOADED, ())))
        gc.freeze()


def _child_of(job: Job, head: dict[str, Any], document: bytes, answer: int) -> int:
    """Return the child's exit status: 0 where it answered, minus a signal, or ``LATE``."""
    pid = os.fork()
    if not pid:
        _work(job, head, document, answer)
    ended = os.pidfd_open(pid)
    poller = select.poll()
    poller.register(ended, select.POLLIN)
    in_time = bool(poller.poll(float(head["wall_s"]) * 1000))
    os.close(ended)
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)
    _pid, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) if in_time else LATE


def _work(job: Job, head: dict[str, Any], document: bytes, answer: int) -> None:
    """Become the child, without input, output or core dumps: never returns."""
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
        os.nice(int(head.get("nice", 0)))
        out = BytesIO()
        told, body = job(head, document)
        write_frame(out, {**told, LOADED: sorted(used_late())}, body)
        _write_all(answer, out.getbuffer())
        status = 0
    finally:
        os._exit(status)


def _write_all(target: int, content: memoryview) -> None:
    while content:
        content = content[os.write(target, content) :]
