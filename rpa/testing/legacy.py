"""Starts the example legacy application for a test, and counts what really arrived."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from rpa.bots.api import Target

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True, slots=True)
class Deposit:
    """One row that really arrived."""

    module: str
    reference: str
    number: str
    fields: dict[str, object]
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of the files that came with it, by name."""


@dataclass(frozen=True, slots=True)
class Legacy:
    """The running application."""

    url: str
    database: Path

    def target(self, *, timeout_s: float = 10, password: str = "papier") -> Target:  # noqa: S107
        """Return the application as a bot reaches it."""
        return Target(url=self.url, username="commis", password=password, timeout_s=timeout_s)

    def deposits(self, reference: str | None = None) -> list[Deposit]:
        """Return what arrived, oldest first; with ``reference``, only under exactly this one."""
        with closing(sqlite3.connect(self.database)) as connection:
            rows = connection.execute(
                "SELECT module, reference, numero, champs, (SELECT json_group_object(nom, sha256) "
                "FROM piece WHERE depot = depot.id) FROM depot ORDER BY id"
            ).fetchall()
        found = [
            Deposit(module, reference, number, json.loads(fields), json.loads(files))
            for module, reference, number, fields, files in rows
        ]
        return [one for one in found if reference in (None, one.reference)]

    def log_ins(self) -> list[int]:
        """Return, for each log-in, how many live sessions it ended; oldest first."""
        with closing(sqlite3.connect(self.database)) as connection:
            rows = connection.execute("SELECT terminees FROM ouverture ORDER BY rowid").fetchall()
        return [ended for (ended,) in rows]

    def misbehave(
        self,
        fault: str,
        *,
        count: int | None = 1,
        path: str = "",
        seconds: float = 0,
        text: str = "",
    ) -> None:
        """Order a fault (see ``examples/legacy``); ``none`` calls all off."""
        told = {"fault": fault, "path": path, "seconds": str(seconds), "text": text}
        if count is not None:
            told["count"] = str(count)
        order = Request(f"{self.url}/__mal", data=urlencode(told).encode(), method="POST")  # noqa: S310
        with urlopen(order, timeout=10):  # noqa: S310 - the address is our own
            pass


@contextmanager
def running_legacy(
    folder: Path, *, session_minutes: float = 20, options: Sequence[str] = ()
) -> Iterator[Legacy]:
    """Run the application on a free port, its database in ``folder``, until the block ends.

    ``options`` make it worse: see ``examples/legacy/README.md``.
    """
    database = folder / "guichet.sqlite"
    script = EXAMPLES / "legacy" / "app.py"
    usual = ["--port", "0", "--database", str(database), "--misbehave"]
    command = [sys.executable, str(script), *usual, f"--session-minutes={session_minutes}"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            assert process.stdout is not None  # noqa: S101 - asked for above
            yield Legacy(url=process.stdout.readline().strip(), database=database)
        finally:
            process.terminate()
