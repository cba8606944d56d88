"""The process that opens documents: started once, it forks a child for each piece of input.

Input and output are anonymous memory files: nothing of a document is written to a disk, and
nothing is left behind whichever process dies.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import IO, Any, Final

_READY: Final = b"ready"
_REPLY_BYTES: Final = 4096
_PATIENCE_MS: Final = 1000
_OVERDUE_S: Final = 15.0
"""How much longer than its own limit the nursery itself is waited for."""


class NurserySlowError(Exception):
    """The nursery did not start or answer in time: the machine is too busy."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a child ended."""

    status: int
    """Exit status; negative for the signal that ended it."""
    timed_out: bool
    """True where it was killed because the clock ran out."""
    size: int
    """How much it wrote."""
    output: IO[bytes]
    """What it wrote, from the start; the receiver closes it."""
    peak_bytes: int = 0
    """The most memory it held."""
    cpu_s: float = 0.0


class Nursery:
    """A process that forks a child for each request; safe from several threads.

    It is started by the first request, and again if it has died or this process was forked. It
    ends when this object or this process does, and its children with it.
    """

    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str], start_s: float
    ) -> None:
        """Keep the program; the number of its socket is added to ``command``."""
        self._command = tuple(command)
        self._environment = dict(environment)
        self._start_s = start_s
        self._lock = Lock()
        self._control: socket.socket | None = None
        self._process_id = 0
        self._end = weakref.finalize(self, _ended, None, None, 0)

    def run(self, request: Mapping[str, Any], content: bytes, *, wall_s: float) -> Outcome:
        """Have a child read ``content`` for at most ``wall_s`` seconds.

        Raises:
            OSError: The nursery could not be started, or died.
            NurserySlowError: It did not start or answer in time.
        """
        output = os.fdopen(os.memfd_create("output"), "rb")
        try:
            told = self._told({**request, "wall_s": wall_s}, content, output)
        except BaseException:
            output.close()
            raise
        size = output.seek(0, os.SEEK_END)
        output.seek(0)
        return Outcome(size=size, output=output, **told)

    def close(self) -> None:
        """End the nursery; the next request starts another."""
        with self._lock:
            self._end()
            self._control = None

    def _told(
        self, request: Mapping[str, Any], content: bytes, output: IO[bytes]
    ) -> Mapping[str, Any]:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours:
            with theirs, os.fdopen(os.memfd_create("input"), "wb") as given:
                given.write(content)
                given.flush()
                os.lseek(given.fileno(), 0, os.SEEK_SET)
                descriptors = [given.fileno(), output.fileno(), theirs.fileno()]
                self._send(json.dumps(request).encode(), descriptors)
            reply = _received(ours, float(request["wall_s"]) + _OVERDUE_S)
        if not reply:
            raise ConnectionResetError("nursery")
        told: Mapping[str, Any] = json.loads(reply)
        return told

    def _send(self, request: bytes, descriptors: list[int]) -> None:
        with self._lock:
            control = self._started()
            try:
                socket.send_fds(control, [request], descriptors)
            except (BrokenPipeError, ConnectionResetError):
                self._end()
                self._control = None
                socket.send_fds(self._started(), [request], descriptors)

    def _started(self) -> socket.socket:
        if self._control is None or self._process_id != os.getpid():
            self._start()
        control = self._control
        if control is None:
            raise ConnectionResetError("nursery")
        return control

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                process = _process(self._command, theirs, self._environment)
        except OSError:
            ours.close()
            raise
        self._end = weakref.finalize(self, _ended, ours, process, os.getpid())
        try:
            is_ready = _received(ours, self._start_s, process) == _READY
        except NurserySlowError:
            self._end()
            raise
        if not is_ready:
            self._end()
            raise ConnectionResetError("nursery")
        self._control, self._process_id = ours, os.getpid()


def _process(
    command: Sequence[str], control: socket.socket, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
        [*command, str(control.fileno())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[control.fileno()],
        cwd="/",
        env=dict(environment),
        start_new_session=True,
    )


def _received(
    side: socket.socket, wait_s: float, process: subprocess.Popen[bytes] | None = None
) -> bytes:
    """Return the next message; empty where the other side, or ``process``, is gone."""
    poller = select.poll()
    poller.register(side, select.POLLIN)
    ended = os.pidfd_open(process.pid) if process else -1
    try:
        if process:
            poller.register(ended, select.POLLIN)
        if not poller.poll(wait_s * 1000):
            raise NurserySlowError
        return side.recv(_REPLY_BYTES, socket.MSG_DONTWAIT)
    except (ConnectionResetError, BlockingIOError):
        return b""
    finally:
        if process:
            os.close(ended)


def _ended(
    control: socket.socket | None, process: subprocess.Popen[bytes] | None, owner: int
) -> None:
    """Hang up, so that the nursery ends by itself; kill it if it doesn't.

    In a fork of the program that started it, only hang up: it is still the other's.
    """
    if control is None or process is None:
        return
    control.close()
    if process.returncode is None and owner == os.getpid():
        ended = os.pidfd_open(process.pid)
        poller = select.poll()
        poller.register(ended, select.POLLIN)
        poller.poll(_PATIENCE_MS)
        os.close(ended)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # not reaped yet, so the number is still its own
        process.wait()
