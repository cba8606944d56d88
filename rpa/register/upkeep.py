"""Signed documents to look after: what level they reached, and when their proof runs out."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, or_, select, update

from rpa.domain.document import DocumentRef
from rpa.domain.ledger import LedgerEntry
from rpa.domain.upkeep import KeptSignature
from rpa.register import leases, ledger
from rpa.register.database import Database
from rpa.register.ledger import instant
from rpa.register.rows import Entry, Lease, documents_text
from rpa.register.tables import cursors, kept_signatures
from rpa.register.tables import ledger as entries_table

_CURSOR: Final = "signatures"
_TELLING: Final = ("signed", "completed", "archived")
"""Kinds of entries that may tell of a newly signed document."""


class UpkeepRegister:
    """The register's part that is about the proof of signatures over the years."""

    _database: Database
    _now: Callable[[], datetime]

    def untold_signatures(self, *, most: int) -> list[LedgerEntry]:
        """Return the next entries, oldest first, that may tell of a document not looked after."""
        seen = select(func.coalesce(func.max(cursors.c.seq), 0)).where(cursors.c.name == _CURSOR)
        query = (
            select(entries_table.c.seq)
            .where(entries_table.c.kind.in_(_TELLING))
            .where(entries_table.c.seq > seen.scalar_subquery())
            .order_by(entries_table.c.seq)
            .limit(most)
        )
        with self._database.reading() as connection:
            wanted = list(connection.execute(query).scalars())
            return list(ledger.entries_at(connection, wanted))

    def look_after(self, documents: Sequence[KeptSignature], *, seen: int) -> None:
        """Put down signed documents, and the number of the last entry that was looked at.

        Those that are known by their first bytes stay as they are.
        """
        with self._database.writing() as connection:
            connection.execute(delete(cursors).where(cursors.c.name == _CURSOR))
            connection.execute(insert(cursors).values(name=_CURSOR, seq=seen))
            for document in documents:
                known = select(kept_signatures.c.first).where(
                    kept_signatures.c.first == document.first
                )
                if connection.execute(known).one_or_none() is None:
                    connection.execute(insert(kept_signatures).values(**_values(document)))

    def kept_signatures(self) -> list[KeptSignature]:
        """Return every document that is looked after, soonest due first."""
        order = (kept_signatures.c.due.is_(None), kept_signatures.c.due, kept_signatures.c.seq)
        with self._database.reading() as connection:
            rows = connection.execute(select(kept_signatures).order_by(*order))
            return [_kept(row) for row in rows]

    def signatures_due(self, *, before: datetime, most: int) -> list[KeptSignature]:
        """Return what is below its level, or due ``before`` a moment, and may be tried now."""
        table = kept_signatures.c
        query = (
            select(kept_signatures)
            .where(or_(table.is_lowered == 1, table.due <= instant(before)))
            .where(table.not_before <= instant(self._now()))
            .order_by(table.due.is_(None), table.due, table.seq)
            .limit(most)
        )
        with self._database.reading() as connection:
            return [_kept(row) for row in connection.execute(query)]

    def renew_signature(
        self,
        was: KeptSignature,
        now: KeptSignature,
        entry: Entry,
        *,
        actor: str,
        lease: Lease | None = None,
        document: DocumentRef | None = None,
    ) -> bool:
        """Write a document's newest bytes with the ledger entry; False if another was faster.

        Where the document is a case's, its new revision is added to the case under ``lease``.

        Raises:
            LostLeaseError: Another worker took the case over; nothing was written.
        """
        with self._database.writing() as connection:
            unmoved = (
                update(kept_signatures)
                .where(kept_signatures.c.first == was.first)
                .where(kept_signatures.c.digest == was.digest)
            )
            if connection.execute(unmoved.values(**_values(now))).rowcount == 0:
                return False
            if lease is not None and document is not None:
                documents = documents_text((*lease.case.documents, document))
                given = leases.held(lease).values(documents=documents)
                if connection.execute(given).rowcount == 0:
                    raise leases.lost(lease)
            ledger.append(
                connection,
                at=self._now(),
                kind=entry.kind,
                actor=actor,
                data=entry.data,
                case_id=was.case_id,
            )
        return True

    def put_off_signature(self, document: KeptSignature, *, code: str, until: datetime) -> None:
        """Say that looking after a document failed, and when it is tried again."""
        with self._database.writing() as connection:
            connection.execute(
                update(kept_signatures)
                .where(kept_signatures.c.first == document.first)
                .values(failure=code, attempts=document.attempts + 1, not_before=instant(until))
            )


def _values(document: KeptSignature) -> dict[str, Any]:
    return {
        "first": document.first,
        "digest": document.digest,
        "role": document.role.value,
        "case_id": document.case_id,
        "request_id": document.request_id,
        "wanted": document.wanted.value,
        "level": document.level.value,
        "is_lowered": int(document.is_lowered),
        "due": instant(document.due) if document.due else None,
        "cause": document.cause,
        "seq": document.seq,
        "failure": document.failure,
        "attempts": document.attempts,
        "not_before": instant(document.not_before) if document.not_before else "",
    }


def _kept(row: Row[Any]) -> KeptSignature:
    said = row._asdict()
    del said["is_lowered"]
    return KeptSignature.model_validate({**said, "not_before": said["not_before"] or None})
