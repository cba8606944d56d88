"""A case is moved on, stop after stop, until it ends or waits for a person."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from rpa.domain.case import Case, CaseState
from rpa.domain.errors import (
    ApplicationError,
    LostLeaseError,
    RpaError,
    StaleCaseError,
    TargetPausedError,
)
from rpa.domain.model import CaseId
from rpa.domain.process import Stop
from rpa.i18n import _
from rpa.register.register import Entry
from rpa.register.rows import Lease
from rpa.steps.archive import archive
from rpa.steps.compose import compose
from rpa.steps.decide import decide
from rpa.steps.exhibits import told_of
from rpa.steps.file import file_case
from rpa.steps.language import in_house_language
from rpa.steps.recognize import recognize
from rpa.steps.sign import sign
from rpa.steps.toolbox import Toolbox
from rpa.steps.unexpected import place_of

log = logging.getLogger(__name__)
Step = Callable[[Lease, Toolbox], Lease]

BY_STOP: Final[Mapping[Stop, Step]] = {
    Stop.FILE: file_case,
    Stop.COMPOSE: compose,
    Stop.SIGN: sign,
    Stop.ARCHIVE: archive,
}
STOP_MADE: Final[Mapping[CaseState, Stop]] = {
    CaseState.APPROVED: Stop.DECIDE,
    CaseState.FILED: Stop.FILE,
    CaseState.COMPOSED: Stop.COMPOSE,
    CaseState.SIGNED: Stop.SIGN,
}
"""Which stop a case has behind it in each state; the process says which comes next."""
LONGEST_WAIT_S: Final = 3600


@in_house_language
def advance(case_id: CaseId, tools: Toolbox) -> Case | None:
    """Move a case as far as it goes, and return it; None if another worker holds it.

    Safe to call at any time, and again after a death in the middle of a step.

    Raises:
        ApplicationError: A tool failed; the failure is on record and the case is due again later.
            Once it has failed too often, the case is suspended instead and nothing is raised.
    """
    lease = tools.register.take(case_id, owner=tools.actor)
    if lease is None:
        return None
    try:
        while (step := _next_step(lease.case, tools)) is not None:
            log.info("step", extra={"case": case_id, "step": step.__name__})
            lease = step(lease, tools)
    except (LostLeaseError, StaleCaseError):
        return tools.register.get(case_id)
    except RpaError as error:
        return _stopped(lease, error, tools)
    except Exception as error:  # noqa: BLE001
        # A bug met by one case must not stop the others; its text could hold a person's data.
        log.error("%s in case %s at %s", type(error).__name__, case_id, place_of(error))  # noqa: TRY400
        why = _("Unexpected {error}; see the log.", error=type(error).__name__)
        return _suspended(lease, RpaError(why, code="unexpected"), tools=tools)
    finally:
        tools.register.release(lease)
    return lease.case


def _next_step(case: Case, tools: Toolbox) -> Step | None:
    if case.state is CaseState.RECEIVED:
        return recognize
    if case.state is CaseState.RECOGNIZED:
        return decide
    made = STOP_MADE.get(case.state)
    if made is None:
        return None
    following = tools.catalog.get(case.process).definition.next_stop(made)
    return BY_STOP[following] if following else None


def _stopped(lease: Lease, error: RpaError, tools: Toolbox) -> Case:
    """Let a case wait, put it off, or suspend it, as the error demands."""
    case_id = lease.case.case_id
    if isinstance(error, TargetPausedError):
        log.info("waits", extra={"case": case_id, "code": error.reason})
        until = tools.now() + timedelta(seconds=error.wait_s)
        tools.register.postpone(lease, None, until=until)
        return tools.register.get(case_id)
    if isinstance(error, ApplicationError) and lease.attempts + 1 < tools.retries:
        _put_off(lease, error, tools)
        raise error
    return _suspended(lease, error, tools=tools)


def _put_off(lease: Lease, error: ApplicationError, tools: Toolbox) -> None:
    wait_s = min(LONGEST_WAIT_S, 2 ** (lease.attempts + 1))
    until = tools.now() + timedelta(seconds=wait_s)
    data = {"code": error.reason, "attempt": lease.attempts + 1, "state": lease.case.state.value}
    entry = Entry("put-off", {**data, **told_of(error.evidence)})
    tools.register.postpone(lease, entry, until=until, adding=error.evidence)


def _suspended(lease: Lease, error: RpaError, *, tools: Toolbox) -> Case:
    case = lease.case.moved(
        CaseState.SUSPENDED, at=tools.now(), because=error.message, adding=error.evidence
    )
    data = {"code": error.reason, "from": lease.case.state.value, **told_of(error.evidence)}
    return tools.register.save(lease, case, Entry("suspended", data)).case
