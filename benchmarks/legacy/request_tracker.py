"""Request Tracker 5: tickets; Perl and Mason on SQLite (Debian's package request-tracker5)."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.legacy.programs import (
    as_user,
    free_port,
    give,
    open_to_others,
    program,
    running,
)

PACKAGES = ("request-tracker5", "rt5-db-sqlite", "rt5-standalone")
SETTINGS = """
Set($rtname, 'office');
Set($Organization, 'example.org');
Set($CorrespondAddress, 'rt@example.org');
Set($CommentAddress, 'rt-comment@example.org');
Set($WebPath, '');
Set($WebDomain, '127.0.0.1');
Set($WebPort, %(port)s);
Set($CanonicalizeRedirectURLs, 0);
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '%(folder)s/database');
Set($Timezone, 'America/Toronto');
Set($LogToSTDERR, 'warning');
Set($LogToSyslog, undef);
Set($MailCommand, 'testfile');
$RT::MasonDataDir = '%(folder)s/mason';
$RT::MasonSessionDir = '%(folder)s/sessions';
$RT::VarPath = '%(folder)s';
1;
"""
TICKETS = """
select t.id, t.Subject as subject, q.Name as queue, t.Status as status, t.Priority as priority,
       t.Due as due, t.Starts as starts, o.Name as owner, t.TimeEstimated as estimated,
       (select group_concat(u.EmailAddress) from Groups g join GroupMembers m on m.GroupId = g.id
         join Users u on u.id = m.MemberId
         where g.Domain = 'RT::Ticket-Role' and g.Instance = t.id and g.Name = 'Requestor')
       as requestors,
       (select a.Content from Transactions x join Attachments a on a.TransactionId = x.id
         where x.ObjectId = t.id and x.ObjectType = 'RT::Ticket' and x.Type = 'Create'
         and a.ContentType like 'text/%' order by a.id limit 1) as content,
       (select group_concat(a.Filename) from Transactions x join Attachments a
         on a.TransactionId = x.id where x.ObjectId = t.id and x.ObjectType = 'RT::Ticket'
         and a.Filename is not null and a.Filename <> '') as files
from Tickets t join Queues q on q.id = t.Queue join Users o on o.id = t.Owner
where t.Type = 'ticket' order by t.id
"""


@dataclass(frozen=True)
class RequestTracker:
    """A running Request Tracker, and what its database says."""

    url: str
    folder: Path
    logins: tuple[str, ...] = ("root",)
    password: str = "password"  # noqa: S105 - as it is installed

    def tickets(self) -> list[dict[str, object]]:
        """Return every ticket with its first message."""
        database = self.folder / "database"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as known:
            known.row_factory = sqlite3.Row
            return [dict(row) for row in known.execute(TICKETS)]


@contextmanager
def application(
    folder: Path, port: int | None = None, *, seen_at: int | None = None
) -> Iterator[RequestTracker]:
    """Run Request Tracker with everything in ``folder``; ``seen_at``: a proxy's port before it."""
    open_to_others(folder)
    port = port or free_port()
    for name in ("mason", "sessions", "config"):
        (folder / name).mkdir(exist_ok=True)
    settings = folder / "RT_SiteConfig.pm"
    settings.write_text(SETTINGS % {"port": seen_at or port, "folder": folder})
    give(folder, "www-data")
    known = {"RT_SITE_CONFIG": str(settings), "RT_SITE_CONFIG_DIR": str(folder / "config")}
    before = as_user("www-data")
    if not (folder / "database").exists():
        setup = [program("rt-setup-database-5"), "--action", "init", "--skip-create"]
        words = [*before, *map(str, setup)]
        subprocess.run(
            words, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin:/usr/sbin", **known},
        )  # fmt: skip
    server = program("/usr/share/request-tracker5/libexec/rt-server")
    command = [*before, server, "--port", port, "--host", "127.0.0.1"]
    log = folder / "rt.log"
    with running(command, folder=folder, log=log, port=port, environment=known):
        yield RequestTracker(f"http://127.0.0.1:{seen_at or port}/", folder)
