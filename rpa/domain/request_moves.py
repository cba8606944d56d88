"""What can happen to a signature request: each move returns the request as it is afterwards.

A move that is not allowed raises, and says to whoever tried it what to do.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from rpa.domain.errors import NotFoundError, SetupError, SignatureRefusedError
from rpa.domain.model import Digest
from rpa.domain.person import PersonId
from rpa.domain.signature_request import (
    RequestedSigner,
    RequestState,
    SignatureRequest,
    SignerState,
)
from rpa.domain.words import request_state_word
from rpa.i18n import _


def started(request: SignatureRequest, *, at: datetime) -> SignatureRequest:
    """Ask the first stage."""
    return _with(request, lambda s: _asked(s, at) if s.stage == 1 else s)


def opened(request: SignatureRequest, person: PersonId, *, at: datetime) -> SignatureRequest | None:
    """Note that a signer opened the newest revision; None where there is nothing new to note."""

    def noted(signer: RequestedSigner) -> RequestedSigner:
        if signer.person != person or not signer.is_due or signer.opened == request.current:
            return signer
        return signer.model_copy(update={"opened": request.current, "opened_at": at})

    after = _with(request, noted)
    return None if after == request else after


def must_be_asked(request: SignatureRequest, person: PersonId, *, at: datetime) -> RequestedSigner:
    """Return the signature that ``person`` is asked for.

    Raises:
        SignatureRefusedError: The request has ended, or its deadline has passed.
        SetupError: They are not asked, or not yet.
    """
    must_be_open(request)
    signer = request.signer_for(person)
    if signer is None:
        raise SetupError(
            _("{person} is not asked to sign {request} now.", person=person, request=_id(request)),
            code="not-asked",
        )
    if any(s.is_due and s.deadline <= at for s in request.signers):
        raise SignatureRefusedError(
            _("The deadline of {request} has passed.", request=_id(request)),
            code="deadline-passed",
        )
    return signer


def must_be_open(request: SignatureRequest) -> None:
    """Raise :class:`SignatureRefusedError` where the request has ended."""
    if request.state.is_final:
        raise SignatureRefusedError(
            _(
                "{request} is {state}: nothing can be done to it any more.",
                request=_id(request),
                state=request_state_word(request.state),
            ),
            code=f"request-{request.state.value}",
        )


def must_be_newest(request: SignatureRequest, document: Digest) -> None:
    """Raise :class:`SignatureRefusedError` where ``document`` is not the newest revision."""
    if document != request.current:
        raise SignatureRefusedError(
            _("The document has one more signature since you opened it: open it again."),
            code="document-moved-on",
        )


def signed(
    request: SignatureRequest,
    signer: RequestedSigner,
    *,
    current: Digest,
    record: Digest,
    at: datetime,
) -> SignatureRequest:
    """Note a signature; asks the next stage when its own is over, and completes after the last."""
    done = signer.model_copy(
        update={"state": SignerState.SIGNED, "signed_at": at, "record": record}
    )
    after = _with(request, lambda s: done if s.position == signer.position else s)
    after = after.model_copy(update={"current": current})
    if after.asked:
        return after
    waiting = [s.stage for s in after.signers if s.state is SignerState.WAITING]
    if not waiting:
        return _ended(after, RequestState.COMPLETED, at=at)
    following = min(waiting)
    return _with(after, lambda s: _asked(s, at) if s.stage == following else s)


def declined(
    request: SignatureRequest, person: PersonId, reason: str, *, at: datetime
) -> SignatureRequest:
    """End the request because a signer says no.

    Raises:
        SignatureRefusedError, SetupError: As :func:`must_be_asked`; or there is no reason.
    """
    signer = must_be_asked(request, person, at=at)
    said_no = signer.model_copy(update={"state": SignerState.DECLINED})
    after = _with(request, lambda s: said_no if s.position == signer.position else s)
    return _ended(after, RequestState.DECLINED, at=at, reason=_given(reason))


def delegated(
    request: SignatureRequest, person: PersonId, to: PersonId, *, at: datetime
) -> SignatureRequest:
    """Let somebody else sign in the place of a signer who is asked now.

    Raises:
        SignatureRefusedError, SetupError: As :func:`must_be_asked`; or the request does not allow
            it, or whom it goes to has part in it already.
    """
    signer = must_be_asked(request, person, at=at)
    if not request.terms.may_delegate:
        raise SignatureRefusedError(
            _("{request} may not be delegated.", request=_id(request)), code="no-delegation"
        )
    if to in {*(s.person for s in request.signers), *signer.asked_of}:
        raise SetupError(
            _("{person} has a part in {request} already.", person=to, request=_id(request)),
            code="signs-already",
        )
    passed_on = signer.model_copy(
        update={
            "person": to,
            "asked_of": (*signer.asked_of, person),
            "asked_at": at,
            "opened": None,
            "opened_at": None,
        }
    )
    return _with(request, lambda s: passed_on if s.position == signer.position else s)


def cancelled(request: SignatureRequest, reason: str, *, at: datetime) -> SignatureRequest:
    """End the request because whoever asked takes it back."""
    must_be_open(request)
    return _ended(request, RequestState.CANCELLED, at=at, reason=_given(reason))


def expired(request: SignatureRequest, *, at: datetime) -> SignatureRequest:
    """End the request where a deadline has passed; else return it as it is."""
    deadline = request.next_deadline
    if request.state.is_final or deadline is None or deadline > at:
        return request
    return _ended(request, RequestState.EXPIRED, at=at)


def reminded(
    request: SignatureRequest, signers: tuple[RequestedSigner, ...], *, at: datetime
) -> SignatureRequest:
    """Note that ``signers`` are to be reminded."""
    positions = {signer.position for signer in signers}

    def noted(signer: RequestedSigner) -> RequestedSigner:
        if signer.position not in positions:
            return signer
        return signer.model_copy(update={"reminders": (*signer.reminders, at)})

    return _with(request, noted)


def due_reminders(request: SignatureRequest, *, at: datetime) -> tuple[RequestedSigner, ...]:
    """Return the signers whom the request's own rule says to remind now.

    Days of the rule that had passed when a signer was asked don't count; of several that passed
    since the last reminder, one is made up for.
    """
    if request.state.is_final:
        return ()
    return tuple(s for s in request.asked if _is_reminder_due(s, request, at=at))


def _is_reminder_due(signer: RequestedSigner, request: SignatureRequest, *, at: datetime) -> bool:
    if signer.asked_at is None or at >= signer.deadline:
        return False
    since = max((signer.asked_at, *signer.reminders))
    moments = [signer.deadline - timedelta(days=days) for days in request.terms.reminder_days]
    return any(since < moment <= at for moment in moments)


def must_concern(request: SignatureRequest, person: PersonId) -> None:
    """Raise :class:`NotFoundError` for a person whom the request does not concern."""
    if not request.concerns(person):
        raise NotFoundError(
            _("There is no request {request} for {person}.", request=_id(request), person=person),
            code="no-request",
        )


def _id(request: SignatureRequest) -> str:
    return request.request_id


def _given(reason: str) -> str:
    if not reason.strip():
        raise SetupError(_("Say why: the reason stays on record."), code="no-reason")
    return reason.strip()


def _asked(signer: RequestedSigner, at: datetime) -> RequestedSigner:
    return signer.model_copy(update={"state": SignerState.ASKED, "asked_at": at})


def _with(
    request: SignatureRequest, changed: Callable[[RequestedSigner], RequestedSigner]
) -> SignatureRequest:
    return request.model_copy(update={"signers": tuple(map(changed, request.signers))})


def _ended(
    request: SignatureRequest, state: RequestState, *, at: datetime, reason: str = ""
) -> SignatureRequest:
    return request.model_copy(update={"state": state, "ended_at": at, "reason": reason})
