"""Asking for signatures, and taking it back: what whoever asks, or an operator, can do."""

from datetime import datetime

from rpa.domain import request_moves
from rpa.domain.errors import SetupError
from rpa.domain.notice import NoticeKind
from rpa.domain.person import PersonId
from rpa.domain.signature_request import RequestId, SignatureRequest
from rpa.i18n import _
from rpa.register.requests import RequestChange
from rpa.steps.signature_requests.cases import follow
from rpa.steps.signature_requests.draft import RequestDraft, prepared_request
from rpa.steps.signature_requests.telling import (
    asked_now,
    of_end,
    request_entry,
    terms_of,
    to_signer,
)
from rpa.steps.toolbox import Toolbox


def create_request(draft: RequestDraft, *, by: str, tools: Toolbox) -> SignatureRequest:
    """Ask for signatures: makes every field, then asks and tells the first stage.

    ``by`` is ``person:<id>`` or ``worker:…``.

    Raises:
        SetupError, NotFoundError: A person can't sign, a deadline has passed, stages don't agree.
        SignatureRefusedError: The document can't be signed; says why.
    """
    new = prepared_request(draft, by=by, tools=tools)

    def asked(request: SignatureRequest) -> RequestChange:
        after = request_moves.started(request, at=tools.now())
        entry = request_entry("signature-requested", after, **terms_of(after))
        return RequestChange(after, (entry,), asked_now(request, after))

    return tools.register.open_request(new, asked, actor=by)


def request(request_id: RequestId, tools: Toolbox) -> SignatureRequest:
    """Return a request; raises :class:`~rpa.domain.errors.NotFoundError` if there is none."""
    return tools.register.request(request_id)


def open_requests(person: PersonId, tools: Toolbox) -> list[SignatureRequest]:
    """Return the requests that wait for ``person`` now, the first deadline first."""
    now = tools.now()
    waiting = tools.register.requests_waiting_for(person)
    return [one for one in waiting if not _is_late(one, now)]


def cancel(request_id: RequestId, by: str, reason: str, tools: Toolbox) -> SignatureRequest:
    """Take a request back, with the reason; everybody who was asked is told.

    Raises:
        SignatureRefusedError: It has ended already.
        SetupError: There is no reason.
    """

    def cancelled(request: SignatureRequest) -> RequestChange:
        after = request_moves.cancelled(request, reason, at=tools.now())
        entry = request_entry("cancelled", after)
        return RequestChange(after, (entry,), of_end(after, but=_person_of(by)))

    return follow(tools.register.change_request(request_id, cancelled, actor=by), tools)


def remind(
    request_id: RequestId, by: str, tools: Toolbox, *, person: PersonId | None = None
) -> SignatureRequest:
    """Remind by hand whoever is asked now, or ``person`` alone.

    Raises:
        SignatureRefusedError: The request has ended.
        SetupError: ``person`` is not asked now.
    """

    def reminded(request: SignatureRequest) -> RequestChange:
        request_moves.must_be_open(request)
        signers = tuple(s for s in request.asked if person in (None, s.person))
        if not signers:
            raise SetupError(
                _(
                    "{person} is not asked to sign {request} now.",
                    person=person,
                    request=request_id,
                ),
                code="not-asked",
            )
        after = request_moves.reminded(request, signers, at=tools.now())
        notices = tuple(to_signer(signer, NoticeKind.REMINDER) for signer in signers)
        return RequestChange(after, (), notices)

    return tools.register.change_request(request_id, reminded, actor=by)


def _is_late(request: SignatureRequest, now: datetime) -> bool:
    return request.next_deadline is not None and request.next_deadline <= now


def _person_of(actor: str) -> PersonId | None:
    kind, _colon, name = actor.partition(":")
    return PersonId(name) if kind == "person" else None
