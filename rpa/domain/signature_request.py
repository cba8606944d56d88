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
from typing import Annotated, Final, Literal, NewType, Self

from pydantic import AwareDatetime, Field, SecretStr, model_validator

from rpa.domain.model import CaseId, Digest, Value
from rpa.domain.person import Assurance, IdentityEvidence, PersonId
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
    asked_at: AwareDatetime | None = None
    """When their stage came, or it was delegated to them."""
    reminders: tuple[AwareDatetime, ...] = ()
    """When they were to be reminded; the notices say which reminders went out."""
    opened: Digest | None = None
    """The revision that they opened last."""
    opened_at: AwareDatetime | None = None
    signed_at: AwareDatetime | None = None
    record: Digest | None = None
    """The :class:`SigningRecord` of their signature, in the store."""

    @property
    def is_due(self) -> bool:
        """True while their signature is still wanted, now or later."""
        return self.state in (SignerState.WAITING, SignerState.ASKED)


MOST_REMINDER_DAYS: Final = 60
ReminderDays = tuple[Annotated[int, Field(ge=1, le=MOST_REMINDER_DAYS)], ...]


class RequestTerms(Value):
    """What holds for everybody who signs a request."""

    assurance: Assurance = Assurance.LOW
    """How sure it must be who signs, at least."""
    may_delegate: bool = True
    reminder_days: ReminderDays = (3, 1)
    """So many days before a deadline, a reminder goes out."""
    on_failure: Literal["lower", "wait"] = "lower"
    """Where an authority does not answer: sign at a lower level, or not at all."""
    watchers: tuple[PersonId, ...] = ()
    """Who is told how it ends, besides the signers and whoever asked."""
    certifies: bool = True
    """The first signature certifies; False for a document that came signed."""


class SignatureRequest(Value):
    """One document on its way through its signers."""

    request_id: RequestId
    title: Annotated[str, Field(min_length=1, max_length=200)]
    case_id: CaseId | None = None
    original: Digest
    """The document as it was given."""
    current: Digest
    """Its newest revision: what the next signer reads and signs."""
    level: SignatureLevel
    language: Language
    intent: str
    """What each signer says yes to, in the request's language."""
    terms: RequestTerms = RequestTerms()
    created_by: str
    """``person:<id>`` or ``worker:…``: who is told how it ends."""
    created_at: AwareDatetime
    ended_at: AwareDatetime | None = None
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

    @property
    def asker(self) -> PersonId | None:
        """The person who asked; None where a worker did."""
        kind, _colon, name = self.created_by.partition(":")
        return PersonId(name) if kind == "person" else None

    @property
    def asked(self) -> tuple[RequestedSigner, ...]:
        """The signers who are waited for now."""
        return tuple(s for s in self.signers if s.state is SignerState.ASKED)

    @property
    def next_deadline(self) -> AwareDatetime | None:
        """The first deadline that is not met yet."""
        return min((s.deadline for s in self.signers if s.is_due), default=None)

    def concerns(self, person: PersonId) -> bool:
        """Say whether ``person`` may read the document: they sign, asked, or are told of its end.

        Who delegated their signature is not concerned any more.
        """
        return person in {*(s.person for s in self.signers), self.asker, *self.terms.watchers}

    @property
    def told_of_end(self) -> tuple[PersonId, ...]:
        """Everybody who must know how it ends: whoever asked, was ever asked, or watches."""
        reached = [s for s in self.signers if s.asked_at is not None]
        asked = [person for s in reached for person in (*s.asked_of, s.person)]
        asker = [self.asker] if self.asker else []
        return tuple(dict.fromkeys([*asker, *asked, *self.terms.watchers]))


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
    shortfall_code: str = ""
    validation: Digest
    """The validation report made right after, in the store."""
