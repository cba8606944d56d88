"""The check of one document: what is there, whether it is whole, whose it is, what follows."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from rpa.domain.model import Digest
from rpa.domain.signature import (
    ChangeKind,
    Indication,
    Integrity,
    SignatureStatus,
    ValidationReport,
    worst_indication,
    worst_integrity,
)
from rpa.late import late
from rpa.signing.adapters.verification.candidates import Candidate, candidates, signed_ends
from rpa.signing.adapters.verification.graph import LockedPdfError, UnreadablePdfError, opened
from rpa.signing.adapters.verification.revisions import (
    Step,
    as_revisions,
    index_of,
    steps_from,
)
from rpa.signing.adapters.verification.second_reader import is_unsigned
from rpa.signing.adapters.verification.statuses import Evidence, Judge
from rpa.signing.adapters.verification.trusted import Authorities
from rpa.signing.adapters.verification.views import RevisionView

if TYPE_CHECKING:
    from rpa.signing.adapters.verification.later_opinions import later_opinions
else:  # renderers and a second analysis, asked only where something followed a signature
    later_opinions = late("rpa.signing.adapters.verification.later_opinions", "later_opinions")

UNREADABLE: Final = "pdf-unreadable"
ENCRYPTED: Final = "pdf-encrypted"
CHECK_FAILED: Final = "check-failed"
"""Something was met that the check does not know: the file is too odd to be believed."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller knows and expects."""

    passwords: tuple[str, ...] = ()
    expect_form_filling: bool = False
    with_evidence: bool = False


def checked(
    pdf: bytes, authorities: Authorities, *, at: datetime, wishes: Wishes
) -> ValidationReport:
    """Return what is to be said of a document, whatever its bytes are."""
    try:
        steps = _steps(pdf, wishes.passwords)
    except LockedPdfError:
        return unreadable(pdf, at, ENCRYPTED)
    except UnreadablePdfError:
        return unreadable(pdf, at, UNREADABLE)
    views = [step.view for step in steps if step.view is not None]
    evidence = Evidence(pdf, steps, _placed(pdf, steps, candidates(views)))
    judge = Judge(evidence, authorities, at=at, wishes=wishes)
    if questions := judge.questions:
        for place, finding in later_opinions(pdf, steps, questions, wishes.passwords):
            judge.object_to(place, finding)
    statuses = judge.statuses()
    locks = [(place, one.lock) for one, place in evidence.placed if place is not None]
    return ValidationReport(
        document=_digest(pdf),
        checked_at=at,
        integrity=worst_integrity(statuses),
        indication=worst_indication(statuses),
        sub_indication=_reason(statuses),
        signatures=statuses,
        revisions=as_revisions(steps, locks) if statuses else (),
        warnings=_warnings(evidence, statuses),
    )


def unreadable(pdf: bytes, at: datetime, why: str) -> ValidationReport:
    """Return the report on a file of which nothing can be said, with a code that says why."""
    return ValidationReport(
        document=_digest(pdf),
        checked_at=at,
        integrity=Integrity.UNREADABLE,
        indication=Indication.INDETERMINATE,
        sub_indication="FORMAT_FAILURE",
        warnings=(why,),
    )


def _steps(pdf: bytes, passwords: Sequence[str]) -> tuple[Step, ...]:
    """Return the revisions from the first signed one on; a single one where nothing is signed."""
    faults = 0
    for base in signed_ends(pdf):
        try:
            steps = steps_from(pdf, base, passwords)
        except LockedPdfError:
            raise
        except UnreadablePdfError:
            faults += 1
            continue
        if candidates([step.view for step in steps if step.view is not None]):
            return steps
    try:
        view = RevisionView.of(opened(pdf, passwords))
    except LockedPdfError:
        raise
    except UnreadablePdfError:
        if faults or not is_unsigned(pdf):
            raise
        return ()
    return (Step(1, len(pdf), view),)


def _placed(
    pdf: bytes, steps: Sequence[Step], found: Sequence[Candidate]
) -> tuple[tuple[Candidate, int | None], ...]:
    placed: list[tuple[Candidate, int | None]] = []
    for one in found:
        index = index_of(pdf, steps, one.end) if one.end else None
        # A dictionary that first appears after the bytes that it covers was put there by another.
        is_own = index is not None and steps[index].view is one.view
        placed.append((one, index if is_own else None))
    return tuple(placed)


def _digest(pdf: bytes) -> Digest:
    return Digest(hashlib.sha256(pdf).hexdigest())


def _reason(statuses: Sequence[SignatureStatus]) -> str:
    worst = worst_indication(statuses)
    return next((one.sub_indication for one in statuses if one.indication is worst), "")


def _warnings(evidence: Evidence, statuses: Sequence[SignatureStatus]) -> tuple[str, ...]:
    kinds = {change.kind for status in statuses for change in status.changes_after}
    found = {
        "form-filled": ChangeKind.FORM_VALUE in kinds,
        "hidden-bytes": ChangeKind.HIDDEN_BYTES in kinds,
        **evidence.remarks,
    }
    return tuple(code for code, holds in found.items() if holds)
