"""The figures, each defined once. ``docs/paperless.md`` gives the formulas."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from pydantic import Field, computed_field

from rpa.domain.case import CaseState
from rpa.domain.model import Bilingual, Value
from rpa.domain.paperless import Level, Medium, Touchpoint
from rpa.domain.process import Baseline


class Share(Value):
    """A part of a whole, kept as two numbers so that nothing is lost to rounding."""

    part: int
    whole: int

    @computed_field  # type: ignore[prop-decorator]
    @property
    def percent(self) -> Decimal | None:
        """The share in percent, cut to one decimal, never rounded up; None of an empty whole."""
        if not self.whole:
            return None
        return Decimal(self.part * 1000 // self.whole) / 10

    def reaches(self, percent: Decimal) -> bool:
        """Say whether the share, uncut, is at least ``percent``; nothing of nothing is not."""
        return self.whole > 0 and self.part * 100 >= percent * self.whole


class Reason(StrEnum):
    """Why a process has its level on the day."""

    PROVEN = "proven"
    """Enough cases were seen, and enough of them reached the level."""
    BELOW_REACH = "below-reach"
    """Too many of its cases touched paper, or were not known not to."""
    NO_CASES = "no-cases"
    """Nothing was seen of it."""
    NO_COUNT = "no-count"
    """Nobody counted its cases independently, so what was not seen is unknown."""
    LOW_COVERAGE = "low-coverage"
    """Too many of the independently counted cases were not seen."""
    TOO_FEW_CASES = "too-few-cases"
    """Few cases, and not all of them were seen."""


class Flag(StrEnum):
    """What a reader must know beside a level."""

    FEW_CASES = "few-cases"
    """Fewer cases than the least number; all of them were seen."""
    COUNT_TOO_LOW = "count-too-low"
    """More cases were seen than were counted: the count is doubtful."""
    PARTLY_COUNTED = "partly-counted"
    """The independent counts do not cover every day of the window."""
    BASELINE_UNDECLARED = "baseline-undeclared"
    """Nobody has put a name and a date to what a case cost on paper."""


class Weight(StrEnum):
    """Where a process's weight comes from."""

    COUNTED = "counted"
    SEEN = "seen"
    DECLARED = "declared"
    UNKNOWN = "unknown"


class Coverage(Value):
    """The cases seen against those counted by someone else, on the days that were counted."""

    seen: int
    counted: int
    days: int
    """How many days of the window the counts cover."""

    @property
    def share(self) -> Share:
        """The part of the counted cases that was seen."""
        return Share(part=self.seen, whole=self.counted)


class Savings(Value):
    """ESTIMATES: what was observed, times what the organisation declared a case cost on paper."""

    hours: Decimal = Decimal(0)
    pages: int = 0
    dollars: Decimal = Decimal(0)


class Work(Value):
    """What the ledger says of the cases closed in the window; nothing here is declared."""

    closed: int = 0
    archived: int = 0
    straight_through: Share = Share(part=0, whole=0)
    """Cases archived with no field asked of a person, of all that were closed."""
    corrected: Share = Share(part=0, whole=0)
    """Fields that a reviewer changed, of all that the machine read."""
    off_paper: int = 0
    """Archived cases in which no touchpoint was paper."""
    pages: int = 0
    outcomes: dict[CaseState, int] = Field(default_factory=dict)
    median_seconds: int | None = None
    """From receipt to closing: half of the cases took no longer."""


class ProcessFigure(Value):
    """One process of the inventory, and all that its level rests on."""

    process_id: str
    name: Bilingual
    owner: str
    version: str
    replaces: tuple[str, ...]
    level: Level
    measured: Level | None
    """The level its seen cases reach, whether or not enough were seen; None without cases."""
    reason: Reason
    flags: tuple[Flag, ...]
    observed: int
    """Cases that the register saw to their end."""
    attested: int
    """Cases outside the register that a named person attests."""
    by_level: dict[Level, int]
    """Observed and attested cases at each level."""
    on_word: int
    """Of all these, cases that rest on a person's word in any touchpoint."""
    coverage: Coverage | None
    """None when nobody counted."""
    weight: int | None
    weight_from: Weight
    touchpoints: dict[Touchpoint, dict[Medium, int]]
    work: Work
    baseline: Baseline
    saved: Savings | None
    """None while nobody declares the baseline."""
    attested_by: tuple[str, ...]
    """``name, date`` of each word that counts."""

    @property
    def cases(self) -> int:
        """The cases seen: observed or attested."""
        return self.observed + self.attested

    @property
    def end_to_end(self) -> Share:
        """The cases in which every touchpoint was native."""
        return Share(part=self.by_level[Level.END_TO_END], whole=self.cases)

    @property
    def paperless(self) -> Share:
        """The cases in which no touchpoint was paper."""
        free = self.by_level[Level.END_TO_END] + self.by_level[Level.INSIDE]
        return Share(part=free, whole=self.cases)

    @property
    def is_paperless(self) -> bool:
        """True at either of the two levels without paper."""
        return self.level is not Level.PAPER


class ExcludedProcess(Value):
    """A process that is not counted, with the published reason."""

    process_id: str
    name: Bilingual
    reason: Bilingual


class Ratio(Value):
    """The headline and all that must stand beside it."""

    end_to_end: Share
    """Processes that are digital from end to end, of all in the inventory."""
    inside: Share
    """Processes that are paperless inside only: paper still arrives or leaves as an image of it."""
    paperless: Share
    """Both together."""
    weighted_end_to_end: Share
    """The same, each process weighing as much as its cases."""
    weighted_paperless: Share
    unweighted: tuple[str, ...]
    """Processes whose number of cases nobody knows: they weigh nothing, so the two are at most."""
    coverage: Share
    """Cases seen, of those counted, over the processes that were counted; never above the whole."""
    uncounted: tuple[str, ...]
    """Processes that nobody counted."""
    on_word: Share
    """Cases that rest on a person's word rather than on the ledger, of all the cases seen."""


class Verdict(StrEnum):
    """Where the ratio stands against its target, under both readings of ``paperless``."""

    REACHED = "reached"
    """By end-to-end digital processes alone."""
    REACHED_INSIDE = "reached-inside"
    """Only if processes that are paperless inside are counted too."""
    NOT_REACHED = "not-reached"
    NO_PROCESSES = "no-processes"


class WaitingFigure(Value):
    """The cases that stand in one state."""

    state: CaseState
    cases: int
    median: timedelta
    oldest: timedelta


class TrendPoint(Value):
    """The ratio as it was computed for an earlier day."""

    day: date
    end_to_end: Share
    paperless: Share


class Arrivals(Value):
    """How cases came in during the window."""

    by_channel: dict[str, int]

    @property
    def total(self) -> int:
        """All arrivals."""
        return sum(self.by_channel.values())


def zero_by_level() -> dict[Level, int]:
    """Return a count of nothing for each level."""
    return dict.fromkeys(Level, 0)


def mapped(counts: Mapping[str, int]) -> dict[str, int]:
    """Return ``counts``, most first, then by name."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
