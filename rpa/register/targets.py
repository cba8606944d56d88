"""What all workers share of a target: log-ins, failures in a row, pace, receipts."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from rpa.domain.model import CaseId
from rpa.domain.target import TargetSpec
from rpa.register import logins, receipts
from rpa.register.database import Database
from rpa.register.ledger import instant
from rpa.register.rows import LoginLease
from rpa.register.tables import targets

READY = 0.0
"""No wait is left."""


class TargetRegister:
    """The register's part that is about targets and not about cases."""

    _database: Database
    _now: Callable[[], datetime]
    _lease_s: float

    def claim_login(
        self,
        target: str,
        usernames: Sequence[str],
        *,
        owner: str,
        is_dead: Callable[[str], bool],
    ) -> LoginLease | None:
        """Take one of a target's log-ins; None while others hold them all.

        An owner that holds one of them is given it again; a dead owner's is free at once.
        """
        now = self._now()
        until = now + timedelta(seconds=self._lease_s)
        claimant = logins.Claimant(owner, is_dead, at=now, until=until)
        with self._database.writing() as connection:
            return logins.claim(connection, target, usernames, by=claimant)

    def keep_login(self, lease: LoginLease) -> None:
        """Lengthen a log-in's lease where less than half of it is left.

        Raises:
            LostLeaseError: Another worker uses the log-in now.
        """
        now = self._now()
        with self._database.reading() as connection:
            if logins.kept(connection, lease, until=now + timedelta(seconds=self._lease_s / 2)):
                return
        with self._database.writing() as connection:
            logins.renew(connection, lease, at=now, for_s=self._lease_s)

    def release_logins(self, leases: Collection[LoginLease]) -> None:
        """Give log-ins back; may be called twice."""
        if leases:
            with self._database.writing() as connection:
                logins.release(connection, leases)

    def refuse_login(self, lease: LoginLease, mark: str) -> bool:
        """Give a log-in back that the target refused; ``mark`` tells the password it refused.

        Returns False where the target took this password before: it is worth one more try.
        """
        with self._database.writing() as connection:
            return logins.refuse(connection, lease, mark)

    def accept_login(self, lease: LoginLease, mark: str) -> None:
        """Note that the target took the password with this mark."""
        with self._database.writing() as connection:
            logins.accept(connection, lease, mark)

    def refused_logins(self, target: str) -> Mapping[str, str]:
        """Return the marks of the passwords that a target refused, by user name."""
        with self._database.reading() as connection:
            return logins.refused(connection, target)

    def wait_for(self, target: str, spec: TargetSpec) -> float:
        """Return in how many seconds a filing may begin; 0 takes the turn.

        A circuit that was open long enough lets one worker through, and the others wait on.
        """
        now = self._now()
        with self._database.reading() as connection:
            row = _row(connection, target)
        wait = _wait(row, spec, at=now)
        if wait or not (spec.pause_s or _is_open(row, spec)):
            return wait
        with self._database.writing() as connection:
            row = _row(connection, target)
            wait = _wait(row, spec, at=now)
            if not wait:
                _take_turn(connection, target, row, spec, at=now)
            return wait

    def target_failed(self, target: str, spec: TargetSpec) -> None:
        """Count a failure; enough in a row open the circuit."""
        now = self._now()
        with self._database.writing() as connection:
            row = _row(connection, target)
            failures = (row.failures if row else 0) + 1
            opened = failures >= spec.circuit.failures
            until = instant(now + timedelta(seconds=spec.circuit.pause_s)) if opened else None
            _write(connection, target, row, failures=failures, open_until=until)

    def target_answered(self, target: str) -> None:
        """Close the circuit: the target works."""
        with self._database.reading() as connection:
            row = _row(connection, target)
        if row is None or not row.failures:
            return
        with self._database.writing() as connection:
            _write(connection, target, row, failures=0, open_until=None)

    def receipts_of_others(
        self, target: str, numbers: Collection[str], case_id: CaseId
    ) -> frozenset[str]:
        """Return those of ``numbers`` that other cases of the target hold."""
        if not numbers:
            return frozenset()
        with self._database.reading() as connection:
            return receipts.of_others(connection, target, numbers, case_id)


def _row(connection: Connection, target: str) -> Row[Any] | None:
    return connection.execute(select(targets).where(targets.c.target == target)).one_or_none()


def _is_open(row: Row[Any] | None, spec: TargetSpec) -> bool:
    return row is not None and row.failures >= spec.circuit.failures


def _wait(row: Row[Any] | None, spec: TargetSpec, *, at: datetime) -> float:
    if row is None:
        return READY
    rest = _left(row.open_until, at, most=spec.circuit.pause_s) if _is_open(row, spec) else READY
    return max(rest, _left(row.next_at, at, most=spec.pause_s))


def _left(until: str | None, at: datetime, *, most: float) -> float:
    """Return the seconds until a moment; a moment too far ahead was written by a wrong clock."""
    if not until:
        return READY
    left = (datetime.fromisoformat(until) - at).total_seconds()
    return left if 0 < left <= most else READY


def _take_turn(
    connection: Connection, target: str, row: Row[Any] | None, spec: TargetSpec, *, at: datetime
) -> None:
    values: dict[str, Any] = {}
    if spec.pause_s:
        values["next_at"] = instant(at + timedelta(seconds=spec.pause_s))
    if _is_open(row, spec):
        values["open_until"] = instant(at + timedelta(seconds=spec.circuit.pause_s))
    _write(connection, target, row, **values)


def _write(connection: Connection, target: str, row: Row[Any] | None, **values: Any) -> None:
    if row is None:
        connection.execute(insert(targets).values(target=target, **{"failures": 0, **values}))
    else:
        connection.execute(update(targets).where(targets.c.target == target).values(**values))
