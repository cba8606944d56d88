"""What a signer does: opens the document, signs exactly what they opened, or passes it on.

A signature is made in this order: sign the bytes, validate them, store them, then write the request
with its ledger entry and notices in one transaction, if the document is still the one that was
opened. Death at any moment leaves either no trace or the whole; a second click finds the first.
"""

from datetime import timedelta
from typing import Final

from rpa.domain import request_moves
from rpa.domain.errors import SignatureRefusedError
from rpa.domain.notice import NoticeKind
from rpa.domain.person import Assurance, IdentityEvidence, PersonId
from rpa.domain.signature import SignatureLevel
from rpa.domain.signature_request import (
    Consent,
    RequestedSigner,
    RequestId,
    SignatureRequest,
    SignerState,
    SigningRecord,
)
from rpa.i18n import _
from rpa.register.register import Entry
from rpa.register.requests import NoticeTo, RequestChange
from rpa.steps.signature_requests.cases import follow, lowest_level, records
from rpa.steps.signature_requests.draft import person_who_signs
from rpa.steps.signature_requests.making import Made, made_signature
from rpa.steps.signature_requests.telling import asked_now, of_end, request_entry, to_signer
from rpa.steps.toolbox import Toolbox

PROOF_HOLDS: Final = timedelta(minutes=10)
"""So long before a signature, at most, its signer proved who they are."""


def document_to_sign(
    request_id: RequestId, person: PersonId, tools: Toolbox
) -> tuple[SignatureRequest, bytes]:
    """Return a request with its document's newest revision, and put on record who opened it.

    Raises:
        NotFoundError: There is no such request, or it does not concern ``person``.
    """

    def opened(request: SignatureRequest) -> RequestChange | None:
        request_moves.must_concern(request, person)
        after = request_moves.opened(request, person, at=tools.now())
        if after is None:
            return None
        return RequestChange(after, (request_entry("document-opened", after, person=person),))

    actor = f"person:{person}"
    request = tools.register.change_request(request_id, opened, actor=actor)
    return request, tools.store.get(request.current)


def sign_requested(request_id: RequestId, consent: Consent, *, tools: Toolbox) -> SignatureRequest:
    """Sign the document that a person opened and said yes to, with their own credential.

    A second call with the same consent returns the request as the first one left it.

    Raises:
        SetupError: They are not asked; their account has no credential.
        SignatureRefusedError: The request has ended, the document is not the newest revision or
            was not opened, the proof of who they are is too weak or too old, or the signed
            document does not validate.
        ToolUnavailableError: The key can't be had; or an authority, where the request waits.
    """
    person = consent.identity.person
    request = tools.register.request(request_id)
    if _has_signed(request, consent, tools):
        return follow(request, tools)
    signer = _may_sign(request, consent, tools)
    who = person_who_signs(person, tools)
    made = made_signature(request, signer, who, consent, tools=tools)

    def signed(now_stands: SignatureRequest) -> RequestChange | None:
        if _has_signed(now_stands, consent, tools):
            return None
        still = _may_sign(now_stands, consent, tools)
        after = request_moves.signed(
            now_stands, still, current=made.document, record=made.record_digest, at=tools.now()
        )
        return _told(now_stands, after, still, made, tools=tools)

    actor = f"person:{person}"
    return follow(tools.register.change_request(request_id, signed, actor=actor), tools)


def decline_requested(
    request_id: RequestId, person: PersonId, reason: str, tools: Toolbox
) -> SignatureRequest:
    """Say no to signing, with the reason: the request ends, and everybody concerned is told.

    Raises:
        SetupError: They are not asked, or give no reason.
        SignatureRefusedError: The request has ended.
    """

    def declined(request: SignatureRequest) -> RequestChange:
        after = request_moves.declined(request, person, reason, at=tools.now())
        position = next(s.position for s in after.signers if s.state is SignerState.DECLINED)
        entry = request_entry("declined", after, position=position, person=person)
        return RequestChange(after, (entry,), of_end(after, but=person))

    actor = f"person:{person}"
    return follow(tools.register.change_request(request_id, declined, actor=actor), tools)


def delegate(
    request_id: RequestId, person: PersonId, to: PersonId, reason: str, tools: Toolbox
) -> SignatureRequest:
    """Let somebody else sign instead, who has an account and a credential; both are told.

    Raises:
        SetupError, NotFoundError: ``person`` is not asked, or ``to`` can't sign.
        SignatureRefusedError: The request has ended, or may not be delegated.
    """
    person_who_signs(to, tools)
    reason_digest = tools.store.put(reason.strip().encode()) if reason.strip() else ""

    def delegated(request: SignatureRequest) -> RequestChange:
        after = request_moves.delegated(request, person, to, at=tools.now())
        signer = next(s for s in after.asked if s.person == to)
        data = {"position": signer.position, "from": person, "to": to, "reason": reason_digest}
        others = [p for p in (request.asker, person) if p is not None]
        told = [
            NoticeTo(p, NoticeKind.DELEGATED, position=signer.position)
            for p in dict.fromkeys(others)
        ]
        notices = (to_signer(signer, NoticeKind.ASKED), *told)
        return RequestChange(after, (request_entry("delegated", after, **data),), notices)

    return tools.register.change_request(request_id, delegated, actor=f"person:{person}")


def _has_signed(request: SignatureRequest, consent: Consent, tools: Toolbox) -> bool:
    """Say whether this very yes was carried out before: the same person, the same bytes."""
    person = consent.identity.person
    records = [s.record for s in request.signers if s.person == person and s.record is not None]
    kept = (SigningRecord.model_validate_json(tools.store.get(digest)) for digest in records)
    return any(record.digest_before == consent.document for record in kept)


def _may_sign(request: SignatureRequest, consent: Consent, tools: Toolbox) -> RequestedSigner:
    person, now = consent.identity.person, tools.now()
    signer = request_moves.must_be_asked(request, person, at=now)
    request_moves.must_be_newest(request, consent.document)
    if signer.opened != request.current:
        raise SignatureRefusedError(
            _("Open the document before you sign it: only what was opened can be signed."),
            code="not-opened",
        )
    if consent.intent != request.intent:
        raise SignatureRefusedError(
            _("What was agreed to is not what {request} asks.", request=request.request_id),
            code="another-intent",
        )
    _must_be_sure(request, consent.identity)
    if not timedelta(0) <= now - consent.identity.at <= PROOF_HOLDS:
        raise SignatureRefusedError(
            _("Prove who you are again: it was too long ago."), code="proof-too-old"
        )
    return signer


def _must_be_sure(request: SignatureRequest, identity: IdentityEvidence) -> None:
    levels = list(Assurance)
    if levels.index(identity.assurance) < levels.index(request.terms.assurance):
        raise SignatureRefusedError(
            _(
                "{request} asks for two proofs of who signs: a password and a one-time code.",
                request=request.request_id,
            ),
            code="assurance-too-low",
        )


def _completed(request: SignatureRequest, lowest: SignatureLevel) -> Entry:
    """Return the entry of the end; a case's own entry tells of the document where there is one."""
    if request.case_id is not None:
        return request_entry("completed", request)
    signed = {"signed": request.current, "request": request.request_id}
    levels = {"level": lowest.value, "wanted": request.level.value}
    return request_entry("completed", request, **signed, **levels)


def _told(
    before: SignatureRequest,
    after: SignatureRequest,
    signer: RequestedSigner,
    made: Made,
    *,
    tools: Toolbox,
) -> RequestChange:
    record = made.record
    entry = request_entry(
        "signed",
        after,
        position=signer.position,
        person=signer.person,
        before=record.digest_before,
        record=made.record_digest,
        level=record.level_reached.value,
        wanted=record.level_wanted.value,
        shortfall=record.shortfall_code,
        assurance=record.identity.assurance.value,
    )
    if not after.state.is_final:
        return RequestChange(after, (entry,), asked_now(before, after))
    lowest = lowest_level(records(after, tools))
    return RequestChange(after, (entry, _completed(after, lowest)), of_end(after))
