"""Who holds a lease: a worker is named so that its death can be seen on its own machine."""

import os
import socket
from typing import Final

import psutil

WORKER: Final = "worker"
_PART: Final = "/"


def this_worker() -> str:
    """Return this process's name as a lease's owner: host, process number and start time."""
    return f"{WORKER}:{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def part_of(owner: str, number: int) -> str:
    """Return the name of one of several holders in one process; it dies with the process."""
    return f"{owner}{_PART}{number}"


def is_dead(owner: str) -> bool:
    """Say whether ``owner`` is a worker of this machine that surely runs no more.

    Of another machine's worker, or a person, nothing is known: False.
    """
    kind, _colon, rest = owner.partition(_PART)[0].partition(":")
    if kind != WORKER:
        return False
    host, number, started = rest.rsplit(":", 2)
    return host == socket.gethostname() and _started(int(number)) != int(started)


def _started(number: int) -> int:
    try:
        process = psutil.Process(number)
        if process.status() == psutil.STATUS_ZOMBIE:
            return 0
        return int(process.create_time() * 100)
    except psutil.NoSuchProcess:
        return 0
