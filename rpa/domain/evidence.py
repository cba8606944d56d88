"""What the figures are computed from: closed cases, people's word, counts and the inventory.

Closed cases come by the hundred thousand, so they are slim records read straight from the ledger's
JSON; the rest is rare and is checked field by field.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import AwareDatetime, Field, ValidationError, model_validator

from rpa.domain.case import CaseState
from rpa.domain.errors import IntegrityError
from rpa.domain.model import Bilingual, CaseId, ProcessId, Value
from rpa.domain.paperless import Evidence, Level, Medium, Touchpoint, level_of
from rpa.domain.process import Baseline
from rpa.i18n import _

Media = tuple[Medium, ...]
"""One medium for each :class:`Touchpoint`, in the order of the enumeration."""

POINTS: Final = tuple(Touchpoint)
ATTESTED: Final = "attested:"
"""What the proof begins with when a named person's word stands for an observation."""

_P = TypeVar("_P")
_NAMES: Final = tuple(point.value for point in POINTS)
_MEDIA: Final[Mapping[str, Medium]] = {medium.value: medium for medium in Medium}
_OUTCOMES: Final[Mapping[str, CaseState]] = {state.value: state for state in CaseState}
_UNTOLD: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """One case at its end, as its last ledger entry tells it."""

    seq: int
    """Number of the ledger entry ``closed``."""
    closed_at: datetime
    case_id: CaseId
    process: str
    """Empty when the form was never known."""
    version: str
    outcome: CaseState
    channel: str
    received_at: datetime
    media: Media
    proofs: tuple[str, ...]
    """One for each medium: ``entry:12``, ``document:<digest>`` or ``attested:<name>``."""
    is_attested: bool
    """True when an applicable touchpoint rests on a person's word."""
    fields: int
    """Fields read by the machine."""
    asked: int
    """Fields shown to a reviewer."""
    corrected: int
    """Fields a reviewer changed."""
    pages: int

    @property
    def level(self) -> Level:
        """How far the case was without paper."""
        return level_of_media(self.media)

    @property
    def is_straight_through(self) -> bool:
        """True when the case was archived without a field being asked of a person."""
        return self.outcome is CaseState.ARCHIVED and not self.asked and not self.corrected

    def touchpoints(self) -> dict[Touchpoint, Evidence]:
        """Return each touchpoint with its medium and proof."""
        pairs = zip(POINTS, self.media, self.proofs, strict=True)
        return {point: Evidence(medium=medium, proof=proof) for point, medium, proof in pairs}


class Attestation(Value):
    """A named person's dated word on what the register does not see.

    With ``cases``, it tells of so many cases that passed outside the register. Without, it tells
    how touchpoints of the register's own cases were passed in that period.
    """

    seq: int
    at: AwareDatetime
    process: str
    by: Annotated[str, Field(min_length=1)]
    on: date
    touchpoints: dict[Touchpoint, Medium]
    cases: Annotated[int, Field(ge=0)] = 0
    period_start: date
    period_end: date

    @property
    def media(self) -> Media:
        """One medium for each touchpoint; what is not told is unknown."""
        return tuple(self.touchpoints.get(point, Medium.UNKNOWN) for point in POINTS)

    @model_validator(mode="after")
    def _period_runs_forward(self) -> Self:
        return _in_order(self, self.period_start, self.period_end)


class IndependentCount(Value):
    """How many cases a process had in a period, counted by someone else than the register."""

    seq: int
    at: AwareDatetime
    process: str
    by: Annotated[str, Field(min_length=1)]
    source: str
    """Where it was counted: ``numbers given by the legacy application``, ``mail log``."""
    cases: Annotated[int, Field(ge=0)]
    period_start: date
    period_end: date

    @model_validator(mode="after")
    def _period_runs_forward(self) -> Self:
        return _in_order(self, self.period_start, self.period_end)


class Target(Value):
    """The share of processes that should be without paper, by when, and who says so."""

    percent: Annotated[Decimal, Field(ge=0, le=100)] = Decimal(75)
    by: date | None = None
    source: Bilingual = Bilingual(
        fr="Stratégie de transformation numérique gouvernementale 2019-2023",
        en="Government digital transformation strategy 2019-2023",
    )


class InventoryProcess(Value):
    """One process of the organisation, on paper or not."""

    process_id: Annotated[ProcessId, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
    name: Bilingual
    owner: str
    version: str = "1"
    valid_from: date
    valid_to: date | None = None
    """The last day on which the process existed."""
    excluded: Bilingual | None = None
    """Why the process is not counted; the reason is published."""
    replaces: tuple[ProcessId, ...] = ()
    """The processes that this one was split from or merged out of."""
    cases_per_year: Annotated[int, Field(ge=0)] | None = None
    """Declared, for processes that nobody counts; an estimate."""
    baseline: Baseline = Baseline()

    def exists_on(self, day: date) -> bool:
        """Say whether the organisation has this process on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Inventory(Value):
    """All the processes of an organisation, those still on paper included, frozen for a period."""

    organization: Bilingual
    period: str
    valid_from: date
    target: Target = Target()
    processes: tuple[InventoryProcess, ...] = ()
    digest: str = ""
    """SHA-256 of the bytes it was read from; empty when it never was a file."""

    def counted_on(self, day: date) -> tuple[InventoryProcess, ...]:
        """Return the processes that exist on ``day`` and are not excluded."""
        return tuple(one for one in self.processes if one.exists_on(day) and one.excluded is None)

    @model_validator(mode="after")
    def _each_process_once(self) -> Self:
        seen = [process.process_id for process in self.processes]
        for process_id in seen:
            if seen.count(process_id) > 1:
                msg = f"the process {process_id!r} stands twice in the inventory"
                raise ValueError(msg)
        return self


class WaitingCase(Value):
    """A case that is not closed: where it stands, and since when."""

    process: str
    state: CaseState
    since: AwareDatetime


@cache
def level_of_media(media: Media) -> Level:
    """Return the level of a case whose touchpoints were passed by ``media``."""
    return level_of(dict(zip(POINTS, media, strict=True)))


def closed_case(seq: int, at: str, case_id: str, data: str) -> ClosedCase:
    """Read a ledger entry ``closed``.

    A touchpoint that is not told, or told in a word we do not know, is ``unknown``: it counts as
    paper.

    Raises:
        IntegrityError: The entry is not what a closed case's entry looks like.
    """
    try:
        told = json.loads(data)
        points = told["touchpoints"]
        pairs = [points.get(name, _UNTOLD) for name in _NAMES]
        media = _media(tuple([pair.get("medium", "") for pair in pairs]))
        proofs = tuple([pair.get("proof", "") for pair in pairs])
        return ClosedCase(
            seq,
            datetime.fromisoformat(at),
            CaseId(case_id),
            told["process"] or "",
            told["version"] or "",
            _OUTCOMES[told["outcome"]],
            told["channel"],
            datetime.fromisoformat(told["received_at"]),
            media,
            proofs,
            ATTESTED in data and _on_word(media, proofs),
            told["fields"],
            told["asked"],
            told["corrected"],
            told["pages"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise _unreadable(seq, "closed") from exc


def attestation(seq: int, at: str, data: str) -> Attestation:
    """Read a ledger entry ``attested``.

    Raises:
        IntegrityError: The entry is not what an attestation looks like.
    """
    try:
        return Attestation.model_validate({**_object(data), "seq": seq, "at": at})
    except (ValidationError, TypeError, ValueError) as exc:
        raise _unreadable(seq, "attested") from exc


def independent_count(seq: int, at: str, data: str) -> IndependentCount:
    """Read a ledger entry ``counted``.

    Raises:
        IntegrityError: The entry is not what a count looks like.
    """
    try:
        return IndependentCount.model_validate({**_object(data), "seq": seq, "at": at})
    except (ValidationError, TypeError, ValueError) as exc:
        raise _unreadable(seq, "counted") from exc


@cache
def _media(names: tuple[str, ...]) -> Media:
    return tuple(_MEDIA.get(name, Medium.UNKNOWN) for name in names)


def _on_word(media: Media, proofs: tuple[str, ...]) -> bool:
    return any(
        proof.startswith(ATTESTED) and medium is not Medium.NOT_APPLICABLE
        for proof, medium in zip(proofs, media, strict=True)
    )


def _object(data: str) -> dict[str, Any]:
    return dict(json.loads(data))


def _in_order(period: _P, start: date, end: date) -> _P:
    if end < start:
        msg = "the period ends before it starts"
        raise ValueError(msg)
    return period


def _unreadable(seq: int, kind: str) -> IntegrityError:
    return IntegrityError(
        _(
            "Ledger entry {seq} ({kind}) cannot be read as evidence. Check the ledger.",
            seq=seq,
            kind=kind,
        ),
        code="evidence-unreadable",
    )
