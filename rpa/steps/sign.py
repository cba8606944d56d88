"""Step 6, sign: the organisation's seal at once, or a person's own signature when they come."""

from rpa.domain.case import Case, CaseState
from rpa.domain.document import DocumentRef, DocumentRole, MediaType
from rpa.domain.errors import SetupError, SignatureRefusedError
from rpa.domain.model import CaseId
from rpa.domain.process import SignatureSpec
from rpa.domain.signature import Indication
from rpa.domain.words import state_word
from rpa.i18n import _
from rpa.register.register import Entry
from rpa.register.rows import Lease
from rpa.signing.api import SigningRequest
from rpa.steps.closing import closed
from rpa.steps.language import in_house_language
from rpa.steps.toolbox import Toolbox


def sign(lease: Lease, tools: Toolbox) -> Lease:
    """Seal the letter of a composed case, or let it wait for its signer.

    Needs the letter; leaves the signed PDF and its validation report. A second run signs again;
    only the document named in the case counts.

    Raises:
        SignatureRefusedError: The signed letter does not validate.
        ToolUnavailableError: The key or the timestamp authority can't be had.
    """
    spec = _spec(lease, tools)
    if spec.by == "person":
        why = _("Waits for the signature of {credential}.", credential=spec.credential)
        case = lease.case.moved(CaseState.AWAITING_SIGNATURE, at=tools.now(), because=why)
        entry = Entry("signature-requested", {"credential": spec.credential})
        return tools.register.save(lease, case, entry)
    return _signed(lease, spec, spec.credential, tools)


@in_house_language
def sign_as(case_id: CaseId, credential: str, *, person: str, tools: Toolbox) -> Case:
    """Sign a waiting case's letter as a person, with their credential.

    Raises:
        SetupError: The case does not wait for a signature, or for another's.
        SignatureRefusedError, ToolUnavailableError: As :func:`sign`.
    """
    lease = tools.register.hold(case_id, owner=f"person:{person}")
    try:
        _must_wait(lease)
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
        SetupError: The case does not wait for a signature.
    """
    lease = tools.register.hold(case_id, owner=f"person:{person}")
    try:
        _must_wait(lease)
        case = lease.case.moved(CaseState.DECLINED, at=tools.now(), because=reason)
        entry = Entry("declined", {})
        return tools.register.save(lease, case, entry, closed(case, tools)).case
    finally:
        tools.register.release(lease)


def _must_wait(lease: Lease) -> None:
    if lease.case.state is not CaseState.AWAITING_SIGNATURE:
        raise SetupError(
            _(
                "Case {case} is {state}; it does not wait for a signature.",
                case=lease.case.case_id,
                state=state_word(lease.case.state),
            )
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
        )
    )
    signed = made.pdf
    report = tools.validator.validate(signed, at=tools.now())
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
    kept = _kept(signed, report.model_dump_json(indent=1).encode(), tools)
    case = lease.case.moved(
        CaseState.SIGNED,
        at=tools.now(),
        because=_(
            "Signed with {credential}, level {level}.", credential=credential, level=spec.level
        ),
        adding=kept,
    )
    data = {"signed": kept[0].digest, "credential": credential, "level": spec.level.value}
    return tools.register.save(lease, case, Entry("signed", data))


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
