"""The register, looked at from outside while workers use it."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NEW = """
select i.intent_id, d.source_id, c.lease_owner from intents i
join cases c on c.case_id = i.case_id join deliveries d on d.case_id = i.case_id
where i.closed_at is null and i.intent_id > ? order by i.intent_id
"""


@dataclass(frozen=True)
class OpenIntent:
    """A commit that is about to be made."""

    number: int
    key: str
    """The case, as the list names it."""
    pid: int
    """The worker that holds the case; 0 where nobody does."""


@dataclass(frozen=True)
class Evidence:
    """What the files of ``--register FOLDER`` say."""

    folder: Path

    @property
    def database(self) -> Path:
        """The register's file."""
        return self.folder / "register.db"

    def newest_intent(self) -> int:
        """Return the number of the last intent that was written."""
        found = self._rows("select max(intent_id) from intents")
        return int(found[0][0] or 0) if found else 0

    def intents_after(self, number: int) -> list[OpenIntent]:
        """Return the open intents that were written after another one."""
        rows = self._rows(NEW, number)
        return [OpenIntent(int(row[0]), str(row[1]), _pid(row[2])) for row in rows]

    def states(self) -> Counter[str]:
        """Count cases by their state."""
        return Counter({str(s): int(n) for s, n in self._rows(
            "select state, count(*) from cases group by state"
        )})  # fmt: skip

    def pictures(self) -> int:
        """Count the documents that are kept."""
        return sum(1 for _path in (self.folder / "store").glob("??/??/*"))

    @contextmanager
    def locked(self) -> Iterator[bool]:
        """Let nobody write the register meanwhile; yields whether it could be had."""
        with closing(sqlite3.connect(self.database, timeout=10, isolation_level=None)) as own:
            try:
                own.execute("begin immediate")
            except sqlite3.Error:
                yield False
                return
            yield True
            with suppress(sqlite3.Error):
                own.execute("rollback")

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            address = f"file:{self.database}?mode=ro"
            with closing(sqlite3.connect(address, uri=True, timeout=5)) as own:
                return list(own.execute(query, values))
        except sqlite3.Error:
            return []


def _pid(owner: object) -> int:
    """Return the process number in ``worker:host:pid:started``."""
    parts = str(owner or "").split(":")
    return int(parts[2]) if len(parts) == 4 else 0
