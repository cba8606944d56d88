"""Programs that run beside a benchmark: started in a folder, waited for, ended with it."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

WAIT_S = 60.0


class NotStartedError(RuntimeError):
    """A program is missing or did not come up."""


def free_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(*names: str) -> Path:
    """Return the first of these programs that is installed: a name on the path, or a pattern.

    Raises:
        NotStartedError: None of them is.
    """
    for name in names:
        if name.startswith("/"):
            found = sorted(Path("/").glob(name[1:]))
            if found:
                return found[-1]
        elif (path := shutil.which(name, path=f"{os.defpath}:/usr/sbin:/sbin")) is not None:
            return Path(path)
    raise NotStartedError(f"none of these is installed: {', '.join(names)}")


def as_user(name: str, group: str | None = None) -> list[str]:
    """Return what stands before a command so that another user runs it; nothing if not root."""
    if os.geteuid() != 0:
        return []
    # Changing the user clears the signal at the parent's death, so it is asked for here as well.
    who = (f"--reuid={name}", f"--regid={group or name}", "--clear-groups")
    return ["setpriv", *who, "--pdeathsig=TERM", "--"]


def give(folder: Path, user: str, group: str | None = None) -> None:
    """Give a folder and all in it to the user that will write there (where we are root)."""
    if os.geteuid() != 0:
        return
    for each in (folder, *folder.rglob("*")):
        shutil.chown(each, user, group or user)


def open_to_others(folder: Path) -> Path:
    """Make a folder that other users may enter, whatever temporary folder it stands in."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in (folder, *folder.parents):
        status = each.stat()
        if status.st_uid == os.geteuid() and len(each.parts) > 2:
            each.chmod(status.st_mode | 0o055 if each == folder else status.st_mode | 0o011)
    return folder


def listens(port: int) -> bool:
    """Say whether something on loopback answers there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(
    command: Sequence[object],
    *,
    folder: Path,
    log: Path,
    port: int,
    environment: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in the background until the block ends; it listens on ``port`` by then.

    Raises:
        NotStartedError: It ended, or nothing listened there in time.
    """
    words = ["setpriv", "--pdeathsig=TERM", "--", *map(str, command)]
    clean = {"PATH": f"{os.defpath}:/usr/sbin:/sbin", "LANG": "C.UTF-8", **(environment or {})}
    with log.open("ab") as out:
        process = subprocess.Popen(
            words, cwd=folder, env=clean, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
    try:
        _wait_for(process, port, log)
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes], *, patience_s: float = 10) -> None:
    """End a program and all that it started in its session."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(patience_s)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait(patience_s)


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        if listens(port):
            return
        time.sleep(0.05)
    said = log.read_text(errors="replace")[-2000:]
    raise NotStartedError(f"{process.args!r} does not listen on {port}:\n{said}")
