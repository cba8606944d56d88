"""Attempts that must not be too many: each is counted before it is made, in every process alike."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from rpa.register.database import Database
from rpa.register.ledger import instant
from rpa.register.tables import sign_in_attempts


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many attempts are free, and how long the wait grows after them."""

    free: int
    most_s: float
    """The longest wait; it doubles from one second with each attempt."""
    forget_s: float
    """After so long without an attempt all are free again, and nothing is kept of them."""

    def wait_s(self, attempts: int) -> float:
        """Return the wait after so many attempts."""
        over = attempts - self.free
        return min(self.most_s, 2.0 ** min(over, 30)) if over >= 0 else 0.0


class AttemptRegister:
    """The register's part that slows guessing down."""

    _database: Database
    _now: Callable[[], datetime]

    def attempt(self, whose: Mapping[str, Allowance]) -> float:
        """Count an attempt for each of ``whose`` and return 0, or the seconds to wait first.

        An attempt that must wait isn't counted. Counting comes before checking, so that many at
        once don't slip through together.
        """
        now = self._now()
        with self._database.writing() as connection:
            rows = {name: _row(connection, name) for name in whose}
            wait = max((_left(row, whose[name], now) for name, row in rows.items()), default=0.0)
            if not wait:
                for name, row in rows.items():
                    _count(connection, name, row, whose[name], now)
                over = sign_in_attempts.c.kept_until < instant(now)
                connection.execute(delete(sign_in_attempts).where(over))
            return wait

    def attempts_of(self, name: str) -> int:
        """Return how many attempts in a row were counted for ``name``."""
        with self._database.reading() as connection:
            row = _row(connection, name)
        return int(row.failures) if row is not None else 0

    def attempt_succeeded(self, *, clearing: Collection[str], sparing: str = "") -> None:
        """Forget the attempts of ``clearing``, and take the last one of ``sparing`` back."""
        now = instant(self._now())
        table = sign_in_attempts
        with self._database.writing() as connection:
            connection.execute(delete(table).where(table.c.whose.in_(clearing)))
            spared = (table.c.whose == sparing) & (table.c.failures > 0)
            fewer = {"failures": table.c.failures - 1, "free_at": now}
            connection.execute(update(table).where(spared).values(**fewer))


def _row(connection: Connection, whose: str) -> Row[Any] | None:
    query = select(sign_in_attempts).where(sign_in_attempts.c.whose == whose)
    return connection.execute(query).one_or_none()


def _left(row: Row[Any] | None, allowed: Allowance, now: datetime) -> float:
    """Return the seconds to wait; a moment too far ahead was written by a wrong clock."""
    if row is None:
        return 0.0
    left = (datetime.fromisoformat(row.free_at) - now).total_seconds()
    return left if 0 < left <= allowed.most_s else 0.0


def _count(
    connection: Connection, whose: str, row: Row[Any] | None, allowed: Allowance, now: datetime
) -> None:
    is_fresh = row is not None and now - datetime.fromisoformat(row.last_at) <= timedelta(
        seconds=allowed.forget_s
    )
    attempts = (row.failures if row is not None and is_fresh else 0) + 1
    free_at = instant(now + timedelta(seconds=allowed.wait_s(attempts)))
    kept_until = instant(now + timedelta(seconds=allowed.forget_s + allowed.most_s))
    values = {
        "failures": attempts,
        "last_at": instant(now),
        "free_at": free_at,
        "kept_until": kept_until,
    }
    if row is None:
        connection.execute(insert(sign_in_attempts).values(whose=whose, **values))
    else:
        mine = sign_in_attempts.c.whose == whose
        connection.execute(update(sign_in_attempts).where(mine).values(**values))
