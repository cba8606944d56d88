"""A signature request as whoever asks writes it down, and the request that it becomes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from pydantic import ValidationError

from rpa.domain.errors import SetupError, SignatureRefusedError
from rpa.domain.model import CaseId, Digest
from rpa.domain.person import Assurance, Person, PersonId
from rpa.domain.signature import Integrity, SignatureLevel
from rpa.domain.signature_request import (
    RequestedSigner,
    RequestId,
    RequestTerms,
    SignatureRequest,
)
from rpa.i18n import Language, _, speaking
from rpa.signing.api import FieldPlan, Place
from rpa.steps.toolbox import Toolbox


@dataclass(frozen=True, slots=True)
class SignerDraft:
    """One signature to ask for."""

    person: PersonId
    deadline: datetime
    stage: int = 1
    """Those of one stage sign in any order; the next stage is asked when all of them have."""
    role: str = ""
    """In what quality they sign, in the document's language."""
    place: Place | None = None
    """Where the signature stands; None lets it stand in the last page's lower margin."""


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """A document and who is to sign it."""

    title: str
    pdf: bytes
    signers: tuple[SignerDraft, ...]
    language: Language = "fr"
    """The document's: its signatures are shown in it."""
    level: SignatureLevel = SignatureLevel.B_LTA
    intent: str = ""
    """What each signer says yes to; a plain sentence in the language if not said."""
    case_id: CaseId | None = None
    assurance: Assurance = Assurance.LOW
    may_delegate: bool = True
    reminder_days: tuple[int, ...] = (3, 1)
    on_failure: Literal["lower", "wait"] = "lower"
    watchers: tuple[PersonId, ...] = ()


def plain_intent(language: Language) -> str:
    """Return what a signer says yes to where the request does not say it."""
    with speaking(language):
        return _("I have read this document, and I sign it.")


def end_of_day(days: int, tools: Toolbox) -> datetime:
    """Return the last minute of the day ``days`` from now, where the organisation is."""
    day = tools.now().astimezone(tools.timezone).date() + timedelta(days=days)
    return datetime.combine(day, time(23, 59), tools.timezone)


def person_who_signs(person_id: PersonId, tools: Toolbox) -> Person:
    """Return a person who can sign with a credential of their own.

    Raises:
        NotFoundError: Nobody has this log-in name.
        SetupError: The account is closed, or has no credential; says so.
    """
    person = tools.register.person(person_id)
    if not person.is_active:
        raise SetupError(
            _("The account of {person} is closed.", person=person_id), code="account-closed"
        )
    if not person.credential:
        raise SetupError(
            _(
                "{person} has no signing credential. Declare one in rpa.yaml under signing and "
                "name it in their account.",
                person=person_id,
            ),
            code="no-credential",
        )
    return person


def prepared_request(draft: RequestDraft, *, by: str, tools: Toolbox) -> SignatureRequest:
    """Return the request of a draft, without a number; its document's fields are made and stored.

    Raises:
        SetupError: A person can't sign, a deadline has passed, stages don't agree.
        SignatureRefusedError: The document is no PDF that can be signed, or is not whole.
    """
    request = _drafted(draft, by=by, tools=tools)
    for watcher in draft.watchers:
        tools.register.person(watcher)
    fields = [
        FieldPlan(signer.field, drawn.place, _tooltip(request, signer, tools))
        for signer, drawn in zip(request.signers, draft.signers, strict=True)
    ]
    certifies = not _is_signed(draft.pdf, tools)
    prepared = tools.signer.prepare(draft.pdf, fields)
    return request.model_copy(
        update={
            "original": tools.store.put(draft.pdf),
            "current": tools.store.put(prepared.pdf),
            "terms": request.terms.model_copy(update={"certifies": certifies}),
        }
    )


def _drafted(draft: RequestDraft, *, by: str, tools: Toolbox) -> SignatureRequest:
    now = tools.now()
    late = next((s for s in draft.signers if s.deadline <= now), None)
    if late is not None:
        raise SetupError(
            _("The deadline of {person} has passed already.", person=late.person),
            code="deadline-passed",
        )
    digest = Digest(hashlib.sha256(draft.pdf).hexdigest())
    try:
        return SignatureRequest(
            request_id=RequestId(""),
            title=draft.title.strip(),
            case_id=draft.case_id,
            original=digest,
            current=digest,
            level=draft.level,
            language=draft.language,
            intent=draft.intent.strip() or plain_intent(draft.language),
            terms=RequestTerms(
                assurance=draft.assurance,
                may_delegate=draft.may_delegate,
                reminder_days=draft.reminder_days,
                on_failure=draft.on_failure,
                watchers=draft.watchers,
            ),
            created_by=by,
            created_at=now,
            signers=_signers(draft, digest),
        )
    except ValidationError as error:
        causes = "; ".join(str(problem["msg"]) for problem in error.errors(include_input=False))
        raise SetupError(
            _("The request is not right: {causes}.", causes=causes), code="request-not-right"
        ) from error


def _signers(draft: RequestDraft, digest: Digest) -> tuple[RequestedSigner, ...]:
    # Part of the document's digest, so that a document that is asked for again gets other fields.
    mark = digest[:8]
    return tuple(
        RequestedSigner(
            position=position,
            stage=signer.stage,
            person=signer.person,
            role=signer.role,
            field=f"Signer{position}-{mark}",
            deadline=signer.deadline,
        )
        for position, signer in enumerate(draft.signers, start=1)
    )


def _tooltip(request: SignatureRequest, signer: RequestedSigner, tools: Toolbox) -> str:
    person = person_who_signs(signer.person, tools)
    with speaking(request.language):
        if not signer.role:
            return _("Signature of {name}", name=person.name)
        return _("Signature of {name}, {role}", name=person.name, role=signer.role)


def _is_signed(pdf: bytes, tools: Toolbox) -> bool:
    found = tools.validator.validate(pdf, at=tools.now()).integrity
    if found not in (Integrity.UNSIGNED, Integrity.VALID):
        raise SignatureRefusedError(
            _(
                "The document can't be put up for signature: its integrity is {integrity}. "
                "See `rpa verify`.",
                integrity=found.value,
            ),
            code="not-whole",
        )
    return found is Integrity.VALID
