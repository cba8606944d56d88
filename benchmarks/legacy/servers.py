"""PostgreSQL and Apache of a benchmark's own, with all their files in its work folder."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.legacy.programs import as_user, give, program, running

MODULES = (
    "mpm_prefork", "authz_core", "authz_host", "alias", "cgi", "mime", "dir", "env", "setenvif",
)  # fmt: skip


@dataclass(frozen=True)
class Database:
    """One PostgreSQL server on loopback, without passwords."""

    port: int

    def address(self, name: str = "postgres", user: str = "postgres") -> str:
        """Return libpq's way to one of its databases."""
        return f"host=127.0.0.1 port={self.port} user={user} dbname={name}"

    def rows(self, query: str, name: str = "postgres") -> list[dict[str, object]]:
        """Return what a query finds, a mapping for each row."""
        with (
            psycopg.connect(self.address(name), autocommit=True) as connection,
            connection.cursor(row_factory=psycopg.rows.dict_row) as cursor,
        ):
            cursor.execute(query.encode())
            return list(cursor.fetchall()) if cursor.description else []


@contextmanager
def postgresql(folder: Path, port: int) -> Iterator[Database]:
    """Run PostgreSQL with its files in ``folder``; a folder that was used before goes on."""
    programs = program("/usr/lib/postgresql/*/bin/initdb", "initdb").parent
    data = folder / "data"
    folder.mkdir(parents=True, exist_ok=True)
    give(folder, "postgres")
    before = as_user("postgres")
    if not (data / "PG_VERSION").exists():
        make = [programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8"]
        words = [*before, *map(str, make), "--locale=C.UTF-8"]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", "fsync=off")
    options = [word for each in settings for word in ("-c", each)]
    command = [*before, programs / "postgres", "-D", data, "-p", port, *options]
    (folder / "log").touch()
    with running(command, folder=folder, log=folder / "log", port=port):
        database = Database(port)
        _wait_until_ready(database)
        yield database


def _wait_until_ready(database: Database) -> None:
    """Wait over "the database system is starting up"."""
    for _attempt in range(100):
        try:
            psycopg.connect(database.address(), connect_timeout=2).close()
        except psycopg.OperationalError:
            continue
        return


@contextmanager
def apache(
    folder: Path,
    port: int,
    body: str,
    *,
    modules: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Run Apache with ``body`` as the application's part of its configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    loaded = "\n".join(
        f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"
        for name in (*MODULES, *modules)
    )
    user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    text = f"""ServerRoot "/etc/apache2"
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/error.log
{user}
Mutex file:{folder}/ default
{loaded}
TypesConfig /etc/mime.types
DirectoryIndex index.html index.php
LogFormat "%t %m %U %>s %D" short
CustomLog {folder}/access.log short
{body}
"""
    configuration = folder / "apache.conf"
    configuration.write_text(text)
    command = [program("apache2", "httpd"), "-f", configuration, "-DFOREGROUND"]
    with running(
        command, folder=folder, log=folder / "out.log", port=port, environment=environment
    ):
        yield
