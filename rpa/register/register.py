"""The register: every change of a case, each in one transaction with its ledger entry."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from rpa.domain.case import Case, CaseState
from rpa.domain.document import DocumentRef
from rpa.domain.errors import LostLeaseError, NotFoundError, StaleCaseError
from rpa.domain.filing import Receipt
from rpa.domain.model import CaseId
from rpa.domain.words import state_word
from rpa.i18n import _
from rpa.register import intents, leases, ledger, logins, receipts, settlings
from rpa.register.arrivals import Arrival, Outcome, arrived, delivered, new_batch, new_case
from rpa.register.attempts import AttemptRegister
from rpa.register.database import Database
from rpa.register.intents import IntentRegister
from rpa.register.known_documents import DocumentRegister
from rpa.register.ledger import instant
from rpa.register.outbox import OutboxRegister
from rpa.register.people import PeopleRegister
from rpa.register.queries import Queries
from rpa.register.requests import RequestRegister
from rpa.register.rows import Entry, Lease, Question, case_of, case_values, documents_text
from rpa.register.sessions import SessionRegister
from rpa.register.settlings import Settling
from rpa.register.tables import cases, review_items
from rpa.register.targets import TargetRegister
from rpa.register.upkeep import UpkeepRegister

__all__ = ["Entry", "Question", "Register"]


class Register(
    IntentRegister,
    TargetRegister,
    PeopleRegister,
    SessionRegister,
    AttemptRegister,
    UpkeepRegister,
    RequestRegister,
    OutboxRegister,
    DocumentRegister,
    Queries,
):
    """The only truth about where a case stands. Safe from several threads and processes."""

    def __init__(
        self, database: Database, *, now: Callable[[], datetime], lease_s: float = 300
    ) -> None:
        """Keep the register in ``database``; ``now`` is the clock, ``lease_s`` a lease's length."""
        super().__init__(database)
        self._now = now
        self._lease_s = lease_s

    def receive(self, arrival: Arrival, *, actor: str) -> tuple[Case, Outcome]:
        """Open a case for a delivery; returns the case that holds the document, and what was done.

        A delivery that is known by its channel and source changes nothing. One whose document is
        known by its digest is put on record as a duplicate of the case that holds it.
        """
        with self._database.writing() as connection:
            known = arrived(connection, arrival)
            if known is not None:
                return known, Outcome.KNOWN
            return new_case(connection, arrival, at=self._now(), actor=actor)

    def receive_batch(
        self, parts: Sequence[Arrival], *, carriers: Sequence[Arrival], actor: str
    ) -> list[tuple[Case, Outcome]]:
        """Open a case for each part of what came together: all of them, or none.

        Returns the case that holds each part, and what was done; where it was taken in before, the
        cases of then.
        """
        with self._database.writing() as connection:
            return new_batch(connection, parts, carriers, at=self._now(), actor=actor)

    def received(self, channel: str, source_id: str) -> Case | None:
        """Return the case of a delivery that was taken in before, or None."""
        with self._database.reading() as connection:
            return delivered(connection, channel, source_id)

    def claim_settling(
        self, delivery: Settling, *, owner: str, is_dead: Callable[[str], bool]
    ) -> bool:
        """Take the right to settle a delivery in its channel; False where another has it.

        The right is not given back: it runs out, so that whoever saw the delivery before it was
        settled leaves it alone.
        """
        with self._database.writing() as connection:
            return settlings.claim(
                connection, delivery, owner=owner, is_dead=is_dead, at=self._now()
            )

    def settling_failed(self, delivery: Settling) -> None:
        """Free a delivery for the next look, once what was asked of its server is surely over."""
        with self._database.writing() as connection:
            settlings.failed(connection, delivery, at=self._now())

    def due(self, *, most: int = 100) -> list[CaseId]:
        """Return the cases a worker could take now, oldest first."""
        with self._database.reading() as connection:
            return leases.due(connection, at=self._now(), most=most)

    def take(self, case_id: CaseId, *, owner: str) -> Lease | None:
        """Take the lease on a case; None if another worker holds it."""
        with self._database.writing() as connection:
            return leases.take(
                connection, case_id, owner=owner, at=self._now(), for_s=self._lease_s
            )

    def renew(self, lease: Lease) -> None:
        """Lengthen a lease; raises :class:`LostLeaseError` if another has it now."""
        with self._database.writing() as connection:
            leases.renew(connection, lease, at=self._now(), for_s=self._lease_s)

    def release(self, lease: Lease) -> None:
        """Give a lease back; may be called twice."""
        with self._database.writing() as connection:
            leases.release(connection, lease)

    def break_dead(self, is_dead: Callable[[str], bool]) -> Collection[CaseId]:
        """End the leases of owners known to be dead, on cases and log-ins; returns their cases."""
        with self._database.writing() as connection:
            logins.break_dead(connection, is_dead=is_dead)
            return leases.break_dead(connection, is_dead=is_dead)

    def save(
        self,
        lease: Lease,
        case: Case,
        *entries: Entry,
        questions: Sequence[Question] = (),
        settle_by: str | None = None,
        receipt: Receipt | None = None,
        target: str = "",
    ) -> Lease:
        """Write a moved case with its ledger entries, and return the lease with the case as saved.

        ``questions`` open review items, ``settle_by`` settles those that are open, ``receipt``
        closes the open intent and is put down as this case's of ``target``: all in the same
        transaction.

        Raises:
            OutcomeUnknownError: The receipt is another case's; nothing was written.
            LostLeaseError: Another worker took the case over.
            StaleCaseError: The case moved since the lease's copy was read.
        """
        with self._database.writing() as connection:
            saved = self._write(connection, lease, case)
            for entry in entries:
                self._append(connection, case.case_id, entry, actor=lease.owner)
            if settle_by is not None:
                self._settle(connection, case.case_id, by=settle_by)
            for question in questions:
                self._ask(connection, case.case_id, question)
            if receipt is not None:
                receipts.keep(connection, target, receipt, case.case_id)
                intents.close(connection, case.case_id, "receipt", at=self._now(), receipt=receipt)
        return Lease(case=saved, owner=lease.owner, fence=lease.fence, attempts=0)

    def postpone(
        self,
        lease: Lease,
        entry: Entry | None,
        *,
        until: datetime,
        adding: tuple[DocumentRef, ...] = (),
    ) -> None:
        """Put a case off, and give the lease back.

        ``entry`` tells a tool's failure, which counts; without one the case only waits. Documents
        of the failure are added to the case.
        """
        later = {"not_before": instant(until), "lease_owner": None, "lease_until": None}
        told = {"documents": documents_text((*lease.case.documents, *adding))} if adding else {}
        attempts = lease.attempts + 1 if entry else lease.attempts
        with self._database.writing() as connection:
            put_off = leases.held(lease).values(attempts=attempts, **later, **told)
            if connection.execute(put_off).rowcount == 0:
                raise leases.lost(lease)
            if entry is not None:
                self._append(connection, lease.case.case_id, entry, actor=lease.owner)

    def set_documents(
        self, lease: Lease, documents: tuple[DocumentRef, ...], entry: Entry
    ) -> Lease:
        """Give a case that does not move other documents; returns the lease with it as saved."""
        case = lease.case.model_copy(update={"documents": documents})
        with self._database.writing() as connection:
            given = leases.held(lease).values(documents=documents_text(documents))
            if connection.execute(given).rowcount == 0:
                raise leases.lost(lease)
            self._append(connection, case.case_id, entry, actor=lease.owner)
        return Lease(case=case, owner=lease.owner, fence=lease.fence, attempts=lease.attempts)

    def attest(self, entry: Entry, *, actor: str) -> int:
        """Append an entry that is about no single case; returns its number."""
        with self._database.writing() as connection:
            return ledger.append(
                connection, at=self._now(), kind=entry.kind, actor=actor, data=entry.data
            )

    def hold(self, case_id: CaseId, *, owner: str) -> Lease:
        """Take a case for a person's decision.

        Raises:
            LostLeaseError: A worker holds it at the moment.
            NotFoundError: There is no such case.
        """
        lease = self.take(case_id, owner=owner)
        if lease is None:
            raise LostLeaseError(
                _("Case {case} is being worked on; try again in a moment.", case=case_id)
            )
        return lease

    def _write(self, connection: Connection, lease: Lease, case: Case) -> Case:
        saved = case.model_copy(update={"version": lease.case.version + 1})
        unmoved = leases.held(lease).where(
            cases.c.version == lease.case.version,
            cases.c.state == lease.case.state.value,
        )
        kept_until = instant(self._now() + timedelta(seconds=self._lease_s))
        columns = {**case_values(saved), "attempts": 0, "not_before": "", "lease_until": kept_until}
        written = connection.execute(unmoved.values(**columns))
        if written.rowcount == 0:
            raise self._why_not(connection, lease)
        return saved

    def _why_not(self, connection: Connection, lease: Lease) -> LostLeaseError | StaleCaseError:
        query = select(cases).where(cases.c.case_id == lease.case.case_id)
        row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(_("There is no case {case}.", case=lease.case.case_id))
        if row.lease_fence != lease.fence or row.lease_owner != lease.owner:
            return leases.lost(lease)
        now_in = CaseState(case_of(row).state)
        return StaleCaseError(
            _("Case {case} is {state} now.", case=lease.case.case_id, state=state_word(now_in))
        )

    def _append(self, connection: Connection, case_id: CaseId, entry: Entry, *, actor: str) -> None:
        ledger.append(
            connection,
            at=self._now(),
            kind=entry.kind,
            actor=actor,
            data=entry.data,
            case_id=case_id,
        )

    def _ask(self, connection: Connection, case_id: CaseId, question: Question) -> None:
        asked = {"field": question.field, "problem": question.problem}
        row = {"case_id": case_id, "asked_at": instant(self._now()), **asked}
        connection.execute(insert(review_items).values(**row))

    def _settle(self, connection: Connection, case_id: CaseId, *, by: str) -> None:
        open_items = update(review_items).where(
            review_items.c.case_id == case_id, review_items.c.settled_at.is_(None)
        )
        now = instant(self._now())
        connection.execute(open_items.values(settled_at=now, settled_by=by))
