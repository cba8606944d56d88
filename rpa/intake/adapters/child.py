"""Runs one program on one piece of input, held to limits and killed with all that it started.

Input and output are anonymous memory files: nothing of a document is written to a disk, and
nothing is left behind whichever process dies.
"""

import os
import select
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a child ended."""

    status: int
    """Exit status; negative for the signal that ended it."""
    timed_out: bool
    """True where it was killed here because the clock ran out."""
    size: int
    """How much it wrote."""
    output: IO[bytes]
    """What it wrote, from the start; the receiver closes it."""


def run_child(
    command: Sequence[str], content: bytes, *, environment: dict[str, str], wall_s: float
) -> Outcome:
    """Run ``command`` with ``content`` on its standard input; safe from several threads.

    Raises:
        OSError: The program could not be started.
    """
    output = os.fdopen(os.memfd_create("output"), "rb")
    try:
        child = _started(command, content, output, environment)
    except OSError:
        output.close()
        raise
    try:
        timed_out = not _ended_within(child.pid, wall_s)
    finally:
        _kill_group(child)
    status = child.wait()
    size = output.seek(0, os.SEEK_END)
    output.seek(0)
    return Outcome(status, timed_out, size, output)


def _started(
    command: Sequence[str], content: bytes, output: IO[bytes], environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    with os.fdopen(os.memfd_create("input"), "wb") as given:
        given.write(content)
        given.flush()
        os.lseek(given.fileno(), 0, os.SEEK_SET)
        return subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            list(command),
            stdin=given.fileno(),
            stdout=output.fileno(),
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=environment,
            start_new_session=True,
        )


def _ended_within(pid: int, wall_s: float) -> bool:
    """Wait without polling: ``Popen.wait`` with a time-out sleeps in steps of up to 50 ms."""
    ended = os.pidfd_open(pid)
    try:
        poller = select.poll()
        poller.register(ended, select.POLLIN)
        return bool(poller.poll(wall_s * 1000))
    finally:
        os.close(ended)


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and its children; it isn't reaped yet, so its number can't be another's."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
