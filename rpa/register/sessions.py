"""Sessions of the console: known by the digest of what the browser holds, and what they opened."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import Connection, Row, delete, insert, select, update

from rpa.domain.model import Digest, Value
from rpa.domain.person import PersonId, Proof
from rpa.register import ledger
from rpa.register.database import Database
from rpa.register.ledger import instant
from rpa.register.tables import session_documents, sessions

WHOLE = 0
"""The part that stands for the whole file; others are numbered pages of reading."""
_SEEN_EVERY = timedelta(seconds=60)
"""Writing down each click would cost more than it tells."""


class Session(Value):
    """Somebody who is logged in."""

    digest: str
    """SHA-256 of the secret that the browser holds."""
    person_id: PersonId
    proofs: tuple[Proof, ...]
    """How they logged in."""
    opened_at: AwareDatetime
    seen_at: AwareDatetime
    until: AwareDatetime
    """It ends then, whatever happens."""


class SessionRegister:
    """The register's part that is about who is logged in."""

    _database: Database
    _now: Callable[[], datetime]

    def open_session(self, session: Session, *, ending: str = "") -> None:
        """Keep a new session, in place of the one whose digest is ``ending``."""
        columns = session.model_dump(include={"digest", "person_id"})
        times = {
            name: instant(getattr(session, name)) for name in ("opened_at", "seen_at", "until")
        }
        proofs = json.dumps([proof.value for proof in session.proofs])
        with self._database.writing() as connection:
            _drop_old(connection, self._now(), ending)
            connection.execute(insert(sessions).values(**columns, **times, proofs=proofs))
            told = {"session": session.digest, "proofs": [proof.value for proof in session.proofs]}
            self._session_told(connection, "logged-in", told, session)

    def session(self, digest: str, *, idle_s: float) -> Session | None:
        """Return a session that still holds; each look keeps it from falling idle."""
        now = self._now()
        with self._database.reading() as connection:
            query = select(sessions).where(sessions.c.digest == digest)
            row = connection.execute(query).one_or_none()
        found = _session(row) if row else None
        if found is None or now >= found.until:
            return None
        if now - found.seen_at > timedelta(seconds=idle_s):
            return None
        if now - found.seen_at > _SEEN_EVERY:
            with self._database.writing() as connection:
                mine = update(sessions).where(sessions.c.digest == digest)
                connection.execute(mine.values(seen_at=instant(now)))
        return found

    def end_session(self, session: Session) -> None:
        """Log out; may be called twice."""
        with self._database.writing() as connection:
            gone = connection.execute(delete(sessions).where(sessions.c.digest == session.digest))
            if gone.rowcount:
                told = {"session": session.digest}
                self._session_told(connection, "logged-out", told, session)

    def document_opened(self, session: Session, document: Digest, *, part: int = WHOLE) -> None:
        """Put down that these bytes were delivered in a session; the first time, in the ledger."""
        row = {"session": session.digest, "digest": document, "part": part}
        with self._database.writing() as connection:
            if part in _parts(connection, session, document):
                return
            at = instant(self._now())
            connection.execute(insert(session_documents).values(**row, at=at))
            told = {"session": session.digest, "document": document, "part": part}
            self._session_told(connection, "document-opened", told, session)

    def opened_parts(self, session: Session, document: Digest) -> frozenset[int]:
        """Return what of a document was delivered in a session."""
        with self._database.reading() as connection:
            return _parts(connection, session, document)

    def _session_told(
        self, connection: Connection, kind: str, data: dict[str, Any], session: Session
    ) -> None:
        actor = f"person:{session.person_id}"
        ledger.append(connection, at=self._now(), kind=kind, actor=actor, data=data)


def _session(row: Row[Any]) -> Session:
    return Session.model_validate({**row._asdict(), "proofs": json.loads(row.proofs)})


def _parts(connection: Connection, session: Session, document: Digest) -> frozenset[int]:
    query = select(session_documents.c.part).where(
        session_documents.c.session == session.digest, session_documents.c.digest == document
    )
    return frozenset(connection.execute(query).scalars())


def _drop_old(connection: Connection, now: datetime, ending: str) -> None:
    over = (sessions.c.until < instant(now)) | (sessions.c.digest == ending)
    connection.execute(delete(sessions).where(over))
    gone = session_documents.c.session.not_in(select(sessions.c.digest))
    connection.execute(delete(session_documents).where(gone))
