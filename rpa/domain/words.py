"""What people call the states of a case, in the language that is spoken."""

from rpa.domain.case import CaseState
from rpa.i18n import _


def state_word(state: CaseState) -> str:
    """Return the name of ``state`` for a person."""
    words = {
        CaseState.RECEIVED: _("received"),
        CaseState.RECOGNIZED: _("read"),
        CaseState.IN_REVIEW: _("in review"),
        CaseState.APPROVED: _("approved"),
        CaseState.REJECTED: _("rejected"),
        CaseState.IN_DOUBT: _("in doubt"),
        CaseState.FILED: _("filed"),
        CaseState.COMPOSED: _("composed"),
        CaseState.AWAITING_SIGNATURE: _("awaiting signature"),
        CaseState.SIGNED: _("signed"),
        CaseState.DECLINED: _("declined"),
        CaseState.ARCHIVED: _("archived"),
        CaseState.SET_ASIDE: _("set aside"),
        CaseState.SUSPENDED: _("suspended"),
    }
    return words[state]
