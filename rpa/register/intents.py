"""Intents: what is written before a commit, so that nobody files a second time on a guess."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, select, update

from rpa.domain.filing import Intent, Receipt
from rpa.domain.model import CaseId, Digest
from rpa.register import leases, ledger, logins
from rpa.register.database import Database
from rpa.register.ledger import instant
from rpa.register.rows import Entry, Lease, LoginLease, intent_of
from rpa.register.tables import intents

ABSENT: Final = ("surely-absent", "absent-by-person")
"""Outcomes of intents that were given up because the target did not hold the case."""


class IntentRegister:
    """The register's part that is about filings under way."""

    _database: Database
    _now: Callable[[], datetime]
    _lease_s: float

    def open_intent(
        self,
        lease: Lease,
        *,
        key: str,
        screen: Digest | None,
        present: tuple[str, ...] = (),
        target: str = "",
        login: LoginLease | None = None,
    ) -> Intent:
        """Write that a filing is about to be committed; durable when this returns.

        Raises:
            LostLeaseError: Another worker took over the case or the log-in: nothing may be
                committed.
        """
        now = self._now()
        intent = Intent(
            case_id=lease.case.case_id,
            key=key,
            target=target,
            fence=lease.fence,
            opened_at=now,
            screen=screen,
            present=present,
        )
        told = {"opened_at": instant(now), "receipt": None, "present": json.dumps(present)}
        with self._database.writing() as connection:
            leases.renew(connection, lease, at=now, for_s=self._lease_s)
            if login is not None:
                logins.renew(connection, login, at=now, for_s=self._lease_s)
            connection.execute(insert(intents).values(**{**intent.model_dump(), **told}))
            entry = Entry("intended", {"fence": lease.fence, "screen": screen})
            _note(connection, lease, entry, at=now)
        return intent

    def confirm(self, lease: Lease, login: LoginLease | None) -> None:
        """Look whether a case and a log-in are still held; writes nothing.

        Raises:
            LostLeaseError: Another worker took one of them over.
        """
        with self._database.reading() as connection:
            leases.confirm(connection, lease)
            if login is not None:
                logins.confirm(connection, login)

    def intent(self, case_id: CaseId) -> Intent | None:
        """Return the case's open intent: a filing that may have happened."""
        query = select(intents).where(intents.c.case_id == case_id, intents.c.closed_at.is_(None))
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(intents.c.intent_id.desc())).first()
        return intent_of(row) if row else None

    def present_before(self, case_id: CaseId) -> tuple[str, ...] | None:
        """Return what equalled the case before it was first committed and surely not found.

        None where no filing of the case was ever given up for absent.
        """
        absent = intents.c.outcome.in_(ABSENT)
        query = select(intents.c.present).where(intents.c.case_id == case_id, absent)
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(intents.c.intent_id)).first()
        return None if row is None else tuple(json.loads(row.present or "[]"))

    def void_intent(self, lease: Lease, *, outcome: str) -> None:
        """Close the open intent of a filing that surely did not happen, with how that is known."""
        now = self._now()
        with self._database.writing() as connection:
            leases.renew(connection, lease, at=now, for_s=self._lease_s)
            close(connection, lease.case.case_id, outcome, at=now)
            _note(connection, lease, Entry("intent-voided", {"outcome": outcome}), at=now)


def close(
    connection: Connection,
    case_id: CaseId,
    outcome: str,
    *,
    at: datetime,
    receipt: Receipt | None = None,
) -> None:
    """Close a case's open intent inside a writing transaction."""
    still_open = update(intents).where(intents.c.case_id == case_id, intents.c.closed_at.is_(None))
    shown = json.dumps(receipt.model_dump(), ensure_ascii=False) if receipt else None
    closed = {"closed_at": instant(at), "outcome": outcome, "receipt": shown}
    connection.execute(still_open.values(**closed))


def _note(connection: Connection, lease: Lease, entry: Entry, *, at: datetime) -> None:
    ledger.append(
        connection,
        at=at,
        kind=entry.kind,
        actor=lease.owner,
        data=entry.data,
        case_id=lease.case.case_id,
    )
