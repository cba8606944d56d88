"""Programs that run beside a demonstration or ``rpa up``: started, waited for, stopped together."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import requests

from rpa.domain.errors import SetupError, ToolUnavailableError
from rpa.environment import environment_with
from rpa.i18n import _

STOP_WAIT_S: Final = 10
PR_SET_PDEATHSIG: Final = 1


def free_port(wanted: int) -> int:
    """Return ``wanted`` if nothing listens there on loopback, else a port that is free."""
    for number in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SetupError(_("No port is free on 127.0.0.1."))


class Servers(AbstractContextManager["Servers"]):
    """Child programs that end with this one, each with its own log file."""

    def __init__(self, logs: Path) -> None:
        """Write each program's output to a file in ``logs``."""
        logs.mkdir(parents=True, exist_ok=True)
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(
        self, name: str, command: Sequence[str], *, env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a Python program: ``command`` is what follows the interpreter."""
        with (self._logs / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(  # noqa: S603 - our own interpreter
                [sys.executable, *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment_with(**(env or {})),
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call, no lock is taken
            )
        self._running[name] = child
        return child

    def wait_for(self, name: str, url: str, *, within_s: float = 90) -> None:
        """Wait until ``url`` answers.

        Raises:
            ToolUnavailableError: The program ended, or did not answer in time.
        """
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            if self._running[name].poll() is not None:
                break
            try:
                if requests.get(url, timeout=2).status_code < 500:
                    return
            except requests.RequestException:
                time.sleep(0.2)
        log = self._logs / f"{name}.log"
        raise ToolUnavailableError(_("{name} did not start; see {log}.", name=name, log=log))

    def is_alive(self, name: str) -> bool:
        """Say whether a program still runs."""
        return self._running[name].poll() is None

    def stop(self) -> None:
        """Stop every program, newest first: asked first, then killed with its children."""
        for child in reversed(self._running.values()):
            _signal(child, signal.SIGTERM)
        until = time.monotonic() + STOP_WAIT_S
        for child in reversed(self._running.values()):
            try:
                child.wait(timeout=max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(child, signal.SIGKILL)
                child.wait()
            _signal(child, signal.SIGKILL)
        self._running.clear()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop every program, whatever happened."""
        self.stop()


def _die_with_parent() -> None:
    """Have the kernel end this child when its parent is killed (prctl(2), Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return


def prefect_environment(home: Path, port: int) -> dict[str, str]:
    """Return the environment of a Prefect server of our own, and of its clients."""
    return {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_API_DATABASE_CONNECTION_URL": (
            f"sqlite+aiosqlite:///{home / 'prefect' / 'prefect.db'}"
        ),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_RUNNER_POLL_FREQUENCY": "2",
        "DO_NOT_TRACK": "1",
        "PYTHONUNBUFFERED": "1",
    }


def start_prefect(servers: Servers, home: Path, port: int) -> dict[str, str]:
    """Start a Prefect server on its embedded SQLite; returns the environment of its clients."""
    env = prefect_environment(home, port)
    (home / "prefect").mkdir(parents=True, exist_ok=True)
    command = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    servers.start("prefect", command, env=env)
    return env
