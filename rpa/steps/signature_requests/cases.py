"""A case follows the request for its letter's signatures: signed when it completes, else declined.

The case moves in a transaction of its own, after the request's; a death in between is made up for
by the next pass (:func:`follow_all`).
"""

import logging
from collections.abc import Sequence

from rpa.domain.case import CaseState
from rpa.domain.document import DocumentRef, DocumentRole, MediaType
from rpa.domain.errors import RpaError
from rpa.domain.model import CaseId, Digest
from rpa.domain.signature import SignatureLevel
from rpa.domain.signature_request import RequestState, SignatureRequest, SigningRecord
from rpa.domain.words import request_state_word
from rpa.i18n import _
from rpa.register.register import Entry
from rpa.register.rows import Lease
from rpa.steps.closing import closed
from rpa.steps.language import in_house_language
from rpa.steps.toolbox import Toolbox

log = logging.getLogger(__name__)


@in_house_language
def follow(request: SignatureRequest, tools: Toolbox) -> SignatureRequest:
    """Move the case of a request that has ended; returns the request.

    Safe to call twice, and for a request without a case: it then does nothing. What keeps the case
    from moving undoes nothing of the request: it is logged, and the next pass comes back.
    """
    if request.case_id is None or not request.state.is_final:
        return request
    try:
        _move(request.case_id, request, tools)
    except RpaError as error:
        told = {"case": request.case_id, "code": error.reason}
        log.warning("case %s did not follow", request.case_id, extra=told)
    return request


def _move(case_id: CaseId, request: SignatureRequest, tools: Toolbox) -> None:
    lease = tools.register.hold(case_id, owner=tools.actor)
    try:
        if lease.case.state is not CaseState.AWAITING_SIGNATURE:
            return
        if request.state is RequestState.COMPLETED:
            _signed(lease, request, tools)
        else:
            _declined(lease, request, tools)
    finally:
        tools.register.release(lease)


def follow_all(tools: Toolbox) -> int:
    """Move every case whose request has ended without it; returns how many."""
    behind = tools.register.ended_before_their_case()
    for request_id in behind:
        follow(tools.register.request(request_id), tools)
    return len(behind)


def records(request: SignatureRequest, tools: Toolbox) -> list[SigningRecord]:
    """Return the record of each signature that was made, in the order of the positions."""
    kept = [signer.record for signer in request.signers if signer.record is not None]
    return [SigningRecord.model_validate_json(tools.store.get(digest)) for digest in kept]


def lowest_level(made: Sequence[SigningRecord]) -> SignatureLevel:
    """Return the lowest level that any of the signatures reached."""
    return min((record.level_reached for record in made), key=list(SignatureLevel).index)


def _signed(lease: Lease, request: SignatureRequest, tools: Toolbox) -> None:
    made = records(request, tools)
    reached = lowest_level(made)
    shortfall = next((r.shortfall_code for r in made if r.shortfall_code), "")
    case = lease.case.moved(
        CaseState.SIGNED,
        at=tools.now(),
        because=_(
            "Signed by {count} persons, request {request}.",
            count=len(made),
            request=request.request_id,
        ),
        adding=_documents(request, made),
    )
    data = {
        "signed": request.current,
        "request": request.request_id,
        "level": reached.value,
        "wanted": request.level.value,
        "shortfall": shortfall,
    }
    tools.register.save(lease, case, Entry("signed", data))


def _declined(lease: Lease, request: SignatureRequest, tools: Toolbox) -> None:
    word = request_state_word(request.state)
    why = _("Request {request} is {state}.", request=request.request_id, state=word)
    case = lease.case.moved(CaseState.DECLINED, at=tools.now(), because=why)
    entry = Entry("declined", {"request": request.request_id, "code": request.state.value})
    tools.register.save(lease, case, entry, closed(case, tools))


def _documents(request: SignatureRequest, made: Sequence[SigningRecord]) -> tuple[DocumentRef, ...]:
    last = next(record for record in made if record.digest_after == request.current)
    kept = [(s.position, s.record) for s in request.signers if s.record is not None]
    return (
        _document(DocumentRole.SIGNED, request.current, MediaType.PDF, "letter-signed.pdf"),
        _document(DocumentRole.VALIDATION, last.validation, MediaType.JSON, "validation.json"),
        *(
            _document(
                DocumentRole.SIGNING_RECORD,
                digest,
                MediaType.JSON,
                f"signing-record-{position}.json",
            )
            for position, digest in kept
        ),
    )


def _document(role: DocumentRole, digest: Digest, kind: MediaType, name: str) -> DocumentRef:
    return DocumentRef(role=role, digest=digest, media_type=kind, name=name)
