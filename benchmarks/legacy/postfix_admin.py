"""PostfixAdmin: mailboxes and aliases; PHP on SQLite (Debian's package postfixadmin)."""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.legacy.programs import as_user, free_port, give, open_to_others, program
from benchmarks.legacy.servers import apache

PACKAGES = ("postfixadmin", "libapache2-mod-php", "php-sqlite3", "php-mbstring", "php-cli")
SOURCE = Path("/usr/share/postfixadmin")
ADMIN = "admin@example.org"
PASSWORD = "admin12345"  # noqa: S105 - of an application that lives as long as its benchmark
SETTINGS = """
$CONF['configured'] = true;
$CONF['database_type'] = 'sqlite';
$CONF['database_name'] = '%(folder)s/database';
$CONF['emailcheck_resolve_domain'] = 'NO';
$CONF['quota'] = 'YES';
"""


@dataclass(frozen=True)
class PostfixAdmin:
    """A running PostfixAdmin, and what its database says."""

    url: str
    folder: Path
    logins: tuple[str, ...] = (ADMIN,)
    password: str = PASSWORD

    def mailboxes(self) -> list[dict[str, object]]:
        """Return every mailbox."""
        return self._rows("select username, name, quota, active, phone, email_other from mailbox")

    def aliases(self) -> list[dict[str, object]]:
        """Return every alias."""
        return self._rows("select address, goto, domain, active from alias")

    def _rows(self, query: str) -> list[dict[str, object]]:
        database = self.folder / "written" / "database"
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as known:
            known.row_factory = sqlite3.Row
            return [dict(row) for row in known.execute(query)]


@contextmanager
def application(
    folder: Path, port: int | None = None, *, seen_at: int | None = None
) -> Iterator[PostfixAdmin]:
    """Run PostfixAdmin with everything in ``folder``; ``seen_at``: a proxy's port before it."""
    open_to_others(folder)
    port, code, written = port or free_port(), folder / "postfixadmin", folder / "written"
    fresh = not code.exists()
    _install(code, written)
    php = program("/usr/lib/apache2/modules/libphp*.so")
    with apache(folder / "apache", port, _body(code, php)):
        if fresh:
            httpx.get(f"http://127.0.0.1:{port}/upgrade.php", trust_env=False).raise_for_status()
            _add_first(code)
        yield PostfixAdmin(f"http://127.0.0.1:{seen_at or port}/login.php", folder)


def _install(code: Path, written: Path) -> None:
    """Copy the programs, with this folder's database in their settings."""
    ignored = shutil.ignore_patterns("config.inc.php", "config.local.php", "templates_c")
    shutil.copytree(SOURCE, code, dirs_exist_ok=True, ignore=ignored)
    settings = Path("/etc/postfixadmin/config.inc.php").read_text()
    lines = [
        line
        for line in settings.splitlines()
        if "dbconfig.inc.php" not in line and "= $db" not in line
    ]
    (code / "config.inc.php").write_text("\n".join(lines).replace("?>", ""))
    with (code / "config.inc.php").open("a") as file:
        file.write(SETTINGS % {"folder": written})
    for folder in (written, code / "templates_c"):
        folder.mkdir(exist_ok=True)
        (written / "database").touch()  # it does not make the file itself
        give(folder, "www-data")


def _add_first(code: Path) -> None:
    """Add a domain and its administrator by the program's own command line."""
    tool = [*as_user("www-data"), "bash", str(code / "scripts" / "postfixadmin-cli")]
    who = ("--superadmin", "1", "--active", "1", "--password", PASSWORD, "--password2", PASSWORD)
    domain = ("--description", "Bureau", "--aliases", "0", "--mailboxes", "0", "--active", "1")
    for words in (("admin", "add", ADMIN, *who), ("domain", "add", "example.org", *domain)):
        subprocess.run([*tool, *words], check=True, stdout=subprocess.DEVNULL, cwd=code)


def _body(code: Path, php: Path) -> str:
    return f"""
LoadModule php_module {php}
AddType application/x-httpd-php .php
DocumentRoot {code}/public
<Directory {code}/public>
  Require all granted
  php_admin_value session.save_path {code.parent}/written
</Directory>
"""
