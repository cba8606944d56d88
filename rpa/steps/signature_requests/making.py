"""Making one signature of a request: signed, validated, stored, and put on record for a court."""

from dataclasses import dataclass
from datetime import datetime

from rpa.domain.errors import SignatureRefusedError
from rpa.domain.model import Digest
from rpa.domain.person import Person
from rpa.domain.signature import (
    Indication,
    Integrity,
    SignatureStatus,
    ValidationReport,
)
from rpa.domain.signature_request import (
    Consent,
    RequestedSigner,
    SignatureRequest,
    SignerState,
    SigningRecord,
)
from rpa.i18n import _
from rpa.signing.api import SignedDocument, SigningRequest
from rpa.steps.toolbox import Toolbox


@dataclass(frozen=True, slots=True)
class Made:
    """A signature whose bytes and record are stored, but not yet the request's."""

    document: Digest
    record: SigningRecord
    record_digest: Digest


def made_signature(
    request: SignatureRequest,
    signer: RequestedSigner,
    person: Person,
    consent: Consent,
    *,
    tools: Toolbox,
) -> Made:
    """Sign the request's newest revision in the signer's field, and keep what came of it.

    Raises:
        SignatureRefusedError: It can't be signed, or does not validate then.
        ToolUnavailableError: The key can't be had; or an authority, where the request waits.
    """
    typed = consent.key_passphrase.get_secret_value() if consent.key_passphrase else None
    claimed_at = tools.now()
    signed = tools.signer.sign(
        SigningRequest(
            pdf=tools.store.get(request.current),
            credential=tools.credential(person.credential, typed=typed),
            field=signer.field,
            level=request.level,
            reason=request.intent,
            location=tools.organization,
            signed_at=claimed_at.astimezone(tools.timezone),
            language=request.language,
            role=signer.role,
            verify_url=_verify_url(request, tools),
            certify=_certifies(request),
            wait=request.terms.on_failure == "wait",
        )
    )
    report = tools.validator.validate(signed.pdf, at=tools.now())
    status = _must_hold(request, signer, report)
    outcome = _Outcome(
        signed=signed,
        status=status,
        document=tools.store.put(signed.pdf),
        validation=tools.store.put(report.model_dump_json(indent=1).encode()),
        claimed_at=claimed_at,
    )
    record = _record(request, signer, consent, outcome, tools=tools)
    return Made(
        outcome.document, record, tools.store.put(record.model_dump_json(indent=1).encode())
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    signed: SignedDocument
    status: SignatureStatus
    document: Digest
    validation: Digest
    claimed_at: datetime


def _verify_url(request: SignatureRequest, tools: Toolbox) -> str | None:
    """Return where the signature's QR code leads: the console's page for this request."""
    console = tools.mail_rules.console_url.rstrip("/")
    return f"{console}/v/{request.request_id}" if console else None


def _certifies(request: SignatureRequest) -> bool:
    """Say whether the next signature is the document's first."""
    is_first = all(signer.state is not SignerState.SIGNED for signer in request.signers)
    return request.terms.certifies and is_first


def _must_hold(
    request: SignatureRequest, signer: RequestedSigner, report: ValidationReport
) -> SignatureStatus:
    """Return what the check says of the new signature.

    Every signature of the request must pass; one that the document came with must be whole, whoever
    made it.
    """
    signed = {s.field for s in request.signers if s.state is SignerState.SIGNED} | {signer.field}
    wrong = [status for status in report.signatures if not _holds(status, signed)]
    mine = next((status for status in report.signatures if status.field == signer.field), None)
    if mine is None or wrong or report.integrity is not Integrity.VALID:
        told = ", ".join(f"{s.field} {s.indication.value} {s.sub_indication}" for s in wrong)
        raise SignatureRefusedError(
            _(
                "The signed document does not validate ({integrity}; {signatures}). "
                "Check the key's certificate and signing.trust in rpa.yaml.",
                integrity=report.integrity.value,
                signatures=told or "–",
            ),
            code="not-valid",
        )
    return mine


def _holds(status: SignatureStatus, own_fields: set[str]) -> bool:
    if status.field in own_fields:
        return status.indication is Indication.TOTAL_PASSED
    return status.integrity is Integrity.VALID


def _record(
    request: SignatureRequest,
    signer: RequestedSigner,
    consent: Consent,
    outcome: _Outcome,
    *,
    tools: Toolbox,
) -> SigningRecord:
    certificate = tools.signer_certificate(outcome.signed.pdf, signer.field)
    return SigningRecord(
        request=request.request_id,
        case_id=request.case_id,
        field=signer.field,
        role=signer.role,
        digest_before=request.current,
        digest_after=outcome.document,
        identity=consent.identity,
        signer=certificate.subject,
        certificate_sha256=certificate.sha256,
        intent=consent.intent,
        intent_language=consent.language,
        reason=request.intent,
        claimed_at=outcome.claimed_at,
        proved_at=outcome.status.proved_at,
        level_wanted=outcome.signed.wanted,
        level_reached=outcome.signed.level,
        shortfall=outcome.signed.shortfall,
        shortfall_code=outcome.signed.shortfall_code,
        validation=outcome.validation,
    )
