"""What people call the states of cases and requests, in the language that is spoken."""

from rpa.domain.case import CaseState
from rpa.domain.signature_request import RequestState, SignerState
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


def request_state_word(state: RequestState) -> str:
    """Return the name of a signature request's state for a person."""
    words = {
        RequestState.OPEN: _("open for signature"),
        RequestState.COMPLETED: _("signed by everybody"),
        RequestState.DECLINED: _("declined by a signer"),
        RequestState.EXPIRED: _("past its deadline"),
        RequestState.CANCELLED: _("taken back"),
    }
    return words[state]


def signer_state_word(state: SignerState) -> str:
    """Return the name of a signer's state for a person."""
    words = {
        SignerState.WAITING: _("not asked yet"),
        SignerState.ASKED: _("asked to sign"),
        SignerState.SIGNED: _("has signed"),
        SignerState.DECLINED: _("has declined"),
    }
    return words[state]
