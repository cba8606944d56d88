"""Notices: mails that tell people of a signature request, kept until they are sent."""

from enum import StrEnum

from pydantic import AwareDatetime

from rpa.domain.model import Value
from rpa.domain.person import PersonId
from rpa.domain.signature_request import RequestId


class NoticeKind(StrEnum):
    """What a notice tells."""

    ASKED = "asked"
    """Please sign."""
    DELEGATED = "delegated"
    """What you were asked to sign, or asked for, is somebody else's to sign now."""
    REMINDER = "reminder"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


class NoticeState(StrEnum):
    """What became of a notice."""

    WAITING = "waiting"
    SENT = "sent"
    """The mail server took it."""
    GIVEN_UP = "given-up"
    """The mail server refused it for good, or failed for too long."""


class Notice(Value):
    """One mail to one person about one request; its text is made when it is sent."""

    message_id: str
    """Its own for ever: a mail that is sent again after a crash bears the same."""
    request_id: RequestId
    position: int | None
    """The signer whom it is about, or None."""
    kind: NoticeKind
    recipient: PersonId
    deadline: AwareDatetime | None = None
    created_at: AwareDatetime
    not_before: AwareDatetime
    """When it is tried next."""
    attempts: int = 0
    state: NoticeState = NoticeState.WAITING
    sent_at: AwareDatetime | None = None
    failure: str = ""
    """The code of what went wrong last."""


class DeadlineFigure(Value):
    """Of the deadlines that fell in a period, how many got a digital reminder before."""

    deadlines: int
    reminded: int
    """A reminder was sent, and taken by the mail server, before the deadline."""
    met_before: int
    """Of those not reminded: signed, or ended, before the deadline."""
