"""The commands that file a list, started again whenever they die, and the ways to kill them."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

MARK = "CHAOS_CLOCK"
CLOCK = Path(__file__).parent / "clock"
BROWSER = ("chrom", "headless")
WAYS = ("worker", "browser", "command", "group", "everything")


@dataclass(frozen=True)
class Work:
    """What the commands are told."""

    bot: Path
    lists: Sequence[Path]
    """The same cases, in one order and in another."""
    register: Path
    folder: Path
    password: tuple[str, str]
    """A variable's name and its value."""
    grace_s: float

    @property
    def clocks(self) -> Path:
        """The folder that says how wrong which clock is."""
        return self.folder / "clocks"

    def environment(self, clocks: Path | None = None) -> dict[str, str]:
        """Return the environment of a command."""
        name, value = self.password
        path = os.pathsep.join([str(CLOCK), str(Path(__file__).parents[2])])
        own = {name: value, MARK: str(clocks or self.clocks), "PYTHONPATH": path}
        return {**os.environ, **own}  # noqa: TID251 - for children

    def command(self, cases: Path, workers: int) -> list[str]:
        """Return a command that files a list."""
        words = [sys.executable, "-m", "rpa", "bot", "file", str(self.bot), str(cases), "--json"]
        words += ["--register", str(self.register), "--grace", str(self.grace_s)]
        return [*words, "--workers", str(workers)]


@dataclass
class Crew:
    """The commands of one campaign; a thread keeps them at work."""

    work: Work
    chance: random.Random
    is_done: Callable[[], bool]
    lives: Counter[str] = field(default_factory=Counter)
    ended: threading.Event = field(default_factory=threading.Event)
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _number: int = 0

    def tend(self) -> None:
        """Start commands again until everything is filed and nothing more is to happen."""
        while not self.ended.is_set():
            self._running = [one for one in self._running if one.poll() is None]
            if not self._running:
                if self.is_done():
                    break
                self._begin()
            self.ended.wait(0.1)
        self.ended.set()

    def _begin(self) -> None:
        """Begin a life: one command with two workers, or two commands side by side."""
        if self.chance.random() < 0.6:
            self.lives["one command, two workers"] += 1
            self._running = [self._started(self.work.lists[0], 2)]
            return
        self.lives["two commands"] += 1
        self._running = [self._started(cases, 1) for cases in self.work.lists]

    def _started(self, cases: Path, workers: int) -> subprocess.Popen[bytes]:
        self._number += 1
        log = self.work.folder / f"life-{self._number:03d}.log"
        with log.open("wb") as out:
            return subprocess.Popen(
                self.work.command(cases, workers), stdout=out, stderr=out,
                env=self.work.environment(), start_new_session=True,
            )  # fmt: skip

    def workers(self) -> list[psutil.Process]:
        """Return the processes that file: Python with a browser below it."""
        return [one for one in family(self.work.clocks) if _files(one)]

    def kill(self, way: str, pid: int) -> int:
        """Kill -9 a worker, its browser, its command, its group or all; return how many died."""
        victims = [one for one in self._victims(way, pid) if one.is_running()]
        for one in victims:
            with suppress(psutil.Error):
                one.kill()
        psutil.wait_procs(victims, timeout=10)
        return len(victims)

    def _victims(self, way: str, pid: int) -> list[psutil.Process]:
        if way == "everything":
            return [one for one in family(self.work.clocks) if not is_browser(one)]
        try:
            worker = psutil.Process(pid)
            if way == "browser":
                return [one for one in worker.children(recursive=True) if is_browser(one)]
            group = os.getpgid(pid)
        except (psutil.Error, ProcessLookupError):
            return []
        if way == "group":
            return [one for one in family(self.work.clocks) if _group(one) == group]
        if way == "command" and psutil.pid_exists(group):
            return [psutil.Process(group)]
        return [worker]

    def end(self) -> None:
        """End everything that is left."""
        self.ended.set()
        for one in family(self.work.clocks):
            with suppress(psutil.Error):
                one.kill()
        wait_for_none(self.work.clocks)


def family(clocks: Path) -> list[psutil.Process]:
    """Return every process whose environment has the campaign's mark, orphans included."""
    return list(_marked(str(clocks)))


def _marked(mark: str) -> Iterable[psutil.Process]:
    for one in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if one.environ().get(MARK, "").startswith(mark):
                yield one


def wait_for_none(clocks: Path, patience_s: float = 120) -> bool:
    """Wait until nothing of a campaign runs any more; say whether that came."""
    until = time.monotonic() + patience_s
    while family(clocks):
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def owner_of(port: int) -> int:
    """Return the process that has this end of a connection; 0 where it is gone."""
    with suppress(psutil.Error, OSError):
        for one in psutil.net_connections("tcp4"):
            if one.laddr and one.laddr.port == port and one.pid:
                return int(one.pid)
    return 0


def is_browser(one: psutil.Process) -> bool:
    """Say whether it is a browser's process."""
    with suppress(psutil.Error):
        return any(word in one.name() for word in BROWSER)
    return False


def is_python(one: psutil.Process) -> bool:
    """Say whether it runs Python."""
    with suppress(psutil.Error):
        return "python" in one.name()
    return False


def _files(one: psutil.Process) -> bool:
    with suppress(psutil.Error):
        drivers = [child for child in one.children() if "node" in child.name()]
        return is_python(one) and bool(drivers)
    return False


def _group(one: psutil.Process) -> int:
    with suppress(ProcessLookupError):
        return os.getpgid(one.pid)
    return 0


def stopped(pid: int, *, whole: bool) -> list[psutil.Process]:
    """Stop a worker, or it and everything it started; return what was stopped."""
    halted = []
    with suppress(psutil.Error):
        worker = psutil.Process(pid)
        for one in [worker, *(worker.children(recursive=True) if whole else ())]:
            with suppress(psutil.Error):
                one.send_signal(signal.SIGSTOP)
                halted.append(one)
    return halted


def woken(halted: Iterable[psutil.Process]) -> None:
    """Let stopped processes go on."""
    for one in halted:
        with suppress(psutil.Error):
            one.send_signal(signal.SIGCONT)
