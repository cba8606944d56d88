"""What really arrived: one table, counted by tests and by anyone who doubts."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from guichet.latin1 import Upload

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
CREATE TABLE IF NOT EXISTS piece (
    depot INTEGER NOT NULL REFERENCES depot (id),
    rang INTEGER NOT NULL,
    nom TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    contenu BLOB NOT NULL,
    PRIMARY KEY (depot, rang)
);
CREATE TABLE IF NOT EXISTS ouverture (ouverte_le TEXT NOT NULL, terminees INTEGER NOT NULL);
"""
COMPLAINT = "plainte"
_LINES = """
SELECT numero, reference, recu_le, champs,
       (SELECT json_group_array(json_array(nom, length(contenu))) FROM piece WHERE depot = depot.id)
FROM depot WHERE module = 'plainte'
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the search page."""

    module: str
    reference: str
    number: str
    received_on: str


@dataclass(frozen=True, slots=True)
class Line:
    """One complaint in the register."""

    number: str
    reference: str
    received_on: str
    fields: dict[str, object]
    pieces: list[tuple[str, int]]
    """Names and sizes of the files."""


class Deposits:
    """The deposits, in a SQLite file in WAL mode. Duplicates are not refused: that is the point."""

    def __init__(self, database: Path) -> None:
        self._database = database
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)

    def add(
        self,
        module: str,
        *,
        reference: str,
        fields: Mapping[str, object],
        at: float,
        pieces: Sequence[Upload] = (),
    ) -> str:
        """Keep a deposit and return its receipt number."""
        content = json.dumps(fields, ensure_ascii=False, sort_keys=True)
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            row = connection.execute(
                "INSERT INTO depot (module, reference, recu_le, champs) VALUES (?, ?, ?, ?)",
                (module, reference, _moment(at), content),
            )
            year, prefix = _moment(at)[:4], "PL" if module == COMPLAINT else "ACC"
            number = f"{prefix}-{year}-{row.lastrowid:06d}"
            connection.execute("UPDATE depot SET numero = ? WHERE id = ?", (number, row.lastrowid))
            connection.executemany(
                "INSERT INTO piece (depot, rang, nom, sha256, contenu) VALUES (?, ?, ?, ?, ?)",
                [
                    (row.lastrowid, rank, one.name, _digest(one.content), one.content)
                    for rank, one in enumerate(pieces, start=1)
                ],
            )
            connection.execute("COMMIT")
        return number

    def note_log_in(self, *, at: float, ended: int) -> None:
        """Keep that someone logged in, and how many sessions that ended."""
        with self._connection() as connection:
            connection.execute("INSERT INTO ouverture VALUES (?, ?)", (_moment(at), ended))

    def search(self, reference: str, *, kept_by: float, limit: int = 50) -> list[Hit]:
        """Return the newest deposits whose reference contains ``reference``, complaints aside."""
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT module, reference, numero, recu_le FROM depot WHERE module <> ? "
                "AND recu_le <= ? AND instr(lower(reference), lower(?)) > 0 "
                "ORDER BY id DESC LIMIT ?",
                (COMPLAINT, _moment(kept_by), reference, limit),
            ).fetchall()
        return [Hit(*row) for row in rows]

    def complaints(self, part: str, *, kept_by: float) -> list[Line]:
        """Return the complaints with ``part`` in their reference or name, oldest first."""
        with self._connection() as connection:
            rows = connection.execute(
                f"{_LINES} AND recu_le <= ? AND instr(lower(reference || ' ' || "
                "json_extract(champs, '$.nom')), lower(?)) > 0 ORDER BY id",
                (_moment(kept_by), part),
            ).fetchall()
        return [_line(row) for row in rows]

    def complaint(self, number: str) -> Line | None:
        """Return one complaint."""
        with self._connection() as connection:
            row = connection.execute(f"{_LINES} AND numero = ?", (number,)).fetchone()
        return _line(row) if row else None

    def piece(self, number: str, rank: int) -> Upload | None:
        """Return a file of a complaint."""
        with self._connection() as connection:
            row = connection.execute(
                "SELECT piece.nom, contenu FROM piece JOIN depot ON depot.id = piece.depot "
                "WHERE numero = ? AND rang = ?",
                (number, rank),
            ).fetchone()
        return Upload(*row) if row else None

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with closing(
            sqlite3.connect(self._database, timeout=30, isolation_level=None)
        ) as connection:
            yield connection


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, tz=UTC).isoformat(timespec="milliseconds")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _line(row: tuple[str, str, str, str, str]) -> Line:
    number, reference, received, fields, pieces = row
    named = [(name, size) for name, size in json.loads(pieces)]
    return Line(number, reference, received[:10], json.loads(fields), named)
