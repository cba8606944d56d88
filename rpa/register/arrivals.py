"""Arrivals: a delivery becomes a case once, and the same document twice becomes a duplicate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, or_, select, update

from rpa.domain.case import Case, CaseState
from rpa.domain.document import DocumentRef
from rpa.domain.model import CaseId, Digest, ProcessId
from rpa.register import ledger
from rpa.register.ledger import instant
from rpa.register.rows import case_of, case_values
from rpa.register.tables import case_numbers, cases, deliveries


class Outcome(StrEnum):
    """What became of a delivery."""

    NEW = "new"
    DUPLICATE = "duplicate"
    """The document is that of an earlier case; no case was opened."""
    KNOWN = "known"
    """This very delivery was taken in before; nothing was written."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery whose bytes are stored, about to become a case."""

    channel: str
    source_id: str
    name: str
    digest: Digest
    """Tells the document from others: of its bytes; for a part, of them and its pages."""
    pixels_digest: Digest | None
    documents: tuple[DocumentRef, ...]
    process: ProcessId | None
    reason: str
    """Why the case stands where it stands."""
    refused: str = ""
    """Code of why it can't be taken in; the case is set aside with ``reason``."""
    medium: str = "unknown"
    """The channel's kind: ``fax``, ``scan``, ``email``, ``web``, …"""
    pages: int = 0
    came_at: datetime | None = None
    """When it reached the mail or fax server, if that says so."""


def arrived(connection: Connection, arrival: Arrival) -> Case | None:
    """Return the case of a delivery that is known already, or None."""
    return delivered(connection, arrival.channel, arrival.source_id)


def delivered(connection: Connection, channel: str, source_id: str) -> Case | None:
    """Return the case of what came as ``source_id`` from ``channel``, or None."""
    query = (
        select(cases)
        .join(deliveries, deliveries.c.case_id == cases.c.case_id)
        .where(deliveries.c.channel == channel)
        .where(deliveries.c.source_id == source_id)
    )
    row = connection.execute(query).one_or_none()
    return case_of(row) if row else None


def new_case(
    connection: Connection, arrival: Arrival, *, at: datetime, actor: str
) -> tuple[Case, Outcome]:
    """Open a case for a new delivery, or record it as a duplicate of the case it repeats."""
    known = _same_document(connection, arrival)
    if known is not None:
        _repeat(connection, [arrival], known, at=at, actor=actor)
        return known, Outcome.DUPLICATE
    return _open(connection, arrival, at=at, actor=actor), Outcome.NEW


def new_batch(
    connection: Connection,
    parts: Sequence[Arrival],
    carriers: Sequence[Arrival],
    *,
    at: datetime,
    actor: str,
) -> list[tuple[Case, Outcome]]:
    """Open a case for each part of what came together, or none where it came before.

    ``carriers`` are the deliveries as they came: each is put on record, so that it is known when
    it comes again; the first of them is what the parts were split from.
    """
    known = [arrived(connection, arrival) for arrival in (*parts, *carriers)]
    if any(known):
        cases = {case.case_id: case for case in known if case is not None}
        return [(case, Outcome.KNOWN) for case in cases.values()]
    same = _same_document(connection, carriers[0]) if len(parts) > 1 else None
    if same is not None:
        _repeat(connection, carriers, same, at=at, actor=actor)
        return [(same, Outcome.DUPLICATE)]
    opened = [new_case(connection, part, at=at, actor=actor) for part in parts]
    for carrier in carriers:
        _record(connection, carrier, opened[0][0].case_id, at=at, is_duplicate=False)
    return opened


def _repeat(
    connection: Connection, arrivals: Sequence[Arrival], known: Case, *, at: datetime, actor: str
) -> None:
    for arrival in arrivals:
        _record(connection, arrival, known.case_id, at=at, is_duplicate=True)
    data = {"channel": arrivals[0].channel, "document": _document(arrivals[0])}
    ledger.append(connection, at=at, kind="repeated", actor=actor, data=data, case_id=known.case_id)


def _document(arrival: Arrival) -> Digest:
    """Return the digest of the bytes that hold the document."""
    return arrival.documents[-1].digest if arrival.documents else arrival.digest


def _open(connection: Connection, arrival: Arrival, *, at: datetime, actor: str) -> Case:
    case = Case(
        case_id=_next_number(connection, at.year),
        process=arrival.process,
        state=CaseState.SET_ASIDE if arrival.refused else CaseState.RECEIVED,
        reason=arrival.reason,
        channel=arrival.channel,
        received_at=at,
        changed_at=at,
        documents=arrival.documents,
    )
    connection.execute(
        insert(cases).values(
            **case_values(case), attempts=0, not_before="", lease_fence=0, last_seq=0
        )
    )
    _record(connection, arrival, case.case_id, at=at, is_duplicate=False)
    came: dict[str, object] = {
        "channel": arrival.channel,
        "medium": arrival.medium,
        "document": _document(arrival),
        "pages": arrival.pages,
        "process": arrival.process,
        **_part(arrival),
    }
    if arrival.came_at is not None:
        came["came_at"] = instant(arrival.came_at)
    ledger.append(connection, at=at, kind="received", actor=actor, data=came, case_id=case.case_id)
    if arrival.refused:
        refused = {"code": arrival.refused}
        ledger.append(
            connection, at=at, kind="set-aside", actor=actor, data=refused, case_id=case.case_id
        )
    return case


def _part(arrival: Arrival) -> dict[str, object]:
    """Return which pages of the document are the case's, where it isn't all of them."""
    document = arrival.documents[-1] if arrival.documents else None
    if document is None or not document.pages:
        return {}
    told = document.model_dump(include={"pages", "blank_pages", "separators"})
    return {"part": {name: list(numbers) for name, numbers in told.items()}}


def _same_document(connection: Connection, arrival: Arrival) -> Case | None:
    same = deliveries.c.digest == arrival.digest
    if arrival.pixels_digest is not None:
        same = or_(same, deliveries.c.pixels_digest == arrival.pixels_digest)
    query = (
        select(cases)
        .join(deliveries, deliveries.c.case_id == cases.c.case_id)
        .where(same, deliveries.c.is_duplicate == 0)
        .order_by(deliveries.c.delivery_id)
    )
    row = connection.execute(query).first()
    return case_of(row) if row else None


def _record(
    connection: Connection, arrival: Arrival, case_id: CaseId, *, at: datetime, is_duplicate: bool
) -> None:
    connection.execute(
        insert(deliveries).values(
            channel=arrival.channel,
            source_id=arrival.source_id,
            name=arrival.name,
            digest=arrival.digest,
            pixels_digest=arrival.pixels_digest,
            at=instant(at),
            case_id=case_id,
            is_duplicate=int(is_duplicate),
        )
    )


def _next_number(connection: Connection, year: int) -> CaseId:
    counted = connection.execute(
        update(case_numbers).where(case_numbers.c.year == year).values(last=case_numbers.c.last + 1)
    )
    if counted.rowcount == 0:
        connection.execute(insert(case_numbers).values(year=year, last=1))
    query = select(case_numbers.c.last).where(case_numbers.c.year == year)
    return CaseId(f"{year}-{connection.execute(query).scalar_one():06d}")
