"""The database under the register: opened, brought to the newest schema, and written one at a time.

SQLite runs in WAL mode with ``synchronous=FULL``, so that what was committed survives a power cut;
every writing transaction begins with ``BEGIN IMMEDIATE``. PostgreSQL takes an advisory lock where
the ledger's chain needs one writer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from rpa.domain.errors import SetupError, ToolUnavailableError
from rpa.i18n import _

NEWEST: Final = "0006"
"""The newest migration: a database that has it is opened without reading the migrations."""

LEDGER_LOCK: Final = 7_276_001
"""Number of the PostgreSQL advisory lock that serialises writers of the chain."""


class Database:
    """A database that holds a register. Safe from several threads and processes."""

    def __init__(self, url: str) -> None:
        """Open the database at an SQLAlchemy ``url`` and bring its schema to the newest version.

        Raises:
            SetupError: The address is wrong, or the schema is newer than this program.
            ToolUnavailableError: The database cannot be reached or written.
        """
        self.engine = _engine(url)
        try:
            _upgrade(self.engine)
        except SetupError:
            self.close()
            raise
        except OperationalError as error:
            self.close()
            shown = make_url(url).render_as_string(hide_password=True)
            raise ToolUnavailableError(
                _(
                    "The register's database {url} cannot be opened: {cause}. "
                    "Check that the server runs and that the folder can be written.",
                    url=shown,
                    cause=_cause(error),
                )
            ) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for queries."""
        with _told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction that no other writer runs beside.

        All of it is committed at the end of the block, or nothing.
        """
        with _told(), self.engine.connect() as connection:
            connection.info["writing"] = True
            try:
                with connection.begin():
                    if connection.dialect.name == "postgresql":
                        lock = text("select pg_advisory_xact_lock(:key)")
                        connection.execute(lock, {"key": LEDGER_LOCK})
                    yield connection
            finally:
                connection.info.pop("writing", None)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise ToolUnavailableError(
            _("The register's database failed: {cause}.", cause=_cause(error))
        ) from error


def _cause(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0]


def _engine(url: str) -> Engine:
    try:
        address = make_url(url)
        sqlite = address.get_backend_name() == "sqlite"
        arguments: dict[str, Any] = {"timeout": 60} if sqlite else {}
        engine = create_engine(address, connect_args=arguments, pool_pre_ping=not sqlite)
    except Exception as error:
        raise SetupError(
            _("{url} is not the address of a database.", url=url.rsplit("@", maxsplit=1)[-1])
        ) from error
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    mode = "IMMEDIATE" if connection.info.get("writing") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")


def _upgrade(engine: Engine) -> None:
    with engine.connect() as connection:
        if revision_of(connection) == NEWEST:
            return
    # Most openings need no Alembic, whose import takes as long as all of SQLAlchemy's.
    schema = import_module("rpa.register.schema")
    with engine.connect() as connection:
        connection.info["writing"] = True
        with connection.begin():
            schema.migrate(connection)
        connection.info.pop("writing", None)


def revision_of(connection: Connection) -> str | None:
    """Return the last migration that a database went through; None where it is new."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar_one_or_none()
