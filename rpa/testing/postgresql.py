"""A PostgreSQL server of a test's own, on a socket in its folder; it ends with the test."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rpa.domain.errors import ToolUnavailableError


def postgresql_programs() -> Path | None:
    """Return the folder of the server's programs; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def running_postgresql(folder: Path) -> Iterator[str]:
    """Run a server with its files in ``folder``; yields the SQLAlchemy address of a database.

    Raises:
        ToolUnavailableError: PostgreSQL is not installed.
    """
    programs = postgresql_programs()
    if programs is None:
        raise ToolUnavailableError("PostgreSQL is not installed: apt-get install postgresql")
    data = folder / "data"
    # The server refuses to run as root, whose place its own user takes.
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
        _let_through(folder)
    _run(as_user, programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8")
    port = _started(as_user, programs / "pg_ctl", data, folder / "log")
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        if as_user:
            _let_through(folder)  # another run of pytest has closed its root meanwhile
        _run(as_user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def _let_through(folder: Path) -> None:
    """Let the server's user come to ``folder``, through temporary folders that are root's."""
    for above in folder.parents:
        if above.stat().st_uid == 0 and str(above).startswith("/tmp/"):  # noqa: S108
            above.chmod(above.stat().st_mode | 0o011)


def _started(as_user: list[str], program: Path, data: Path, log: Path) -> int:
    """Start the server, and return its port; another program may take a free port first."""
    for last in (False, False, True):
        port = _free_port()
        told = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        try:
            _run(as_user, program, "-D", data, "-w", "-t", "120", "-l", log, "-o", told, "start")
        except subprocess.CalledProcessError:
            if last:
                raise
        else:
            return port
    raise AssertionError(port)


def _run(as_user: list[str], *command: object) -> None:
    words = [*as_user, *map(str, command)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
