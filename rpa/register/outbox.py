"""The outbox: notices that wait for the mail server, taken, sent once, and counted.

A notice is written in the transaction of the change it tells of. Whoever sends it takes it for
:data:`HELD` first, so that two passes don't send it at once; a death between the server's answer
and the mark lets it be sent again, under the same message number.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from rpa.domain.model import CaseId
from rpa.domain.notice import DeadlineFigure, Notice, NoticeKind, NoticeState
from rpa.domain.person import PersonId
from rpa.domain.signature_request import RequestId
from rpa.register import ledger
from rpa.register.database import Database
from rpa.register.ledger import instant
from rpa.register.request_rows import notice_of
from rpa.register.request_tables import notices, signature_requests, signature_signers

HELD: Final = timedelta(minutes=10)
"""Longer than a mail server is waited for."""


class OutboxRegister:
    """The register's part that is about notices."""

    _database: Database
    _now: Callable[[], datetime]

    def take_notices(self, *, most: int = 50) -> list[Notice]:
        """Take notices whose time has come, oldest first; nobody else is given them for a while."""
        now = self._now()
        due = (
            select(notices)
            .where(notices.c.state == NoticeState.WAITING.value)
            .where(notices.c.not_before <= instant(now))
            .order_by(notices.c.created_at, notices.c.message_id)
            .limit(most)
        )
        with self._database.writing() as connection:
            taken = [notice_of(row) for row in connection.execute(due)]
            for notice in taken:
                held = update(notices).where(_is(notice))
                connection.execute(held.values(not_before=instant(now + HELD)))
        return taken

    def notice_sent(self, notice: Notice, *, actor: str) -> None:
        """Mark a notice as taken by the mail server; a reminder is then told by the ledger."""
        now = self._now()
        with self._database.writing() as connection:
            sent = {"state": NoticeState.SENT.value, "sent_at": instant(now), "failure": ""}
            waiting = _is(notice) & (notices.c.state == NoticeState.WAITING.value)
            marked = update(notices).where(waiting)
            done = connection.execute(marked.values(attempts=notice.attempts + 1, **sent))
            if done.rowcount and notice.kind is NoticeKind.REMINDER:
                _tell_reminded(connection, notice, at=now, actor=actor)

    def notice_failed(self, notice: Notice, code: str, *, until: datetime | None) -> None:
        """Put a notice off until ``until``; without one it is given up."""
        failed: dict[str, Any] = {"attempts": notice.attempts + 1, "failure": code}
        if until is None:
            failed["state"] = NoticeState.GIVEN_UP.value
        else:
            failed["not_before"] = instant(until)
        with self._database.writing() as connection:
            connection.execute(update(notices).where(_is(notice)).values(**failed))

    def notices_of(self, request_id: RequestId) -> list[Notice]:
        """Return a request's notices, oldest first."""
        query = select(notices).where(notices.c.request_id == request_id)
        order = query.order_by(notices.c.created_at, notices.c.message_id)
        with self._database.reading() as connection:
            return [notice_of(row) for row in connection.execute(order)]

    def last_notices(self, among: Collection[PersonId] = ()) -> dict[PersonId, Notice]:
        """Return for each recipient, or those named, the newest notice sent or given up."""
        settled = notices.c.state != NoticeState.WAITING.value
        if among:
            settled &= notices.c.recipient.in_(among)
        newest = (
            select(notices.c.recipient, func.max(notices.c.created_at).label("at"))
            .where(settled)
            .group_by(notices.c.recipient)
            .subquery()
        )
        query = (
            select(notices)
            .join(
                newest,
                (notices.c.recipient == newest.c.recipient) & (notices.c.created_at == newest.c.at),
            )
            .where(settled)
            .order_by(notices.c.message_id)
        )
        with self._database.reading() as connection:
            found = [notice_of(row) for row in connection.execute(query)]
        return {notice.recipient: notice for notice in found}

    def deadlines(self, since: datetime, until: datetime) -> DeadlineFigure:
        """Count the deadlines in ``[since, until)`` of signers who were asked.

        The figure of the strategy's target on digital reminders; told of what the mail server took.
        """
        signers, requests = signature_signers, signature_requests
        query = (
            select(signers.c.request_id, signers.c.position, signers.c.deadline)
            .add_columns(signers.c.signed_at, requests.c.ended_at)
            .join(requests, requests.c.request_id == signers.c.request_id)
            .where(signers.c.deadline >= instant(since), signers.c.deadline < instant(until))
            .where(signers.c.asked_at.is_not(None))
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
            reminded = _reminded(connection, since, until)
        told = [row for row in rows if _at(row) in reminded]
        rest = [row for row in rows if _at(row) not in reminded]
        met = sum((row.signed_at or row.ended_at or "~") < row.deadline for row in rest)
        return DeadlineFigure(deadlines=len(rows), reminded=len(told), met_before=met)


def _is(notice: Notice) -> ColumnElement[bool]:
    return notices.c.message_id == notice.message_id


def _at(row: Row[Any]) -> tuple[str, int]:
    return (row.request_id, row.position)


def _tell_reminded(connection: Connection, notice: Notice, *, at: datetime, actor: str) -> None:
    data = {
        "position": notice.position,
        "person": notice.recipient,
        "deadline": instant(notice.deadline) if notice.deadline else None,
        "notice": notice.message_id,
    }
    case_id = CaseId(notice.request_id)
    ledger.append(connection, at=at, kind="reminded", actor=actor, data=data, case_id=case_id)


def _reminded(
    connection: Connection, since: datetime, until: datetime
) -> frozenset[tuple[str, int]]:
    query = (
        select(notices.c.request_id, notices.c.position)
        .where(notices.c.kind == NoticeKind.REMINDER.value)
        .where(notices.c.deadline >= instant(since), notices.c.deadline < instant(until))
        .where(notices.c.sent_at < notices.c.deadline)
    )
    return frozenset(_at(row) for row in connection.execute(query))
