"""Start a legacy application from nothing in a work folder, and stop it.

    python -m benchmarks.legacy.apps --app sql-ledger --folder F [--port P] [--seen-at P]

Run from the project's folder, as root where the application's own users are wanted (Debian). It
says the address and the log-ins as one line of JSON and runs until it is interrupted.
"""

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from benchmarks.legacy import (
    asp_net,
    ldap_admin,
    nagios,
    postfix_admin,
    request_tracker,
    roundup,
    sql_ledger,
    trac,
)


class Application(Protocol):
    """What every application can say of itself."""

    @property
    def url(self) -> str:
        """Where a browser begins."""

    @property
    def logins(self) -> tuple[str, ...]:
        """The names to log in with."""

    @property
    def password(self) -> str:
        """Their password."""


APPLICATIONS: dict[str, Callable[..., AbstractContextManager[Any]]] = {
    "sql-ledger": sql_ledger.application,
    "asp-net": asp_net.application,
    "roundup": roundup.application,
    "ldap-admin": ldap_admin.application,
    "request-tracker": request_tracker.application,
    "postfix-admin": postfix_admin.application,
    "trac": trac.application,
    "nagios": nagios.application,
}


@contextmanager
def running_application(
    name: str, folder: Path | None = None, port: int | None = None, *, seen_at: int | None = None
) -> Iterator[Any]:
    """Run one of them, in a folder of its own where none is given."""
    if folder is not None:
        with APPLICATIONS[name](folder.resolve(), port, seen_at=seen_at) as application:
            yield application
        return
    with (
        tempfile.TemporaryDirectory(prefix=f"{name}-", ignore_cleanup_errors=True) as own,
        APPLICATIONS[name](Path(own), port, seen_at=seen_at) as application,
    ):
        yield application


def main() -> None:
    """Run one application until a signal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--app", choices=sorted(APPLICATIONS), required=True)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--port", type=int)
    parser.add_argument("--seen-at", type=int, help="the port of a proxy in front of it")
    said = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with running_application(said.app, said.folder, said.port, seen_at=said.seen_at) as running:
        logins = {"logins": running.logins, "password": running.password}
        print(json.dumps({"app": said.app, "url": running.url, **logins}), flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
