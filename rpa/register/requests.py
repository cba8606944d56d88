"""Signature requests: each change in one transaction with its ledger entry and its notices.

A request's ledger entries stand under its own number, where a case's stand under the case's.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, insert, select, update

from rpa.domain.case import CaseState
from rpa.domain.errors import NotFoundError
from rpa.domain.ledger import LedgerEntry
from rpa.domain.model import CaseId
from rpa.domain.notice import Notice, NoticeKind
from rpa.domain.person import PersonId
from rpa.domain.signature_request import (
    MOST_REMINDER_DAYS,
    RequestId,
    RequestState,
    SignatureRequest,
    SignerState,
)
from rpa.i18n import _
from rpa.register import ledger
from rpa.register.database import Database
from rpa.register.ledger import instant
from rpa.register.request_rows import (
    notice_values,
    request_of,
    request_values,
    signer_values,
)
from rpa.register.request_tables import (
    notices,
    request_numbers,
    signature_requests,
    signature_signers,
)
from rpa.register.rows import Entry
from rpa.register.tables import cases

EARLIEST: Final = timedelta(days=MOST_REMINDER_DAYS)
"""No rule reminds earlier before a deadline."""


@dataclass(frozen=True, slots=True)
class NoticeTo:
    """Who is to be told what; becomes a notice with the change that it tells of."""

    recipient: PersonId
    kind: NoticeKind
    position: int | None = None
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class RequestChange:
    """What a change of a request writes, all of it or nothing."""

    request: SignatureRequest
    entries: tuple[Entry, ...] = ()
    notices: tuple[NoticeTo, ...] = ()


Change = Callable[[SignatureRequest], RequestChange | None]
"""Given the request as it stands, tells what to write; None for nothing; raises to refuse."""


class RequestRegister:
    """The register's part that is about signature requests."""

    _database: Database
    _now: Callable[[], datetime]

    def open_request(
        self,
        draft: SignatureRequest,
        change: Callable[[SignatureRequest], RequestChange],
        *,
        actor: str,
    ) -> SignatureRequest:
        """Give a new request its number, and write it as ``change`` tells; returns it."""
        with self._database.writing() as connection:
            number = _next_number(connection, draft.created_at.year)
            told = change(draft.model_copy(update={"request_id": number}))
            connection.execute(insert(signature_requests).values(**request_values(told.request)))
            for signer in told.request.signers:
                connection.execute(
                    insert(signature_signers).values(**signer_values(number, signer))
                )
            self._tell(connection, told, actor=actor)
            return told.request

    def change_request(
        self, request_id: RequestId, change: Change, *, actor: str
    ) -> SignatureRequest:
        """Change a request as it stands now, alone among all writers; returns it as saved.

        Raises:
            NotFoundError: There is no such request.
        """
        with self._database.writing() as connection:
            told = change(_request(connection, request_id))
            if told is None:
                return _request(connection, request_id)
            saved = told.request.model_copy(update={"version": told.request.version + 1})
            mine = signature_requests.c.request_id == request_id
            connection.execute(
                update(signature_requests).where(mine).values(**request_values(saved))
            )
            for signer in saved.signers:
                at = (signature_signers.c.request_id == request_id) & (
                    signature_signers.c.position == signer.position
                )
                values = signer_values(request_id, signer)
                connection.execute(update(signature_signers).where(at).values(**values))
            self._tell(connection, RequestChange(saved, told.entries, told.notices), actor=actor)
            return saved

    def request(self, request_id: RequestId) -> SignatureRequest:
        """Return a request; raises :class:`NotFoundError` if there is none of this number."""
        with self._database.reading() as connection:
            return _request(connection, request_id)

    def requests(
        self,
        *,
        states: Iterable[RequestState] = (),
        person: PersonId | None = None,
        most: int = 50,
        before: RequestId | None = None,
    ) -> list[SignatureRequest]:
        """Return requests, newest number first: those ``person`` was asked to sign, or all."""
        query = select(signature_requests).order_by(signature_requests.c.request_id.desc())
        wanted = [state.value for state in states]
        if wanted:
            query = query.where(signature_requests.c.state.in_(wanted))
        if person is not None:
            query = query.where(signature_requests.c.request_id.in_(_signed_by(person)))
        if before is not None:
            query = query.where(signature_requests.c.request_id < before)
        with self._database.reading() as connection:
            return _requests(connection, query.limit(most))

    def request_history(self, request_id: RequestId) -> list[LedgerEntry]:
        """Return a request's ledger entries, oldest first."""
        with self._database.reading() as connection:
            return list(ledger.entries(connection, case_id=CaseId(request_id)))

    def requests_waiting_for(self, person: PersonId) -> list[SignatureRequest]:
        """Return the open requests that wait for ``person`` now, the first deadline first."""
        asked = _signed_by(person).where(signature_signers.c.state == SignerState.ASKED.value)
        query = select(signature_requests).where(
            signature_requests.c.state == RequestState.OPEN.value,
            signature_requests.c.request_id.in_(asked),
        )
        with self._database.reading() as connection:
            found = _requests(connection, query)
        return sorted(
            found, key=lambda request: (_deadline_of(request, person), request.request_id)
        )

    def request_of_case(self, case_id: CaseId) -> SignatureRequest | None:
        """Return the newest request for a case's letter, or None."""
        query = (
            select(signature_requests)
            .where(signature_requests.c.case_id == case_id)
            .order_by(signature_requests.c.request_id.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            found = _requests(connection, query)
        return found[0] if found else None

    def requests_past_deadline(self) -> list[RequestId]:
        """Return the open requests a deadline of which has passed, oldest first."""
        return self._due_by(signature_signers.c.deadline <= instant(self._now()))

    def requests_to_remind(self) -> list[RequestId]:
        """Return the open requests with a deadline so near that a rule may say to remind."""
        deadline, now = signature_signers.c.deadline, self._now()
        return self._due_by((deadline > instant(now)) & (deadline <= instant(now + EARLIEST)))

    def _due_by(self, near: ColumnElement[bool]) -> list[RequestId]:
        due = [SignerState.WAITING.value, SignerState.ASKED.value]
        query = (
            select(signature_requests.c.request_id)
            .join(
                signature_signers,
                signature_signers.c.request_id == signature_requests.c.request_id,
            )
            .where(signature_requests.c.state == RequestState.OPEN.value)
            .where(signature_signers.c.state.in_(due), near)
            .distinct()
            .order_by(signature_requests.c.request_id)
        )
        with self._database.reading() as connection:
            return list(map(RequestId, connection.execute(query).scalars()))

    def ended_before_their_case(self) -> list[RequestId]:
        """Return the requests that have ended while their case still waits for them."""
        query = (
            select(signature_requests.c.request_id)
            .join(cases, cases.c.case_id == signature_requests.c.case_id)
            .where(cases.c.state == CaseState.AWAITING_SIGNATURE.value)
            .where(signature_requests.c.state != RequestState.OPEN.value)
            .order_by(signature_requests.c.request_id)
        )
        with self._database.reading() as connection:
            return list(map(RequestId, connection.execute(query).scalars()))

    def _tell(self, connection: Connection, told: RequestChange, *, actor: str) -> None:
        now, request = self._now(), told.request
        for entry in told.entries:
            ledger.append(
                connection,
                at=now,
                kind=entry.kind,
                actor=actor,
                data=entry.data,
                case_id=CaseId(request.request_id),
            )
        for number, notice in enumerate(told.notices, start=1):
            row = Notice(
                message_id=f"{request.request_id}.{request.version}.{number}",
                request_id=request.request_id,
                position=notice.position,
                kind=notice.kind,
                recipient=notice.recipient,
                deadline=notice.deadline,
                created_at=now,
                not_before=now,
            )
            connection.execute(insert(notices).values(**notice_values(row)))


def _signed_by(person: PersonId) -> Select[tuple[str]]:
    query = select(signature_signers.c.request_id)
    return query.where(signature_signers.c.person == person)


def _deadline_of(request: SignatureRequest, person: PersonId) -> datetime:
    signer = request.signer_for(person)
    return signer.deadline if signer else request.created_at


def _request(connection: Connection, request_id: RequestId) -> SignatureRequest:
    query = select(signature_requests).where(signature_requests.c.request_id == request_id)
    found = _requests(connection, query)
    if not found:
        raise NotFoundError(
            _("There is no request {request}. `rpa request list`.", request=request_id),
            code="no-request",
        )
    return found[0]


def _requests(connection: Connection, query: Select[Any]) -> list[SignatureRequest]:
    rows = connection.execute(query).all()
    signers: dict[str, list[Row[Any]]] = {row.request_id: [] for row in rows}
    theirs = (
        select(signature_signers)
        .where(signature_signers.c.request_id.in_(list(signers)))
        .order_by(signature_signers.c.position)
    )
    for signer in connection.execute(theirs):
        signers[signer.request_id].append(signer)
    return [request_of(row, signers[row.request_id]) for row in rows]


def _next_number(connection: Connection, year: int) -> RequestId:
    mine = request_numbers.c.year == year
    counted = update(request_numbers).where(mine).values(last=request_numbers.c.last + 1)
    if connection.execute(counted).rowcount == 0:
        connection.execute(insert(request_numbers).values(year=year, last=1))
    last = connection.execute(select(request_numbers.c.last).where(mine)).scalar_one()
    return RequestId(f"S-{year}-{last:06d}")
