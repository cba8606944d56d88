"""A process: what an organisation does again and again, as its folder declares it."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from rpa.domain.form import FormDefinition
from rpa.domain.model import Bilingual, ProcessId, Value
from rpa.domain.paperless import Touchpoint
from rpa.domain.signature import SignatureLevel
from rpa.domain.transfer import TransferRule


class Stop(StrEnum):
    """The stops a case of the process makes, after it is received and recognized."""

    DECIDE = "decide"
    FILE = "file"
    COMPOSE = "compose"
    SIGN = "sign"
    ARCHIVE = "archive"


class SignatureSpec(Value):
    """Who signs what goes out."""

    by: Literal["organization", "person"] = "organization"
    """``organization``: sealed by the machine. ``person``: waits for a person's own signature."""
    credential: str
    """Name of the credential under ``signing/`` of the home folder, e.g. ``seal``."""
    level: SignatureLevel = SignatureLevel.B_T
    reason: Bilingual | None = None
    field: str = "Signature1"


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
