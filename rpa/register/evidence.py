"""What the report asks of the ledger: closed cases, attestations, counts, the frozen inventory.

Everything is told as of a moment: only entries made before it count, so that a past day's figures
come out the same whenever they are computed.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Select, func, or_, select

from rpa.domain.case import CaseState
from rpa.domain.errors import NotFoundError
from rpa.domain.evidence import (
    Attestation,
    ClosedCase,
    IndependentCount,
    Inventory,
    WaitingCase,
    attestation,
    closed_case,
    independent_count,
)
from rpa.domain.model import Digest
from rpa.i18n import _
from rpa.register.database import Database
from rpa.register.ledger import instant
from rpa.register.tables import cases, ledger

STATE_AFTER: Final[Mapping[str, CaseState]] = {
    "received": CaseState.RECEIVED,
    "set-aside": CaseState.SET_ASIDE,
    "named": CaseState.RECEIVED,
    "recognized": CaseState.RECOGNIZED,
    "asked": CaseState.IN_REVIEW,
    "refused": CaseState.IN_REVIEW,
    "approved": CaseState.APPROVED,
    "decided": CaseState.APPROVED,
    "doubted": CaseState.IN_DOUBT,
    "doubt-settled": CaseState.APPROVED,
    "filed": CaseState.FILED,
    "composed": CaseState.COMPOSED,
    "signature-requested": CaseState.AWAITING_SIGNATURE,
    "signed": CaseState.SIGNED,
    "declined": CaseState.DECLINED,
    "rejected": CaseState.REJECTED,
    "archived": CaseState.ARCHIVED,
    "suspended": CaseState.SUSPENDED,
}
"""The state that each kind of entry leaves a case in; ``retried`` says its own."""
RETRIED: Final = "retried"
_CHUNK: Final = 5000


class LedgerEvidence:
    """Tells the report what the ledger held at a moment; reads, never writes."""

    def __init__(self, database: Database, *, inventory: Callable[[Digest], Inventory]) -> None:
        """Ask ``database``; ``inventory`` reads the frozen inventory of a digest."""
        self._database = database
        self._inventory = inventory

    def closed(self, since: datetime, until: datetime) -> Iterator[ClosedCase]:
        """Tell the cases closed in ``[since, until)``, oldest first."""
        query = self._entries("closed", until).where(ledger.c.at >= instant(since))
        with self._database.reading() as connection:
            for row in connection.execute(query.execution_options(yield_per=_CHUNK)):
                yield closed_case(row.seq, row.at, row.case_id, row.data)

    def attestations(self, until: datetime) -> Iterable[Attestation]:
        """Tell every attestation made before ``until``."""
        with self._database.reading() as connection:
            rows = connection.execute(self._entries("attested", until)).all()
        return [attestation(row.seq, row.at, row.data) for row in rows]

    def counts(self, since: datetime, until: datetime) -> Iterable[IndependentCount]:
        """Tell the counts made before ``until`` whose period does not end before ``since``."""
        with self._database.reading() as connection:
            rows = connection.execute(self._entries("counted", until)).all()
        told = (independent_count(row.seq, row.at, row.data) for row in rows)
        return [count for count in told if count.period_end >= since.date()]

    def inventory(self, at: datetime) -> Inventory:
        """Return the newest inventory frozen before ``at``."""
        query = self._entries("inventoried", at).order_by(None).order_by(ledger.c.seq.desc())
        with self._database.reading() as connection:
            row = connection.execute(query.limit(1)).one_or_none()
        if row is None:
            raise NotFoundError(
                _("No inventory was frozen by then. Name one in rpa.yaml and run `rpa report`."),
                code="no-inventory",
            )
        return self._inventory(Digest(json.loads(row.data)["digest"]))

    def waiting(self, at: datetime) -> Iterator[WaitingCase]:
        """Tell every case that was open at ``at``, with the state its entries leave it in."""
        moment = instant(at)
        final = [state.value for state in CaseState if state.is_final]
        still_open = or_(cases.c.state.not_in(final), cases.c.changed_at >= moment)
        telling = [*STATE_AFTER, RETRIED]
        newest = (
            select(func.max(ledger.c.seq))
            .where(ledger.c.case_id == cases.c.case_id)
            .where(ledger.c.at < moment, ledger.c.kind.in_(telling))
            .scalar_subquery()
        )
        open_cases = (
            select(cases.c.process, newest.label("seq"))
            .where(cases.c.received_at < moment, still_open)
            .subquery()
        )
        query = select(ledger, open_cases.c.process).join(
            open_cases, open_cases.c.seq == ledger.c.seq
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(ledger.c.seq)).all()
        for row in rows:
            state = STATE_AFTER.get(row.kind) or CaseState(json.loads(row.data)["to"])
            if not state.is_final:
                since = datetime.fromisoformat(row.at)
                yield WaitingCase(process=row.process or "", state=state, since=since)

    def arrivals(self, since: datetime, until: datetime) -> Mapping[str, int]:
        """Return how many cases arrived in ``[since, until)``, by the kind of their channel."""
        query = self._entries("received", until).where(ledger.c.at >= instant(since))
        counted: Counter[str] = Counter()
        with self._database.reading() as connection:
            for row in connection.execute(query.execution_options(yield_per=_CHUNK)):
                counted[str(json.loads(row.data)["medium"])] += 1
        return counted

    @staticmethod
    def _entries(kind: str, until: datetime) -> Select[tuple[int, str, str, str]]:
        columns = (ledger.c.seq, ledger.c.at, ledger.c.case_id, ledger.c.data)
        query = select(*columns).where(ledger.c.kind == kind, ledger.c.at < instant(until))
        return query.order_by(ledger.c.seq)
