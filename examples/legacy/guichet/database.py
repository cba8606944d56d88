"""What really arrived: one table, counted by tests and by anyone who doubts."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS depot (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    module TEXT NOT NULL,
    reference TEXT NOT NULL,
    numero TEXT,
    recu_le TEXT NOT NULL,
    champs TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS depot_reference ON depot (reference);
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the search page."""

    module: str
    reference: str
    number: str
    received_on: str


class Deposits:
    """The deposits, in a SQLite file in WAL mode. Duplicates are not refused: that is the point."""

    def __init__(self, database: Path) -> None:
        self._database = database
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)

    def add(self, module: str, *, reference: str, fields: Mapping[str, object], at: float) -> str:
        """Keep a deposit and return its receipt number."""
        received = datetime.fromtimestamp(at, tz=UTC)
        content = json.dumps(fields, ensure_ascii=False, sort_keys=True)
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            row = connection.execute(
                "INSERT INTO depot (module, reference, recu_le, champs) VALUES (?, ?, ?, ?)",
                (module, reference, received.isoformat(timespec="seconds"), content),
            )
            number = f"ACC-{received.year}-{row.lastrowid:06d}"
            connection.execute("UPDATE depot SET numero = ? WHERE id = ?", (number, row.lastrowid))
            connection.execute("COMMIT")
        return number

    def search(self, reference: str, *, limit: int = 50) -> list[Hit]:
        """Return the newest deposits whose reference contains ``reference``."""
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT module, reference, numero, recu_le FROM depot "
                "WHERE instr(lower(reference), lower(?)) > 0 ORDER BY id DESC LIMIT ?",
                (reference, limit),
            ).fetchall()
        return [Hit(*row) for row in rows]

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with closing(
            sqlite3.connect(self._database, timeout=30, isolation_level=None)
        ) as connection:
            yield connection
