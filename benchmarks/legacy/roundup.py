"""Roundup's demo tracker: table forms, uploads, receipts in the URL (PyPI's package roundup)."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.legacy.programs import as_user, free_port, give, open_to_others, program, running

ISSUES = """
select i.id, i._title as title, p._name as priority, s._name as status, u._username as assignedto,
       (select group_concat(k._name, ',') from issue_keyword n join _keyword k on k.id = n.linkid
         where n.nodeid = i.id) as keywords,
       (select m._summary from issue_messages n join _msg m on m.id = n.linkid
         where n.nodeid = i.id order by m.id limit 1) as summary,
       (select group_concat(f._name, ',') from issue_files n join _file f on f.id = n.linkid
         where n.nodeid = i.id) as files
from _issue i left join _priority p on p.id = i._priority left join _status s on s.id = i._status
left join _user u on u.id = i._assignedto where i.__retired__ = 0 order by i.id
"""
FILES = "select id, _name as name, _type as type from _file where __retired__ = 0 order by id"


@dataclass(frozen=True)
class Roundup:
    """A running tracker, and what its database says."""

    url: str
    folder: Path
    logins: tuple[str, ...] = ("admin", "demo")

    @property
    def password(self) -> str:
        """The administrator's; ``demo`` has its own name for one."""
        return "admin"

    def issues(self) -> list[dict[str, object]]:
        """Return every issue with names instead of numbers."""
        return self._rows(ISSUES)

    def files(self) -> list[dict[str, object]]:
        """Return every uploaded file."""
        return self._rows(FILES)

    def content(self, kind: str, number: object) -> bytes:
        """Return the bytes of a file, or of a message's text (``msg``)."""
        below = self.folder / "demo" / "db" / "files" / kind
        return next(below.rglob(f"{kind}{number}")).read_bytes()

    def messages(self) -> list[dict[str, object]]:
        """Return which messages belong to which issue; their text is in ``content("msg", id)``."""
        return self._rows("select nodeid as issue, linkid as id from issue_messages order by 2")

    def _rows(self, query: str) -> list[dict[str, object]]:
        database = self.folder / "demo" / "db" / "db"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as known:
            known.row_factory = sqlite3.Row
            return [dict(row) for row in known.execute(query)]


@contextmanager
def application(
    folder: Path, port: int | None = None, *, seen_at: int | None = None
) -> Iterator[Roundup]:
    """Run a tracker with everything in ``folder``.

    ``seen_at`` is the port of a proxy in front of it: it writes its own address into its pages
    and redirects, and refuses forms that come from another.
    """
    open_to_others(folder)
    port, library = port or free_port(), folder / "lib"
    if not library.exists():
        _install(library)
    give(folder, "nobody", "nogroup")
    known = {"PYTHONPATH": str(library), "HOME": str(folder)}
    log, home = folder / "roundup.log", folder / "demo"
    before = [*as_user("nobody", "nogroup"), program("/usr/bin/python3"), "-m"]
    demo = [*before, "roundup.scripts.roundup_demo", "-H", "127.0.0.1", "-p", port, home]
    if not (home / "config.ini").exists():
        make = [*demo[:-1], "-t", "classic", "-b", "sqlite", home]
        with running(make, folder=folder, log=log, port=port, environment=known):
            pass
    # It would take another port where a proxy listens already, so it is told its address here.
    settings, seen = home / "config.ini", f"http://127.0.0.1:{seen_at or port}/demo/"
    settings.write_text(re.sub(r"(?m)^web = .*$", f"web = {seen}", settings.read_text("utf-8")))
    with running(demo, folder=folder, log=log, port=port, environment=known):
        yield Roundup(seen, folder)


def _install(library: Path) -> None:
    """Install from the package index, for Debian's Python, which other users may run."""
    tool = [sys.executable, "-m", "uv", "pip", "install", "-q"]
    where = ["--python", str(program("/usr/bin/python3")), "--target", str(library)]
    subprocess.run([*tool, *where, "roundup>=2.4,<3"], check=True)
