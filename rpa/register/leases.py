"""Leases: who may write a case now. A fencing number shuts out a worker that lost its lease.

A lease is a compare-and-set on the case's row. Its number grows with every lease, and every write
names the number it was given, so that a worker that slept through its lease can't write after the
next one began (M. Kleppmann, "How to do distributed locking", 2016).
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Update, or_, select, update

from rpa.domain.case import WORKABLE
from rpa.domain.errors import LostLeaseError, NotFoundError
from rpa.domain.model import CaseId
from rpa.i18n import _
from rpa.register.ledger import instant
from rpa.register.rows import Lease, case_of
from rpa.register.tables import cases


def _free(now: str) -> ColumnElement[bool]:
    return or_(cases.c.lease_until.is_(None), cases.c.lease_until < now)


def due(connection: Connection, *, at: datetime, most: int) -> list[CaseId]:
    """Return the cases a worker could take now, oldest first."""
    now = instant(at)
    query = (
        select(cases.c.case_id)
        .where(cases.c.state.in_([state.value for state in WORKABLE]))
        .where(cases.c.not_before <= now)
        .where(_free(now))
        .order_by(cases.c.received_at, cases.c.case_id)
        .limit(most)
    )
    return list(connection.execute(query).scalars())


def take(
    connection: Connection, case_id: CaseId, *, owner: str, at: datetime, for_s: float
) -> Lease | None:
    """Take the lease on a case inside a writing transaction; None if another holds it.

    Raises:
        NotFoundError: There is no such case.
    """
    until = instant(at + timedelta(seconds=for_s))
    taken = connection.execute(
        update(cases)
        .where(cases.c.case_id == case_id, _free(instant(at)))
        .values(lease_owner=owner, lease_until=until, lease_fence=cases.c.lease_fence + 1)
    )
    row = connection.execute(select(cases).where(cases.c.case_id == case_id)).one_or_none()
    if row is None:
        raise NotFoundError(_("There is no case {case}.", case=case_id))
    if taken.rowcount == 0:
        return None
    return Lease(case=case_of(row), owner=owner, fence=row.lease_fence, attempts=row.attempts)


def renew(connection: Connection, lease: Lease, *, at: datetime, for_s: float) -> None:
    """Lengthen a lease that is still held; raises :class:`LostLeaseError` otherwise."""
    until = instant(at + timedelta(seconds=for_s))
    kept = connection.execute(held(lease).values(lease_until=until))
    if kept.rowcount == 0:
        raise lost(lease)


def confirm(connection: Connection, lease: Lease) -> None:
    """Raise :class:`LostLeaseError` where another holds the case now; writes nothing."""
    query = select(cases.c.lease_owner, cases.c.lease_fence)
    row = connection.execute(query.where(cases.c.case_id == lease.case.case_id)).one_or_none()
    if row is None or (row.lease_owner, row.lease_fence) != (lease.owner, lease.fence):
        raise lost(lease)


def release(connection: Connection, lease: Lease) -> None:
    """Give a lease back; one that was lost already is left to its new holder."""
    connection.execute(held(lease).values(lease_owner=None, lease_until=None))


def held(lease: Lease) -> Update:
    """Return an update of the case's row that touches nothing unless ``lease`` still holds."""
    return update(cases).where(
        cases.c.case_id == lease.case.case_id,
        cases.c.lease_fence == lease.fence,
        cases.c.lease_owner == lease.owner,
    )


def lost(lease: Lease) -> LostLeaseError:
    """Return the error of a worker that may not write any more."""
    return LostLeaseError(
        _("Another worker took over case {case}; nothing was written.", case=lease.case.case_id)
    )


def break_dead(connection: Connection, *, is_dead: Callable[[str], bool]) -> Collection[CaseId]:
    """End the leases of owners known to be dead, and return their cases.

    The fencing number still shuts such an owner out, should it turn out to live.
    """
    rows = connection.execute(
        select(cases.c.case_id, cases.c.lease_owner).where(cases.c.lease_owner.is_not(None))
    ).all()
    freed = [CaseId(row.case_id) for row in rows if is_dead(row.lease_owner)]
    if freed:
        ended = update(cases).where(cases.c.case_id.in_(freed))
        connection.execute(ended.values(lease_owner=None, lease_until=None))
    return freed
