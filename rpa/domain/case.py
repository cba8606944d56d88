"""The case: one paper on its way through one process, its life in one table of moves."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Self

from pydantic import AwareDatetime

from rpa.domain.document import DocumentRef, DocumentRole
from rpa.domain.errors import IllegalMoveError, NotFoundError
from rpa.domain.model import CaseId, ProcessId, Value


class CaseState(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    RECOGNIZED = "recognized"
    IN_REVIEW = "in-review"
    APPROVED = "approved"
    REJECTED = "rejected"
    IN_DOUBT = "in-doubt"
    FILED = "filed"
    COMPOSED = "composed"
    AWAITING_SIGNATURE = "awaiting-signature"
    SIGNED = "signed"
    DECLINED = "declined"
    ARCHIVED = "archived"
    SET_ASIDE = "set-aside"
    SUSPENDED = "suspended"

    @property
    def is_final(self) -> bool:
        """True when no move leads on."""
        return not MOVES[self]

    @property
    def waits_for_person(self) -> bool:
        """True when only a person can move the case on."""
        return self in WAITING


_S = CaseState
MOVES: Final[Mapping[CaseState, frozenset[CaseState]]] = {
    _S.RECEIVED: frozenset({_S.RECOGNIZED, _S.IN_REVIEW, _S.SET_ASIDE, _S.SUSPENDED}),
    _S.RECOGNIZED: frozenset({_S.APPROVED, _S.IN_REVIEW, _S.SUSPENDED}),
    _S.IN_REVIEW: frozenset({_S.RECEIVED, _S.APPROVED, _S.REJECTED}),
    _S.APPROVED: frozenset(
        {_S.FILED, _S.IN_DOUBT, _S.IN_REVIEW, _S.COMPOSED, _S.ARCHIVED, _S.SUSPENDED}
    ),
    _S.IN_DOUBT: frozenset({_S.FILED, _S.APPROVED, _S.REJECTED}),
    _S.FILED: frozenset({_S.COMPOSED, _S.ARCHIVED, _S.SUSPENDED}),
    _S.COMPOSED: frozenset({_S.AWAITING_SIGNATURE, _S.SIGNED, _S.ARCHIVED, _S.SUSPENDED}),
    _S.AWAITING_SIGNATURE: frozenset({_S.SIGNED, _S.DECLINED}),
    _S.SIGNED: frozenset({_S.ARCHIVED, _S.SUSPENDED}),
    _S.DECLINED: frozenset(),
    _S.REJECTED: frozenset(),
    _S.ARCHIVED: frozenset(),
    _S.SET_ASIDE: frozenset({_S.RECEIVED, _S.REJECTED}),
    _S.SUSPENDED: frozenset(
        {_S.RECEIVED, _S.RECOGNIZED, _S.APPROVED, _S.FILED, _S.COMPOSED, _S.SIGNED, _S.REJECTED}
    ),
}
"""The whole life of a case. A suspended case goes back to the state it was suspended in."""

WAITING: Final = frozenset(
    {_S.IN_REVIEW, _S.IN_DOUBT, _S.AWAITING_SIGNATURE, _S.SET_ASIDE, _S.SUSPENDED}
)
"""States in which only a person moves a case on."""

WORKABLE: Final = frozenset(
    {_S.RECEIVED, _S.RECOGNIZED, _S.APPROVED, _S.FILED, _S.COMPOSED, _S.SIGNED}
)
"""States in which a worker moves a case on."""


class Case(Value):
    """One paper on its way through one process."""

    case_id: CaseId
    process: ProcessId | None
    """None until the form is known."""
    state: CaseState
    reason: str
    """Why the case stands where it stands, for a person; no field's value."""
    channel: str
    received_at: AwareDatetime
    changed_at: AwareDatetime
    documents: tuple[DocumentRef, ...] = ()
    suspended_from: CaseState | None = None
    version: int = 0
    """Counts the moves; saving compares and sets it."""

    def moved(
        self,
        to: CaseState,
        *,
        at: AwareDatetime,
        because: str,
        adding: tuple[DocumentRef, ...] = (),
        process: ProcessId | None = None,
    ) -> Self:
        """Return the case in its new state, with the documents of the step added.

        Raises:
            IllegalMoveError: ``MOVES`` has no way from here to ``to``.
        """
        if to not in MOVES[self.state]:
            raise IllegalMoveError(f"{self.case_id}: {self.state} → {to}")
        return self.model_copy(
            update={
                "state": to,
                "reason": because,
                "changed_at": at,
                "documents": (*self.documents, *adding),
                "process": process or self.process,
                "suspended_from": self.state if to is CaseState.SUSPENDED else None,
            }
        )

    def document(self, role: DocumentRole) -> DocumentRef:
        """Return the newest document in ``role``.

        Raises:
            NotFoundError: The case has none.
        """
        for document in reversed(self.documents):
            if document.role is role:
                return document
        raise NotFoundError(f"{self.case_id}: no document in the role {role}")

    def has(self, role: DocumentRole) -> bool:
        """Say whether the case has a document in ``role``."""
        return any(document.role is role for document in self.documents)
