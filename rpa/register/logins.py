"""Leases on log-ins: a legacy application ends a session when its user logs in elsewhere.

Each user of a target is one row, held by one owner at a time as a case is by its worker
(:mod:`rpa.register.leases`). An owner keeps a log-in over many cases and takes its own again for
free. One that the target refused is marked, so that nobody locks the account by trying it again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, select, update

from rpa.domain.errors import LostLeaseError
from rpa.i18n import _
from rpa.register.ledger import instant
from rpa.register.rows import LoginLease
from rpa.register.tables import logins


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who wants a log-in, and from when until when."""

    owner: str
    is_dead: Callable[[str], bool]
    at: datetime
    until: datetime

    def may_take(self, row: Row[Any]) -> bool:
        """Say whether a log-in is the claimant's own, or nobody's."""
        if row.owner is None or row.owner == self.owner:
            return True
        return (row.until or "") < instant(self.at) or self.is_dead(row.owner)


def claim(
    connection: Connection, target: str, usernames: Sequence[str], *, by: Claimant
) -> LoginLease | None:
    """Take one of the log-ins inside a writing transaction; None where others hold them all."""
    rows = _rows(connection, target)
    own = [name for name in usernames if name in rows and rows[name].owner == by.owner]
    for username in (*own, *usernames):
        row = rows.get(username)
        if row is None or by.may_take(row):
            return _taken(connection, LoginLease(target, username, by.owner, _fence(row, by)), by)
    return None


def _fence(row: Row[Any] | None, by: Claimant) -> int:
    if row is None:
        return 1
    return int(row.fence) if row.owner == by.owner else int(row.fence) + 1


def _taken(connection: Connection, lease: LoginLease, by: Claimant) -> LoginLease:
    held = {"owner": by.owner, "fence": lease.fence, "until": instant(by.until)}
    known = update(logins).where(_named(lease.target, lease.username)).values(**held)
    if connection.execute(known).rowcount == 0:
        named = {"target": lease.target, "username": lease.username}
        connection.execute(insert(logins).values(**named, **held))
    return lease


def kept(connection: Connection, lease: LoginLease, *, until: datetime) -> bool:
    """Say whether a lease still holds, at least until ``until``, without writing."""
    row = connection.execute(_held_row(lease)).one_or_none()
    return row is not None and (row.until or "") >= instant(until)


def renew(connection: Connection, lease: LoginLease, *, at: datetime, for_s: float) -> None:
    """Lengthen a lease that is still held; raises :class:`LostLeaseError` otherwise."""
    until = instant(at + timedelta(seconds=for_s))
    held = update(logins).where(_held(lease)).values(until=until)
    if connection.execute(held).rowcount == 0:
        raise lost(lease)


def confirm(connection: Connection, lease: LoginLease) -> None:
    """Raise :class:`LostLeaseError` where another holds the log-in now."""
    if connection.execute(_held_row(lease)).one_or_none() is None:
        raise lost(lease)


def release(connection: Connection, leases: Iterable[LoginLease]) -> None:
    """Give log-ins back; those that were lost are left to their new holders."""
    for lease in leases:
        connection.execute(update(logins).where(_held(lease)).values(owner=None, until=None))


def break_dead(connection: Connection, *, is_dead: Callable[[str], bool]) -> None:
    """Free the log-ins of owners known to be dead."""
    query = select(logins.c.owner).where(logins.c.owner.is_not(None)).distinct()
    dead = [owner for owner in connection.execute(query).scalars() if is_dead(owner)]
    if dead:
        ended = update(logins).where(logins.c.owner.in_(dead))
        connection.execute(ended.values(owner=None, until=None))


def refuse(connection: Connection, lease: LoginLease, mark: str) -> bool:
    """Give a log-in back whose password the target refused; say whether for good.

    One that it took before is tried once more: somebody who logs in elsewhere at the same moment
    throws the worker out of its log-in, which looks the same.
    """
    row = connection.execute(_held_row(lease)).one_or_none()
    was_taken = row is not None and row.accepted == mark
    ended = {"owner": None, "until": None, "accepted": None}
    told = ended if was_taken else {**ended, "refused": mark}
    connection.execute(update(logins).where(_held(lease)).values(**told))
    return not was_taken


def accept(connection: Connection, lease: LoginLease, mark: str) -> None:
    """Note the mark of a password that the target took."""
    connection.execute(update(logins).where(_held(lease)).values(accepted=mark))


def refused(connection: Connection, target: str) -> dict[str, str]:
    """Return the marks of refused passwords, by user name."""
    rows = _rows(connection, target)
    return {name: row.refused for name, row in rows.items() if row.refused}


def lost(lease: LoginLease) -> LostLeaseError:
    """Return the error of a worker whose log-in another one uses now."""
    return LostLeaseError(
        _("Another worker uses the log-in on {target} now.", target=lease.target),
        code="lost-login",
    )


def _rows(connection: Connection, target: str) -> dict[str, Row[Any]]:
    rows = connection.execute(select(logins).where(logins.c.target == target)).all()
    return {row.username: row for row in rows}


def _named(target: str, username: str) -> ColumnElement[bool]:
    return and_(logins.c.target == target, logins.c.username == username)


def _held(lease: LoginLease) -> ColumnElement[bool]:
    mine = and_(logins.c.owner == lease.owner, logins.c.fence == lease.fence)
    return and_(_named(lease.target, lease.username), mine)


def _held_row(lease: LoginLease) -> Any:
    return select(logins).where(_held(lease))
