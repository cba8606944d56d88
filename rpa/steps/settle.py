"""What a person decides about a case as a whole: reject it, name its process, try it again."""

from rpa.domain.case import Case, CaseState
from rpa.domain.errors import SetupError
from rpa.domain.model import CaseId, ProcessId
from rpa.domain.words import state_word
from rpa.i18n import _
from rpa.register.register import Entry
from rpa.steps.closing import closed
from rpa.steps.language import in_house_language
from rpa.steps.toolbox import Toolbox


@in_house_language
def reject(case_id: CaseId, reason: str, *, person: str, tools: Toolbox) -> Case:
    """End a waiting case without filing it; ``reason`` stays on record.

    Raises:
        IllegalMoveError: The case is past the point where it can be rejected.
    """
    lease = tools.register.hold(case_id, owner=f"person:{person}")
    try:
        case = lease.case.moved(CaseState.REJECTED, at=tools.now(), because=reason)
        rejected = Entry("rejected", {"from": lease.case.state.value})
        return tools.register.save(
            lease, case, rejected, closed(case, tools), settle_by=person
        ).case
    finally:
        tools.register.release(lease)


@in_house_language
def retry(case_id: CaseId, *, process: ProcessId | None, person: str, tools: Toolbox) -> Case:
    """Send a suspended or set-aside case on again, where it stood; ``process`` names its form.

    Raises:
        SetupError: The case neither is suspended nor was set aside.
    """
    folder = tools.catalog.get(process) if process else None
    lease = tools.register.hold(case_id, owner=f"person:{person}")
    try:
        back = _back_to(lease.case)
        case = lease.case.moved(
            back,
            at=tools.now(),
            because=_("Tried again by {person}.", person=person),
            process=folder.process_id if folder else None,
        )
        entry = Entry("retried", {"from": lease.case.state.value, "to": back.value})
        return tools.register.save(lease, case, entry, settle_by=person).case
    finally:
        tools.register.release(lease)


def _back_to(case: Case) -> CaseState:
    if case.state is CaseState.SET_ASIDE:
        return CaseState.RECEIVED
    if case.state is CaseState.SUSPENDED and case.suspended_from is not None:
        return case.suspended_from
    raise SetupError(
        _(
            "Case {case} is {state}; there is nothing to try again.",
            case=case.case_id,
            state=state_word(case.state),
        )
    )
