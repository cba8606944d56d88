"""Builders around signature requests: people, drafts, consents, and a signer that knows fields."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from rpa.domain.errors import ApplicationError
from rpa.domain.model import Digest
from rpa.domain.person import IdentityEvidence, Person, PersonId, Proof
from rpa.domain.signature import (
    Coverage,
    Indication,
    Integrity,
    SignatureLevel,
    SignatureStatus,
    Trust,
    ValidationReport,
    worst_indication,
    worst_integrity,
)
from rpa.domain.signature_request import Consent, RequestId, SignatureRequest
from rpa.notices.api import Mail
from rpa.signing.api import (
    FieldPlan,
    Pkcs12Credential,
    PreparedDocument,
    SignedDocument,
    SigningRequest,
)
from rpa.steps.signature_requests import RequestDraft, SignerDraft, document_to_sign
from rpa.steps.toolbox import Toolbox

_SIGNED: Final = re.compile(rb"\[(\S+) signed with (\S+)\]")


@dataclass
class FieldSigner:
    """Signs by writing field and key behind the document; a document with ``torn`` is broken."""

    failures: list[ApplicationError] = field(default_factory=list)
    reached: SignatureLevel | None = None
    """What signatures reach where an authority is down."""
    requests: list[SigningRequest] = field(default_factory=list)

    def prepare(
        self, pdf: bytes, fields: Sequence[FieldPlan], *, password: str | None = None
    ) -> PreparedDocument:
        """Write the fields' names behind the document."""
        del password
        return PreparedDocument(pdf + "".join(f"<{plan.name}>" for plan in fields).encode())

    def sign(self, request: SigningRequest) -> SignedDocument:
        """Write field and key behind the document."""
        self.requests.append(request)
        if self.failures:
            raise self.failures.pop(0)
        assert isinstance(request.credential, Pkcs12Credential)  # noqa: S101 - what tests use
        made = f"[{request.field} signed with {request.credential.path}]".encode()
        level = self.reached or request.level
        if level is request.level:
            return SignedDocument(request.pdf + made, level, request.level)
        return SignedDocument(
            request.pdf + made,
            level,
            request.level,
            shortfall="No answer at http://tsa.",
            shortfall_code="timestamp-unavailable",
        )

    def validate(self, pdf: bytes, *, at: datetime) -> ValidationReport:
        """Pass what :meth:`sign` made, but with a key named ``stranger``."""
        found = _SIGNED.findall(pdf)
        statuses = tuple(_status(name.decode(), key.decode(), pdf, at) for name, key in found)
        return ValidationReport(
            document=Digest("0" * 64),
            checked_at=at,
            integrity=Integrity.INVALID if b"torn" in pdf else worst_integrity(statuses),
            indication=worst_indication(statuses),
            signatures=statuses,
        )


def _status(name: str, key: str, pdf: bytes, at: datetime) -> SignatureStatus:
    is_known = key != "stranger"
    return SignatureStatus(
        field=name,
        signer=key,
        integrity=Integrity.INVALID if b"torn" in pdf else Integrity.VALID,
        trust=Trust.TRUSTED if is_known else Trust.UNKNOWN_ISSUER,
        indication=Indication.TOTAL_PASSED if is_known else Indication.INDETERMINATE,
        sub_indication="" if is_known else "NO_CERTIFICATE_CHAIN_FOUND",
        coverage=Coverage.REVISION,
        proved_at=at,
        level=SignatureLevel.B_T,
    )


@dataclass
class KeptMail:
    """A mail server that keeps what it takes, and fails as it is told."""

    failures: list[Exception] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        """Keep the mail."""
        if self.failures:
            raise self.failures.pop(0)
        self.mails.append(mail)


def a_person(name: str, **said: Any) -> Person:
    """Return a person whose key bears their own name."""
    known = {"name": name.title(), "email": f"{name}@ville.example", "credential": name}
    return Person.model_validate({"person_id": name, **known, **said})


def add_people(tools: Toolbox, *names: str) -> None:
    """Open accounts."""
    for name in names:
        tools.register.add_person(a_person(name), actor="test")


def a_draft(tools: Toolbox, *signers: str, **said: Any) -> RequestDraft:
    """Return a draft for ``signers``, each ``name`` or ``name:stage``; ten days are given."""
    asked = []
    for signer in signers:
        name, _colon, stage = signer.partition(":")
        deadline = tools.now() + timedelta(days=10)
        asked.append(SignerDraft(PersonId(name), deadline, stage=int(stage or 1)))
    known = {"title": "Bail", "pdf": b"%PDF lease ", "signers": tuple(asked)}
    return RequestDraft(**{**known, **said})


def a_consent(request: SignatureRequest, person: str, tools: Toolbox, **changed: Any) -> Consent:
    """Return the yes of a person to the newest revision, proved by a password now."""
    identity = IdentityEvidence(
        person=PersonId(person), proofs=(Proof.PASSWORD,), at=tools.now(), session="s1"
    )
    consent = Consent(
        document=request.current,
        intent=request.intent,
        language=request.language,
        identity=identity,
    )
    return consent.model_copy(update=changed)


def opened_consent(request_id: RequestId, person: str, tools: Toolbox) -> Consent:
    """Open the document as a person does, and return their yes to it."""
    request, _pdf = document_to_sign(request_id, PersonId(person), tools)
    return a_consent(request, person, tools)


def credential_file(folder: Path) -> Any:
    """Return what finds the credentials of a development PKI by their names."""

    def find(name: str, *, typed: str | None = None) -> Pkcs12Credential:
        phrase = typed or (folder / f"{name}.pass").read_text(encoding="utf-8")
        return Pkcs12Credential(folder / f"{name}.p12", phrase)

    return find
