"""SQL-Ledger: Perl CGI in a frameset, on Apache and PostgreSQL (Debian's package sql-ledger)."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.legacy.programs import free_port, give, open_to_others, program
from benchmarks.legacy.servers import Database, apache, postgresql
from benchmarks.legacy.web_forms import Visitor

PACKAGES = ("sql-ledger", "libdbd-pg-perl", "apache2", "postgresql")
SOURCE = Path("/usr/share/sql-ledger")
DATASET = "office"
PASSWORD = "admin"  # noqa: S105 - of an application that lives as long as its benchmark
LOGINS = ("admin", "worker1", "worker2", "worker3")
ADDRESSES = """
select c.id, c.customernumber, c.name, c.contact, c.phone, c.email, c.creditlimit, c.notes,
       c.startdate, a.address1, a.address2, a.city, a.state, a.zipcode, a.country
from customer c left join address a on a.trans_id = c.id order by c.id
"""


@dataclass(frozen=True)
class SqlLedger:
    """A running SQL-Ledger, and what its database says."""

    url: str
    database: Database
    folder: Path
    password: str = PASSWORD

    @property
    def logins(self) -> tuple[str, ...]:
        """Log-ins, one for each worker: a second session of one ends the first."""
        return tuple(f"{name}@{DATASET}" for name in LOGINS)

    def customers(self) -> list[dict[str, object]]:
        """Return every customer with its address, as PostgreSQL has them."""
        rows = self.database.rows(ADDRESSES, DATASET)
        return [{name: _mended(value) for name, value in row.items()} for row in rows]

    def forget_customers(self) -> None:
        """Empty the table of customers between two runs."""
        kept = (
            "(select id from employee union select id from vendor union select id from warehouse)"
        )
        self.database.rows(f"delete from address where trans_id not in {kept}", DATASET)  # noqa: S608
        self.database.rows("delete from customer", DATASET)


@contextmanager
def application(
    folder: Path, port: int | None = None, *, seen_at: int | None = None
) -> Iterator[SqlLedger]:
    """Run SQL-Ledger with everything in ``folder``, set up with four log-ins.

    ``seen_at`` is the port of a proxy in front of it.
    """
    open_to_others(folder)
    code, port = folder / "sql-ledger", port or free_port()
    with postgresql(folder / "pg", free_port()) as database:
        fresh = not (code / "users" / "members").exists()
        if fresh:
            _install(code)
            database.rows("create role sqlledger login superuser password 'sqlledger'")
        else:
            _keep_port(code, database.port)
        with apache(folder / "apache", port, _body(code)):
            here = SqlLedger(_address(port), database, folder)
            if fresh:
                _set_up(here)
            yield replace(here, url=_address(seen_at or port))


def _mended(value: object) -> object:
    """Return text as it was typed: with today's DBD::Pg, SQL-Ledger encodes it to UTF-8 twice."""
    if not isinstance(value, str):
        return value
    try:
        return value.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return value.strip()


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}/sql-ledger"


def _install(code: Path) -> None:
    """Copy the programs, with folders of their own for what is written."""
    program("/usr/share/sql-ledger/login.pl")
    written = ("users", "spool", "templates", "css")
    ignored = shutil.ignore_patterns(*written, "sql-ledger.conf", "latex")
    shutil.copytree(SOURCE, code, ignore=ignored, dirs_exist_ok=True)
    for name in written:
        (code / name).mkdir(exist_ok=True)
    shutil.copytree("/var/lib/sql-ledger/css", code / "css", dirs_exist_ok=True)
    shutil.copytree(SOURCE / "doc" / "templates", code / "doc" / "templates", dirs_exist_ok=True)
    settings = Path("/etc/sql-ledger/sql-ledger.conf").read_text()
    settings = settings.replace("/var/lib/sql-ledger", str(code)).replace(
        "$latex = 1", "$latex = 0"
    )
    (code / "sql-ledger.conf").write_text(settings)
    for script in code.glob("*.pl"):
        script.write_text(script.read_text().replace(str(SOURCE), str(code)))
    give(code, "www-data")


def _keep_port(code: Path, port: int) -> None:
    """Tell every log-in where the database listens this time."""
    for file in (code / "users").iterdir():
        lines = file.read_text().splitlines(keepends=True)
        file.write_text("".join(_with_port(line, port) for line in lines))


def _with_port(line: str, port: int) -> str:
    if "dbport" in line and "=" in line:
        name, sign, _old = line.partition("=> '" if "=>" in line else "=")
        return f"{name}{sign}{port}',\n" if "=>" in line else f"{name}{sign}{port}\n"
    before, sign, after = line.partition(";port=")
    return f"{before}{sign}{port}{after.lstrip('0123456789')}" if sign else line


def _body(code: Path) -> str:
    return f"""
Alias /sql-ledger/ {code}/
<Directory {code}>
  AddHandler cgi-script .pl
  Options ExecCGI Includes FollowSymlinks
  AllowOverride None
  Require all granted
</Directory>
"""


def _set_up(here: SqlLedger) -> None:
    """Do what its first user does: password, dataset, the upgrade, and log-ins for workers."""
    with Visitor(f"{here.url}/") as admin:
        admin.open("admin.pl")
        admin.submit({"new_password": PASSWORD, "confirm_password": PASSWORD, "action": "Continue"})
        admin.open("admin.pl", path="bin/mozilla", action="list_datasets", password=PASSWORD)
        admin.submit({"dbdriver": "Pg", "action": "Add Dataset"})
        admin.submit({
            "dbhost": "127.0.0.1", "dbport": str(here.database.port), "dbuser": "sqlledger",
            "dbpasswd": "sqlledger", "dbdefault": "template1", "action": "Continue",
        })  # fmt: skip
        admin.submit({
            "db": DATASET, "company": "Bureau municipal", "email": "bureau@example.org",
            "adminpassword": PASSWORD, "encoding": "UTF8", "action": "Continue",
        })  # fmt: skip
    login, *others = here.logins
    query = {"path": "bin/mozilla", "login": login, "password": PASSWORD, "js": "1"}
    with Visitor(f"{here.url}/") as clerk:
        clerk.open("login.pl", action="login", **query)  # it only says "Upgrading..."
        clerk.open("login.pl", action="login", **query)
        for other in others:
            _add_login(clerk, login, other.partition("@")[0])
    _same_settings(here)


def _add_login(clerk: Visitor, login: str, name: str) -> None:
    clerk.open("hr.pl", path="bin/mozilla", action="add", db="employee", login=login, admin="1")
    clerk.submit({
        "name": name, "employeelogin": name, "employeepassword": PASSWORD, "admin": "1",
        "action": "Save",
    })  # fmt: skip


def _same_settings(here: SqlLedger) -> None:
    """Give the other log-ins the port and the encoding, which SQL-Ledger forgets to copy."""
    members = here.folder / "sql-ledger" / "users" / "members"
    lines = []
    for line in members.read_text().splitlines():
        lines.append(line)
        if line.startswith("[worker"):
            lines += ["charset=UTF8", "vclimit=1000", f"dbport={here.database.port}"]
    members.write_text("\n".join(lines) + "\n\n")
