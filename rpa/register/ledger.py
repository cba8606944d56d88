"""The ledger in the database: appended to, read, and checked."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from rpa.domain.ledger import GENESIS, Columns, Flaw, LedgerEntry, canonical, flaws
from rpa.domain.model import CaseId
from rpa.register.tables import cases, ledger


def instant(at: datetime) -> str:
    """Return the one text of a moment: ISO 8601, UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def append(
    connection: Connection,
    *,
    at: datetime,
    kind: str,
    actor: str,
    data: Mapping[str, Any],
    case_id: CaseId | None = None,
) -> int:
    """Append one entry inside a writing transaction and return its number.

    The case it is about remembers the number, so that a chain cut off at its end is noticed.
    """
    newest = select(ledger.c.seq, ledger.c.hash).order_by(ledger.c.seq.desc()).limit(1)
    last = connection.execute(newest).one_or_none()
    columns = Columns(
        seq=last.seq + 1 if last else 1,
        at=instant(at),
        kind=kind,
        case_id=case_id,
        actor=actor,
        data=canonical(dict(data)),
        previous=last.hash if last else GENESIS,
    )
    sealed = columns.model_copy(update={"hash": columns.own_hash()})
    connection.execute(insert(ledger).values(**sealed.model_dump()))
    if case_id is not None:
        known = update(cases).where(cases.c.case_id == case_id)
        connection.execute(known.values(last_seq=sealed.seq))
    return sealed.seq


def entries(
    connection: Connection,
    *,
    case_id: CaseId | None = None,
    kind: str | None = None,
    last: int | None = None,
) -> Iterator[LedgerEntry]:
    """Yield entries, oldest first: of one case, of one kind, or the ``last`` so many."""
    query = select(ledger)
    if case_id is not None:
        query = query.where(ledger.c.case_id == case_id)
    if kind is not None:
        query = query.where(ledger.c.kind == kind)
    if last is not None:
        newest = query.order_by(ledger.c.seq.desc()).limit(last).subquery()
        query = select(newest).order_by(newest.c.seq)
    else:
        query = query.order_by(ledger.c.seq)
    for row in connection.execute(query):
        yield _entry(row)


def entries_at(connection: Connection, numbers: Sequence[int]) -> Iterator[LedgerEntry]:
    """Yield the entries of these numbers, oldest first."""
    query = select(ledger).where(ledger.c.seq.in_(numbers)).order_by(ledger.c.seq)
    for row in connection.execute(query):
        yield _entry(row)


def head(connection: Connection) -> tuple[int, str]:
    """Return the number and hash of the newest entry; 0 and zeros when there is none."""
    newest = select(ledger.c.seq, ledger.c.hash).order_by(ledger.c.seq.desc()).limit(1)
    last = connection.execute(newest).one_or_none()
    return (last.seq, last.hash) if last else (0, GENESIS)


def verify(connection: Connection) -> Iterator[Flaw]:
    """Check the whole chain and the cases against it; yield what is wrong, entry by entry."""
    query = select(ledger).order_by(ledger.c.seq).execution_options(yield_per=5000)
    rows = connection.execute(query)
    # Rows come from our own columns: validating a million of them again would only cost time.
    yield from flaws(Columns.model_construct(**row._asdict()) for row in rows)
    yield from _cut_off(connection)


def _cut_off(connection: Connection) -> Iterator[Flaw]:
    top = connection.execute(select(func.coalesce(func.max(ledger.c.seq), 0))).scalar_one()
    query = select(cases.c.case_id, cases.c.last_seq).where(cases.c.last_seq > top)
    for row in connection.execute(query.order_by(cases.c.last_seq)):
        detail = f"entry {row.last_seq} of case {row.case_id} is gone; the ledger ends at {top}"
        yield Flaw(seq=row.last_seq, problem="cut-off", detail=detail)


def _entry(row: Row[Any]) -> LedgerEntry:
    return LedgerEntry.model_validate({**row._asdict(), "data": json.loads(row.data)})
