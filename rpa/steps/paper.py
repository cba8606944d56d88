"""The paper of archived cases: which of it may be destroyed, and that it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from rpa.domain.case import Case, CaseState
from rpa.domain.errors import SetupError
from rpa.domain.ledger import LedgerEntry
from rpa.domain.model import CaseId
from rpa.domain.words import state_word
from rpa.i18n import _
from rpa.register.register import Entry
from rpa.steps.language import in_house_language
from rpa.steps.toolbox import Toolbox

DESTROYED: Final = "paper-destroyed"
"""The kind of the ledger entry that tells that a case's paper is gone."""


@dataclass(frozen=True, slots=True)
class DuePaper:
    """Paper that written rules let go from a day on."""

    case_id: CaseId
    process: str
    since: date


def due_paper(tools: Toolbox) -> list[DuePaper]:
    """Return the archived cases whose paper may be destroyed today, longest due first.

    A case stands here when its process declares rules that let the paper go, no check of its
    transfer failed, the rules' days have passed, and nobody has recorded that it is gone.
    """
    gone = {entry.case_id for entry in tools.register.entries(kind=DESTROYED)}
    today = tools.now().astimezone(tools.timezone).date()
    found = [
        DuePaper(case_id=case_id, process=tools.register.get(case_id).process or "", since=until)
        for case_id, until in _released(tools)
        if until <= today and case_id not in gone
    ]
    return sorted(found, key=lambda paper: (paper.since, paper.case_id))


@in_house_language
def destroy_paper(
    case_ids: Sequence[CaseId], *, on: date, method: str, person: str, tools: Toolbox
) -> list[Case]:
    """Record that the paper of cases was destroyed, by whom, when and how; all of them or none.

    Raises:
        SetupError: A case's paper must be kept, or kept longer, or is recorded as gone; or the day
            has not come.
    """
    released = dict(_released(tools))
    for case_id in case_ids:
        _check(tools.register.get(case_id), released.get(case_id), on, tools)
    return [_recorded(case_id, on, method, person, tools) for case_id in case_ids]


def _recorded(case_id: CaseId, on: date, method: str, person: str, tools: Toolbox) -> Case:
    lease = tools.register.hold(case_id, owner=f"person:{person}")
    try:
        entry = Entry(DESTROYED, {"on": on.isoformat(), "method": method})
        return tools.register.set_documents(lease, lease.case.documents, entry).case
    finally:
        tools.register.release(lease)


def _released(tools: Toolbox) -> Iterator[tuple[CaseId, date]]:
    for entry in tools.register.entries(kind="archived"):
        until = _paper_until(entry)
        if until is not None and entry.case_id is not None:
            yield entry.case_id, until


def _paper_until(entry: LedgerEntry) -> date | None:
    said = str(entry.data.get("paper_until", ""))  # older entries say nothing of it
    return date.fromisoformat(said) if said else None


def _check(case: Case, until: date | None, on: date, tools: Toolbox) -> None:
    today = tools.now().astimezone(tools.timezone).date()
    if case.state is not CaseState.ARCHIVED:
        problem = _(
            "Case {case} is {state}: its paper must be kept until it is archived.",
            case=case.case_id,
            state=state_word(case.state),
        )
    elif until is None:
        problem = _(
            "The paper of case {case} must be kept: its transfer record does not let it go.",
            case=case.case_id,
        )
    elif on < until or on > today:
        problem = _(
            "The paper of case {case} may be destroyed from {until} to today, not on {day}.",
            case=case.case_id,
            until=until.isoformat(),
            day=on.isoformat(),
        )
    elif any(entry.kind == DESTROYED for entry in tools.register.history(case.case_id)):
        problem = _("The paper of case {case} is recorded as destroyed.", case=case.case_id)
    else:
        return
    raise SetupError(problem, code="paper-kept")
