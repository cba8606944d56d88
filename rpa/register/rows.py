"""Rows of the register as values, and values as rows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row

from rpa.domain.case import Case
from rpa.domain.document import DocumentRef
from rpa.domain.filing import Intent, Receipt
from rpa.domain.model import CaseId, Value
from rpa.register.ledger import instant

_DOCUMENTS = TypeAdapter(tuple[DocumentRef, ...])
CASE_COLUMNS = tuple(Case.model_fields)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write one case, for a time."""

    case: Case
    owner: str
    fence: int
    """Grows with every lease on the case: a smaller one can't write any more."""
    attempts: int
    """How many times the case's present step has failed for a tool's reason."""


@dataclass(frozen=True, slots=True)
class LoginLease:
    """The right to use one log-in of a target, for a time."""

    target: str
    username: str
    owner: str
    fence: int


@dataclass(frozen=True, slots=True)
class Question:
    """Something about a case that a person must decide."""

    field: str
    """A field's name; ``process`` when the form itself is not known."""
    problem: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger will say of a change."""

    kind: str
    data: Mapping[str, Any]


class ReviewItem(Value):
    """One question to a person about one field of a case."""

    item_id: int
    case_id: CaseId
    field: str
    problem: str
    asked_at: datetime
    settled_at: datetime | None
    settled_by: str | None


class CaseSummary(Value):
    """A case in a list, with who holds it and how often its step has failed."""

    case: Case
    attempts: int
    held_by: str | None


def case_values(case: Case) -> dict[str, Any]:
    """Return the columns of ``case``."""
    return {
        "case_id": case.case_id,
        "process": case.process,
        "state": case.state.value,
        "reason": case.reason,
        "channel": case.channel,
        "received_at": instant(case.received_at),
        "changed_at": instant(case.changed_at),
        "documents": documents_text(case.documents),
        "suspended_from": case.suspended_from.value if case.suspended_from else None,
        "version": case.version,
    }


def documents_text(documents: tuple[DocumentRef, ...]) -> str:
    """Return the column of a case's documents."""
    return _DOCUMENTS.dump_json(documents).decode()


def case_of(row: Row[Any]) -> Case:
    """Return the case a row of ``cases`` holds."""
    columns = {name: getattr(row, name) for name in CASE_COLUMNS}
    return Case.model_validate({**columns, "documents": _DOCUMENTS.validate_json(row.documents)})


def summary_of(row: Row[Any]) -> CaseSummary:
    """Return the summary a row of ``cases`` holds."""
    return CaseSummary(case=case_of(row), attempts=row.attempts, held_by=row.lease_owner)


def intent_of(row: Row[Any]) -> Intent:
    """Return the intent a row of ``intents`` holds."""
    return Intent(
        case_id=row.case_id,
        key=row.key,
        target=row.target or "",
        fence=row.fence,
        opened_at=datetime.fromisoformat(row.opened_at),
        screen=row.screen,
        present=tuple(json.loads(row.present)) if row.present else (),
        closed_at=datetime.fromisoformat(row.closed_at) if row.closed_at else None,
        receipt=Receipt.model_validate(json.loads(row.receipt)) if row.receipt else None,
    )


def item_of(row: Row[Any]) -> ReviewItem:
    """Return the review item a row of ``review_items`` holds."""
    return ReviewItem.model_validate(row._asdict())
