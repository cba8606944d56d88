"""Signature requests: who is asked to sign a document, in which order, until when.

A request's signers stand in stages. Those of one stage may sign in any order; a stage is asked when
everybody of the stage before has signed. One stage is *in parallel*, one signer in each stage is
*in order*, anything between is a mix.

::

    open ──► completed      everybody signed
      ├────► declined       somebody said no, with a reason
      ├────► expired        a deadline passed
      └────► cancelled      whoever asked took it back
"""

from enum import StrEnum
from typing import Annotated, NewType, Self

from pydantic import AwareDatetime, Field, SecretStr, model_validator

from rpa.domain.model import CaseId, Digest, Value
from rpa.domain.person import IdentityEvidence, PersonId
from rpa.domain.signature import SignatureLevel
from rpa.i18n import Language

RequestId = NewType("RequestId", str)
"""A request's number such as ``S-2026-000042``."""


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """True when nobody can sign any more."""
        return self is not RequestState.OPEN


class SignerState(StrEnum):
    """Where one signer stands."""

    WAITING = "waiting"
    """Their stage has not come."""
    ASKED = "asked"
    SIGNED = "signed"
    DECLINED = "declined"


class RequestedSigner(Value):
    """One signature that is asked for."""

    position: Annotated[int, Field(ge=1, le=50)]
    stage: Annotated[int, Field(ge=1, le=50)]
    person: PersonId
    """Who is to sign now: the person asked, or the one they delegated to."""
    role: str = ""
    """In what quality they sign, in the request's language."""
    field: str
    deadline: AwareDatetime
    state: SignerState = SignerState.WAITING
    asked_of: tuple[PersonId, ...] = ()
    """Who was asked before and delegated, first one first."""
    signed_at: AwareDatetime | None = None
    record: Digest | None = None
    """The :class:`SigningRecord` of their signature, in the store."""


class SignatureRequest(Value):
    """One document on its way through its signers."""

    request_id: RequestId
    title: str
    case_id: CaseId | None = None
    original: Digest
    """The document as it was given."""
    current: Digest
    """Its newest revision: what the next signer reads and signs."""
    level: SignatureLevel
    language: Language
    intent: str
    """What each signer says yes to, in the request's language."""
    created_by: str
    """``person:<id>`` or ``worker:…``: who is told how it ends."""
    created_at: AwareDatetime
    state: RequestState = RequestState.OPEN
    reason: str = ""
    """Why it was declined or cancelled, in the person's words; shown, never logged."""
    signers: tuple[RequestedSigner, ...]
    version: int = 0
    """Counts the changes; saving compares and sets it."""

    @model_validator(mode="after")
    def _signers_agree(self) -> Self:
        positions = [signer.position for signer in self.signers]
        if not positions or positions != list(range(1, len(positions) + 1)):
            msg = "a request needs signers, numbered from 1"
            raise ValueError(msg)
        stages = {signer.stage for signer in self.signers}
        if stages != set(range(1, len(stages) + 1)):
            msg = "stages are numbered from 1 without a gap"
            raise ValueError(msg)
        if len({signer.field for signer in self.signers}) != len(positions):
            msg = "each signer needs a field of their own"
            raise ValueError(msg)
        return self

    def signer_for(self, person: PersonId) -> RequestedSigner | None:
        """Return the first signature that ``person`` is asked for now, or None."""
        asked = (s for s in self.signers if s.person == person and s.state is SignerState.ASKED)
        return next(asked, None)


class Consent(Value):
    """That a person said yes to exactly this document, knowing what it means."""

    document: Digest
    """The bytes they opened: the request's ``current`` when they did."""
    intent: str
    """The words that they said yes to, as shown."""
    language: Language
    """The language that they were shown in."""
    identity: IdentityEvidence
    key_passphrase: SecretStr | None = None
    """Opens their own key, where the organisation does not keep its passphrase."""


class SigningRecord(Value):
    """What a court asks for about one signature; kept in the store, its digest in the ledger."""

    request: RequestId
    case_id: CaseId | None
    field: str
    role: str
    digest_before: Digest
    digest_after: Digest
    identity: IdentityEvidence
    signer: str
    """The certificate's subject."""
    certificate_sha256: Digest
    intent: str
    intent_language: Language
    reason: str
    claimed_at: AwareDatetime
    proved_at: AwareDatetime | None
    level_wanted: SignatureLevel
    level_reached: SignatureLevel
    shortfall: str = ""
    validation: Digest
    """The validation report made right after, in the store."""
