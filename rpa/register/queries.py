"""What is asked of the register: lists, histories, counts. Nothing here writes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from rpa.domain.case import WORKABLE, Case, CaseState
from rpa.domain.errors import NotFoundError
from rpa.domain.evidence import Inventory
from rpa.domain.ledger import Flaw, LedgerEntry
from rpa.domain.model import CaseId, Digest, ProcessId
from rpa.i18n import _
from rpa.register import ledger
from rpa.register.database import Database
from rpa.register.evidence import LedgerEvidence
from rpa.register.rows import CaseSummary, ReviewItem, case_of, item_of, summary_of
from rpa.register.tables import cases, deliveries, review_items
from rpa.register.tables import ledger as entries_table


@dataclass(frozen=True, slots=True)
class KnownDelivery:
    """A delivery on record: its name, when it came, and which case holds its document."""

    name: str
    channel: str
    digest: Digest
    case_id: CaseId
    at: datetime
    is_duplicate: bool


class Queries:
    """The reading half of the register."""

    def __init__(self, database: Database) -> None:
        """Ask ``database``."""
        self._database = database

    def get(self, case_id: CaseId) -> Case:
        """Return a case; raises :class:`NotFoundError` if there is none of this number."""
        with self._database.reading() as connection:
            query = select(cases).where(cases.c.case_id == case_id)
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(
                _("There is no case {case}. `rpa case list` shows them.", case=case_id)
            )
        return case_of(row)

    def cases(
        self,
        *,
        states: Iterable[CaseState] = (),
        process: ProcessId | None = None,
        most: int = 50,
        before: CaseId | None = None,
    ) -> list[CaseSummary]:
        """Return cases, newest number first; ``before`` pages on from the last one shown."""
        query = select(cases).order_by(cases.c.case_id.desc()).limit(most)
        wanted = [state.value for state in states]
        if wanted:
            query = query.where(cases.c.state.in_(wanted))
        if process is not None:
            query = query.where(cases.c.process == process)
        if before is not None:
            query = query.where(cases.c.case_id < before)
        with self._database.reading() as connection:
            return [summary_of(row) for row in connection.execute(query)]

    def holders(self, digest: Digest) -> set[CaseId]:
        """Return the cases that have a document of this digest."""
        query = select(cases.c.case_id).where(cases.c.documents.contains(digest))
        with self._database.reading() as connection:
            return set(map(CaseId, connection.execute(query).scalars()))

    def counts(self) -> dict[CaseState, int]:
        """Return how many cases stand in each state."""
        query = select(cases.c.state, func.count()).group_by(cases.c.state)
        with self._database.reading() as connection:
            return {CaseState(state): count for state, count in connection.execute(query)}

    def unfinished(self) -> int:
        """Return how many cases a worker still has to move, those put off included."""
        counts = self.counts()
        return sum(counts.get(state, 0) for state in WORKABLE)

    def deliveries(self, *, most: int = 200) -> list[KnownDelivery]:
        """Return the newest deliveries, in the order they came."""
        newest = select(deliveries).order_by(deliveries.c.delivery_id.desc()).limit(most)
        with self._database.reading() as connection:
            rows = connection.execute(newest).all()
        return [
            KnownDelivery(
                name=row.name,
                channel=row.channel,
                digest=row.digest,
                case_id=row.case_id,
                at=datetime.fromisoformat(row.at),
                is_duplicate=bool(row.is_duplicate),
            )
            for row in reversed(rows)
        ]

    def review_items(self, *, case_id: CaseId | None = None, most: int = 500) -> list[ReviewItem]:
        """Return the open questions, oldest first."""
        query = select(review_items).where(review_items.c.settled_at.is_(None))
        if case_id is not None:
            query = query.where(review_items.c.case_id == case_id)
        query = query.order_by(review_items.c.item_id).limit(most)
        with self._database.reading() as connection:
            return [item_of(row) for row in connection.execute(query)]

    def history(self, case_id: CaseId) -> list[LedgerEntry]:
        """Return a case's ledger entries, oldest first."""
        with self._database.reading() as connection:
            return list(ledger.entries(connection, case_id=case_id))

    def entries(self, *, kind: str | None = None, last: int | None = None) -> list[LedgerEntry]:
        """Return ledger entries, oldest first."""
        with self._database.reading() as connection:
            return list(ledger.entries(connection, kind=kind, last=last))

    def head(self) -> tuple[int, str]:
        """Return the number and hash of the ledger's newest entry."""
        with self._database.reading() as connection:
            return ledger.head(connection)

    def hash_of(self, seq: int) -> str | None:
        """Return the hash of entry ``seq``, or None if there is none."""
        query = select(entries_table.c.hash).where(entries_table.c.seq == seq)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def flaws(self) -> Iterator[Flaw]:
        """Check the whole ledger and yield what is wrong with it."""
        with self._database.reading() as connection:
            yield from ledger.verify(connection)

    def evidence(self, *, inventory: Callable[[Digest], Inventory]) -> LedgerEvidence:
        """Return the ledger as a report's source; ``inventory`` reads a frozen inventory."""
        return LedgerEvidence(self._database, inventory=inventory)
