"""A filing in doubt, settled by a person who looked into the target."""

from rpa.domain.case import Case, CaseState
from rpa.domain.errors import OutcomeUnknownError, SetupError
from rpa.domain.filing import Receipt
from rpa.domain.model import CaseId
from rpa.domain.words import state_word
from rpa.i18n import _
from rpa.register.register import Entry
from rpa.steps.language import in_house_language
from rpa.steps.toolbox import Toolbox


@in_house_language
def settle_doubt(
    case_id: CaseId, receipt_number: str | None, *, person: str, tools: Toolbox
) -> Case:
    """Adopt the receipt a person found in the target, or, with None, allow filing again.

    Raises:
        SetupError: The case is not in doubt, or the receipt is another case's.
    """
    lease = tools.register.hold(case_id, owner=f"person:{person}")
    try:
        state = lease.case.state
        if state is not CaseState.IN_DOUBT:
            raise SetupError(
                _(
                    "Case {case} is {state}, not in doubt.",
                    case=case_id,
                    state=state_word(lease.case.state),
                )
            )
        if receipt_number is None:
            tools.register.void_intent(lease, outcome="absent-by-person")
            why = _("{person} looked: the target does not hold it. Files again.", person=person)
            case = lease.case.moved(CaseState.APPROVED, at=tools.now(), because=why)
            return tools.register.save(lease, case, Entry("doubt-settled", {"found": 0})).case
        why = _("Receipt {number}, found by {person}.", number=receipt_number, person=person)
        case = lease.case.moved(CaseState.FILED, at=tools.now(), because=why)
        data = {"receipt": receipt_number, "how": "by-person", "screen": None}
        entry = Entry("filed", data)
        receipt = Receipt(number=receipt_number, text="")
        target = intent.target if (intent := tools.register.intent(case_id)) else ""
        return tools.register.save(lease, case, entry, receipt=receipt, target=target).case
    except OutcomeUnknownError as error:
        raise SetupError(error.message, code=error.reason) from error
    finally:
        tools.register.release(lease)
