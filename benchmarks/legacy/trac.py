"""Trac: tickets behind HTTP Basic authentication, on SQLite (PyPI's package trac)."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.legacy.programs import as_user, free_port, give, open_to_others, program, running

PASSWORD = "admin"  # noqa: S105 - of an application that lives as long as its benchmark
HASHED = "admin:{SHA}0DPiKuNIrrVmD8IUCuw1hQxNqZc="
TICKETS = """
select t.id, t.summary, t.description, t.type, t.priority, t.component, t.version, t.milestone,
       t.reporter, t.keywords, t.cc,
       (select group_concat(filename) from attachment a where a.type = 'ticket' and a.id = t.id)
       as files
from ticket t order by t.id
"""


@dataclass(frozen=True)
class Trac:
    """A running Trac, and what its database says."""

    url: str
    folder: Path
    logins: tuple[str, ...] = ("admin",)
    password: str = PASSWORD

    def tickets(self) -> list[dict[str, object]]:
        """Return every ticket."""
        database = self.folder / "bureau" / "db" / "trac.db"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as known:
            known.row_factory = sqlite3.Row
            return [dict(row) for row in known.execute(TICKETS)]


@contextmanager
def application(
    folder: Path, port: int | None = None, *, seen_at: int | None = None
) -> Iterator[Trac]:
    """Run Trac with everything in ``folder``; ``seen_at`` is the port of a proxy before it."""
    open_to_others(folder)
    port, library, home = port or free_port(), folder / "lib", folder / "bureau"
    python = program("/usr/bin/python3")
    if not library.exists():
        tool = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", str(python)]
        words = [*tool, "--target", str(library), "trac>=1.6,<2", "setuptools<81"]
        subprocess.run(words, check=True)
    give(folder, "nobody", "nogroup")
    known = {"PYTHONPATH": str(library), "HOME": str(folder), "LANG": "C.UTF-8"}
    before = [*as_user("nobody", "nogroup"), str(python), "-m"]
    if not home.exists():
        for words in (("initenv", "Bureau", "sqlite:db/trac.db"),
                      ("permission", "add", "admin", "TRAC_ADMIN")):  # fmt: skip
            tool = [*before, "trac.admin.console", str(home), *words]
            subprocess.run(tool, check=True, env=known, cwd=folder, stdout=subprocess.DEVNULL)
    secrets = folder / "htpasswd"
    secrets.write_text(HASHED + "\n")
    guard = f"--basic-auth=bureau,{secrets},Bureau"
    command = [*before, "trac.web.standalone", "--hostname=127.0.0.1", "-p", port, guard, home]
    log = folder / "trac.log"
    with running(command, folder=folder, log=log, port=port, environment=known):
        yield Trac(f"http://127.0.0.1:{seen_at or port}/bureau", folder)
