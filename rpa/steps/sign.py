"""Step 6, sign: the organisation's seal at once, or persons' own signatures when they come."""

from rpa.domain.case import Case, CaseState
from rpa.domain.document import DocumentRef, DocumentRole, MediaType
from rpa.domain.errors import SetupError, SignatureRefusedError
from rpa.domain.model import CaseId
from rpa.domain.process import ProcessDefinition, SignatureSpec
from rpa.domain.signature import Indication, ValidationReport
from rpa.domain.signature_request import RequestState, SignatureRequest
from rpa.domain.words import state_word
from rpa.i18n import _
from rpa.register.register import Entry
from rpa.register.rows import Lease
from rpa.signing.api import SignedDocument, SigningRequest
from rpa.steps.closing import closed
from rpa.steps.language import in_house_language
from rpa.steps.signature_requests.asking import create_request
from rpa.steps.signature_requests.draft import RequestDraft, SignerDraft, end_of_day
from rpa.steps.toolbox import Toolbox


def sign(lease: Lease, tools: Toolbox) -> Lease:
    """Seal the letter of a composed case, or let it wait for its signers.

    Needs the letter; leaves the signed PDF and its validation report, or a signature request. A
    second run signs again, and only the document named in the case counts; it asks nobody twice.

    Raises:
        SignatureRefusedError: The letter can't be signed, or does not validate then.
        SetupError, NotFoundError: Somebody who is to sign has no account or no credential.
        ToolUnavailableError: The key or, where the process says to wait, an authority can't be had.
    """
    spec = _spec(lease, tools)
    if spec.by == "organization":
        return _signed(lease, spec, spec.credential, tools)
    if spec.signers:
        request = _request(lease, spec, tools)
        why = _("Waits for the signatures of request {request}.", request=request.request_id)
        entry = Entry("signature-requested", {"request": request.request_id})
    else:
        why = _("Waits for the signature of {credential}.", credential=spec.credential)
        entry = Entry("signature-requested", {"credential": spec.credential})
    case = lease.case.moved(CaseState.AWAITING_SIGNATURE, at=tools.now(), because=why)
    return tools.register.save(lease, case, entry)


def _request(lease: Lease, spec: SignatureSpec, tools: Toolbox) -> SignatureRequest:
    """Return the request for a case's letter: the open one, or a new one."""
    case = lease.case
    known = tools.register.request_of_case(case.case_id)
    if known is not None and known.state is RequestState.OPEN:
        return known
    process = tools.catalog.get(case.process).definition
    letter = tools.store.get(case.document(DocumentRole.LETTER).digest)
    draft = _draft(case.case_id, spec, process, letter, tools=tools)
    return create_request(draft, by=tools.actor, tools=tools)


def _draft(
    case_id: CaseId,
    spec: SignatureSpec,
    process: ProcessDefinition,
    letter: bytes,
    *,
    tools: Toolbox,
) -> RequestDraft:
    language = process.language
    return RequestDraft(
        title=f"{process.name.into(language)} {case_id}",
        pdf=letter,
        signers=tuple(
            SignerDraft(
                person=signer.person,
                deadline=end_of_day(signer.days, tools),
                stage=signer.stage,
                role=signer.role.into(language) if signer.role else "",
            )
            for signer in spec.signers
        ),
        language=language,
        level=spec.level,
        intent=spec.intent.into(language) if spec.intent else "",
        case_id=case_id,
        assurance=spec.assurance,
        may_delegate=spec.may_delegate,
        reminder_days=spec.reminders,
        on_failure=spec.on_failure,
        watchers=spec.told,
    )


@in_house_language
def sign_as(case_id: CaseId, credential: str, *, person: str, tools: Toolbox) -> Case:
    """Sign a waiting case's letter as a person, with their credential.

    Raises:
        SetupError: The case does not wait for a signature, or for another's, or has a request.
        SignatureRefusedError, ToolUnavailableError: As :func:`sign`.
    """
    lease = tools.register.hold(case_id, owner=f"person:{person}")
    try:
        _must_wait(lease, tools)
        spec = _spec(lease, tools)
        if spec.credential != credential:
            raise SetupError(
                _(
                    "Case {case} waits for {expected}, not for {credential}.",
                    case=case_id,
                    expected=spec.credential,
                    credential=credential,
                ),
                code="another-signer",
            )
        return _signed(lease, spec, credential, tools).case
    finally:
        tools.register.release(lease)


@in_house_language
def decline(case_id: CaseId, reason: str, *, person: str, tools: Toolbox) -> Case:
    """Decline to sign, with the reason; the case ends.

    Raises:
        SetupError: The case does not wait for a signature, or has a request.
    """
    lease = tools.register.hold(case_id, owner=f"person:{person}")
    try:
        _must_wait(lease, tools)
        case = lease.case.moved(CaseState.DECLINED, at=tools.now(), because=reason)
        entry = Entry("declined", {})
        return tools.register.save(lease, case, entry, closed(case, tools)).case
    finally:
        tools.register.release(lease)


def _must_wait(lease: Lease, tools: Toolbox) -> None:
    case = lease.case
    if case.state is not CaseState.AWAITING_SIGNATURE:
        raise SetupError(
            _(
                "Case {case} is {state}; it does not wait for a signature.",
                case=case.case_id,
                state=state_word(case.state),
            )
        )
    request = tools.register.request_of_case(case.case_id)
    if request is not None:
        raise SetupError(
            _(
                "The letter of case {case} is signed by request {request}: see `rpa request`.",
                case=case.case_id,
                request=request.request_id,
            ),
            code="signed-by-request",
        )


def _spec(lease: Lease, tools: Toolbox) -> SignatureSpec:
    spec = tools.catalog.get(lease.case.process).definition.signature
    if spec is None:  # the definition's own check makes this impossible
        raise AssertionError(lease.case.process)
    return spec


def _signed(lease: Lease, spec: SignatureSpec, credential: str, tools: Toolbox) -> Lease:
    process = tools.catalog.get(lease.case.process).definition
    letter = lease.case.document(DocumentRole.LETTER)
    made = tools.signer.sign(
        SigningRequest(
            pdf=tools.store.get(letter.digest),
            credential=tools.credential(credential),
            field=spec.field,
            level=spec.level,
            reason=spec.reason.into(process.language) if spec.reason else "",
            location=tools.organization,
            signed_at=tools.now().astimezone(tools.timezone),
            language=process.language,
            wait=spec.on_failure == "wait",
        )
    )
    report = tools.validator.validate(made.pdf, at=tools.now())
    _must_pass(report)
    kept = _kept(made.pdf, report.model_dump_json(indent=1).encode(), tools)
    why = _("Signed with {credential}, level {level}.", credential=credential, level=made.level)
    case = lease.case.moved(CaseState.SIGNED, at=tools.now(), because=why, adding=kept)
    data = {"signed": kept[0].digest, "credential": credential, **_level_told(made)}
    return tools.register.save(lease, case, Entry("signed", data))


def _level_told(made: SignedDocument) -> dict[str, str]:
    return {
        "level": made.level.value,
        "wanted": made.wanted.value,
        "shortfall": made.shortfall_code,
    }


def _must_pass(report: ValidationReport) -> None:
    if report.indication is not Indication.TOTAL_PASSED:
        reasons = ", ".join(status.sub_indication for status in report.signatures)
        raise SignatureRefusedError(
            _(
                "The signed letter does not validate ({indication}: {reasons}). "
                "Check the key's certificate and signing.trust in rpa.yaml.",
                indication=report.indication.value,
                reasons=reasons,
            ),
            code="not-valid",
        )


def _kept(signed: bytes, report: bytes, tools: Toolbox) -> tuple[DocumentRef, DocumentRef]:
    return (
        DocumentRef(
            role=DocumentRole.SIGNED,
            digest=tools.store.put(signed),
            media_type=MediaType.PDF,
            name="letter-signed.pdf",
        ),
        DocumentRef(
            role=DocumentRole.VALIDATION,
            digest=tools.store.put(report),
            media_type=MediaType.JSON,
            name="validation.json",
        ),
    )
