"""CPU seconds of a command with everything that it starts, short-lived processes included.

A browser's renderers end when their page does, so looking at the process tree now and then misses
them. The kernel adds the time of every child that was waited for to its parent's; those whose
parent did not wait come to us, who are their subreaper.
"""

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """What a run cost."""

    cpu_s: float
    wall_s: float

    def per_case(self, empty: "Cost", cases: int) -> "Cost":
        """Return the cost of one case: this run less one without cases, shared out."""
        return Cost((self.cpu_s - empty.cpu_s) / cases, (self.wall_s - empty.wall_s) / cases)


def measured(command: Sequence[object], *, check: bool = True, quiet: bool = False) -> Cost:
    """Run a command to its end; return what it and all its processes cost.

    Nothing else that this process started may end meanwhile.
    """
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, start = _children(), time.monotonic()
    words = [str(word) for word in command]
    out = subprocess.DEVNULL if quiet else None
    done = subprocess.run(words, check=False, start_new_session=True, stdout=out)
    wall_s = time.monotonic() - start
    _wait_for_orphans()
    if check and done.returncode != 0:
        sys.exit(f"ended with {done.returncode}: {words}")
    return Cost(_children() - before, wall_s)


def measured_here(work: Callable[[], object]) -> Cost:
    """Do some work in a child process of this one; return what it and its processes cost."""
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, start = _children(), time.monotonic()
    child = os.fork()
    if child == 0:
        os.setsid()
        try:
            work()
        except BaseException as exc:  # noqa: BLE001 - a forked child must not go on
            sys.stderr.write(f"{type(exc).__name__}: {exc}\n")
            os._exit(1)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    wall_s = time.monotonic() - start
    _wait_for_orphans()
    if status != 0:
        sys.exit("the measured work failed")
    return Cost(_children() - before, wall_s)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _wait_for_orphans(patience_s: float = 10) -> None:
    """Wait for what the command left behind and the kernel gave to us."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        try:
            number, _status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if number == 0:
            if not _orphans():
                return
            time.sleep(0.02)


def _orphans() -> list[int]:
    """Return our children that are a browser's or a driver's."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    found = []
    for number in children:
        try:
            name = Path(f"/proc/{number}/comm").read_text().strip()
        except OSError:
            continue
        if name.startswith(("chrom", "headless", "node", "python")):
            found.append(int(number))
    return found
