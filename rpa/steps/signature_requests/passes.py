"""What time brings about: reminders, deadlines that pass, notices that go out."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from rpa.domain import request_moves
from rpa.domain.errors import (
    ApplicationError,
    BusinessError,
    NotFoundError,
    NoticeRefusedError,
    SetupError,
)
from rpa.domain.notice import Notice, NoticeKind
from rpa.domain.person import Person
from rpa.domain.signature_request import SignatureRequest
from rpa.i18n import _, speaking
from rpa.notices.api import Mail
from rpa.notices.wording import NoticeFacts, worded
from rpa.register.requests import RequestChange
from rpa.steps.signature_requests.cases import follow, follow_all
from rpa.steps.signature_requests.telling import of_end, request_entry, to_signer
from rpa.steps.toolbox import Toolbox

log = logging.getLogger(__name__)

TRIES: Final = 20
"""After so many failures, two to three days, a notice is given up."""
LONGEST_WAIT: Final = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Tended:
    """What time brought about."""

    expired: int
    reminded: int
    sent: int
    failed: int


def tend(tools: Toolbox) -> Tended:
    """Let deadlines pass, remind of those to come, and send what is to be sent.

    Safe to call at any time and from several workers at once.
    """
    expired, reminded = expire_due(tools), remind_due(tools)
    done = send_notices(tools)
    return Tended(expired, reminded, done.sent, done.failed)


def remind_due(tools: Toolbox) -> int:
    """Have everybody reminded whom their request's rule says to remind now; returns how many."""
    count = 0

    def reminded(request: SignatureRequest) -> RequestChange | None:
        nonlocal count
        signers = request_moves.due_reminders(request, at=tools.now())
        if not signers:
            return None
        count += len(signers)
        after = request_moves.reminded(request, signers, at=tools.now())
        return RequestChange(after, (), tuple(to_signer(s, NoticeKind.REMINDER) for s in signers))

    for request_id in tools.register.requests_to_remind():
        tools.register.change_request(request_id, reminded, actor=tools.actor)
    return count


def expire_due(tools: Toolbox) -> int:
    """End every request a deadline of which has passed; returns how many.

    Cases that a death left behind their request are moved, too.
    """
    count = 0

    def expired(request: SignatureRequest) -> RequestChange | None:
        nonlocal count
        after = request_moves.expired(request, at=tools.now())
        if after == request:
            return None
        count += 1
        late = [s.position for s in request.signers if s.is_due and s.deadline <= tools.now()]
        return RequestChange(after, (request_entry("expired", after, late=late),), of_end(after))

    for request_id in tools.register.requests_past_deadline():
        follow(tools.register.change_request(request_id, expired, actor=tools.actor), tools)
    follow_all(tools)
    return count


@dataclass(frozen=True, slots=True)
class Sent:
    """What a pass over the outbox did."""

    sent: int
    failed: int
    """Put off, or given up."""


def send_notices(tools: Toolbox) -> Sent:
    """Hand every notice that is due to the mail server, and mark what it took.

    Without a mail server they stay where they are. One that fails is put off, longer each time.
    """
    sent = failed = 0
    while tools.mailer is not None and (taken := tools.register.take_notices()):
        for notice in taken:
            if _sent(notice, tools):
                sent += 1
            else:
                failed += 1
    return Sent(sent, failed)


def _sent(notice: Notice, tools: Toolbox) -> bool:
    if tools.mailer is None:
        return False
    try:
        tools.mailer.send(_mail(notice, tools))
    except (BusinessError, NotFoundError) as error:
        log.warning("notice given up", extra={"notice": notice.message_id, "code": error.reason})
        tools.register.notice_failed(notice, error.reason, until=None)
        return False
    except (ApplicationError, SetupError) as error:
        log.warning("notice put off", extra={"notice": notice.message_id, "code": error.reason})
        until = tools.now() + min(LONGEST_WAIT, timedelta(minutes=2**notice.attempts))
        last = notice.attempts + 1 >= TRIES
        tools.register.notice_failed(notice, error.reason, until=None if last else until)
        return False
    tools.register.notice_sent(notice, actor=tools.actor)
    return True


def _mail(notice: Notice, tools: Toolbox) -> Mail:
    request = tools.register.request(notice.request_id)
    person = tools.register.person(notice.recipient)
    if not person.is_active:
        raise NoticeRefusedError(
            _("The account of {person} is closed.", person=person.person_id),
            code="account-closed",
        )
    with speaking(person.language):
        text = worded(_facts(notice, request, person, tools))
    return Mail(
        message_id=notice.message_id,
        to=person.email,
        name=person.name,
        subject=text.subject,
        text=text.plain,
        html=text.html,
        at=notice.created_at,
    )


def _facts(
    notice: Notice, request: SignatureRequest, person: Person, tools: Toolbox
) -> NoticeFacts:
    rules = tools.mail_rules
    has_link = bool(rules.console_url) and (
        rules.completed_links or notice.kind is not NoticeKind.COMPLETED
    )
    return NoticeFacts(
        kind=notice.kind,
        language=person.language,
        recipient=person.name,
        organization=tools.organization,
        request_id=request.request_id,
        title=request.title if rules.titles else "",
        deadline=notice.deadline,
        now=tools.now().astimezone(tools.timezone),
        link=f"{rules.console_url.rstrip('/')}/demandes/{request.request_id}" if has_link else "",
    )
