"""A process: what an organisation does again and again, as its folder declares it."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from rpa.domain.form import FormDefinition
from rpa.domain.model import Bilingual, ProcessId, Value
from rpa.domain.paperless import Touchpoint
from rpa.domain.person import PERSON_PATTERN, Assurance, PersonId
from rpa.domain.signature import SignatureLevel
from rpa.domain.signature_request import ReminderDays
from rpa.domain.transfer import TransferRule


class Stop(StrEnum):
    """The stops a case of the process makes, after it is received and recognized."""

    DECIDE = "decide"
    FILE = "file"
    COMPOSE = "compose"
    SIGN = "sign"
    ARCHIVE = "archive"


class SignerSpec(Value):
    """One person who signs what goes out."""

    person: Annotated[PersonId, Field(pattern=PERSON_PATTERN)]
    role: Bilingual | None = None
    """In what quality they sign."""
    stage: Annotated[int, Field(ge=1, le=50)] = 1
    """Those of one stage sign in any order; the next is asked when all of them have."""
    days: Annotated[int, Field(ge=1, le=365)] = 5
    """Their deadline: the end of the day so many days after the letter is put up."""


class SignatureSpec(Value):
    """Who signs what goes out."""

    by: Literal["organization", "person"] = "organization"
    """``organization``: sealed by the machine. ``person``: waits for persons' own signatures."""
    credential: str = ""
    """Name of the credential in ``rpa.yaml``, e.g. ``seal``; the one person's, without signers."""
    signers: tuple[SignerSpec, ...] = ()
    """Who is asked to sign, with the credentials of their own accounts."""
    level: SignatureLevel = SignatureLevel.B_T
    on_failure: Literal["lower", "wait"] = "lower"
    """Where an authority does not answer: sign at a lower level, or wait for it."""
    reason: Bilingual | None = None
    field: str = "Signature1"
    intent: Bilingual | None = None
    """What signers say yes to; a plain sentence if not said."""
    reminders: ReminderDays = (3, 1)
    """So many days before a deadline, a reminder goes out."""
    assurance: Assurance = Assurance.LOW
    """How sure it must be who signs, at least."""
    may_delegate: bool = True
    told: tuple[PersonId, ...] = ()
    """Who is told how it ends, besides the signers."""

    @model_validator(mode="after")
    def _somebody_signs(self) -> Self:
        if self.by == "organization" and (self.signers or not self.credential):
            msg = "by: organization goes with a credential, and without signers"
            raise ValueError(msg)
        if bool(self.signers) == bool(self.credential):
            msg = "by: person goes with signers, or with one person's credential"
            raise ValueError(msg)
        stages = {signer.stage for signer in self.signers}
        if stages != set(range(1, len(stages) + 1)):
            msg = "stages are numbered from 1 without a gap"
            raise ValueError(msg)
        return self


class FilingSpec(Value):
    """Where the bot files, and how hard the target may be worked."""

    target: str
    """Name of the target in ``targets.yaml`` of the home folder: address, credentials."""
    concurrency: Annotated[int, Field(ge=1, le=50)] = 1
    """Bot sessions open on the target at the same time, over all workers."""
    grace_s: Annotated[float, Field(ge=0, le=3600)] = 10.0
    """After a commit without an answer, how long the target may still be storing it: a search that
    finds nothing is believed only after this time."""


class Baseline(Value):
    """What one case cost on paper: declared by the organisation, so every gain is an estimate."""

    minutes: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    pages: Annotated[int, Field(ge=0)] = 0
    dollars_per_hour: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    declared_by: str = ""
    declared_on: date | None = None


class ProcessDefinition(Value):
    """A process folder's ``process.yaml`` with its ``form.yaml``."""

    process_id: ProcessId
    name: Bilingual
    owner: str
    language: Literal["fr", "en"] = "fr"
    """The language of what goes out."""
    stops: tuple[Stop, ...]
    filing: FilingSpec | None = None
    signature: SignatureSpec | None = None
    keep_years: Annotated[int, Field(ge=0, le=100)]
    retention_rule: str = ""
    """The rule of the organisation's retention schedule: shown in the transfer record."""
    transfer: TransferRule | None = None
    """What written rules say of the paper; without them it must be kept."""
    evidence_days: Annotated[int, Field(ge=0, le=36_500)] | None = None
    """Days after which a settled case's exhibits are purged; kept as long as the case if not
    said."""
    output: Literal["electronic", "print", "none"] = "electronic"
    """How the letter reaches its reader."""
    paper_steps: tuple[Touchpoint, ...] = ()
    """Touchpoints that still need paper, whatever the software did."""
    baseline: Baseline = Baseline()
    form: FormDefinition
    version: str = "1"

    @model_validator(mode="after")
    def _stops_agree(self) -> Self:
        order = [stop for stop in Stop if stop in self.stops]
        if list(self.stops) != order or Stop.DECIDE not in order or Stop.ARCHIVE not in order:
            msg = f"stops must stand in the order {', '.join(Stop)}; decide and archive always"
            raise ValueError(msg)
        for stop, said in ((Stop.FILE, self.filing), (Stop.SIGN, self.signature)):
            if (stop in self.stops) != (said is not None):
                msg = f"the stop {stop!r} and its section go together"
                raise ValueError(msg)
        if Stop.SIGN in self.stops and Stop.COMPOSE not in self.stops:
            msg = "sign needs compose: there is nothing to sign"
            raise ValueError(msg)
        return self

    def next_stop(self, after: Stop | None) -> Stop | None:
        """Return the stop that follows ``after`` (None: the first)."""
        rest = self.stops if after is None else self.stops[self.stops.index(after) + 1 :]
        return rest[0] if rest else None
