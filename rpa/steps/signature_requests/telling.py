"""Who is told of what happens to a request: the ledger's entries and the notices of each change."""

from typing import Any

from rpa.domain.notice import NoticeKind
from rpa.domain.person import PersonId
from rpa.domain.signature_request import (
    RequestedSigner,
    RequestState,
    SignatureRequest,
    SignerState,
)
from rpa.register.register import Entry
from rpa.register.requests import NoticeTo

END_NOTICES = {
    RequestState.COMPLETED: NoticeKind.COMPLETED,
    RequestState.DECLINED: NoticeKind.DECLINED,
    RequestState.EXPIRED: NoticeKind.EXPIRED,
    RequestState.CANCELLED: NoticeKind.CANCELLED,
}


def asked_now(before: SignatureRequest, after: SignatureRequest) -> tuple[NoticeTo, ...]:
    """Return a notice to each signer who is asked now and was not before."""
    were = {(s.position, s.person) for s in before.asked}
    fresh = [s for s in after.asked if (s.position, s.person) not in were]
    return tuple(to_signer(signer, NoticeKind.ASKED) for signer in fresh)


def to_signer(signer: RequestedSigner, kind: NoticeKind) -> NoticeTo:
    """Return a notice to a signer about their own signature."""
    return NoticeTo(signer.person, kind, position=signer.position, deadline=signer.deadline)


def of_end(request: SignatureRequest, *, but: PersonId | None = None) -> tuple[NoticeTo, ...]:
    """Return a notice of how it ended to everybody whom it concerns, but whoever ended it."""
    kind = END_NOTICES[request.state]
    declined = [s.position for s in request.signers if s.state is SignerState.DECLINED]
    about = declined[0] if declined else None
    told = [person for person in request.told_of_end if person != but]
    return tuple(NoticeTo(person, kind, position=about) for person in told)


def request_entry(kind: str, request: SignatureRequest, /, **data: Any) -> Entry:
    """Return a ledger entry about a request; ids, digests and codes alone."""
    case = {"case": request.case_id} if request.case_id else {}
    return Entry(kind, {**case, "document": request.current, **data})


def terms_of(request: SignatureRequest) -> dict[str, Any]:
    """Return what the ledger says of a new request."""
    return {
        "original": request.original,
        "level": request.level.value,
        "assurance": request.terms.assurance.value,
        "signers": [
            {
                "position": signer.position,
                "stage": signer.stage,
                "person": signer.person,
                "field": signer.field,
                "deadline": signer.deadline.isoformat(),
            }
            for signer in request.signers
        ],
    }
