"""One pass over the closed cases: they stream by, only sums stay."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from rpa.domain.case import CaseState
from rpa.domain.evidence import ClosedCase, Media
from rpa.domain.paperless import Level
from rpa.reporting.attested import Judge, Judgment
from rpa.reporting.figures import Share, Work
from rpa.reporting.window import Window

Witness = Callable[[ClosedCase, Judgment], None]
"""Sees each case as it is counted, e.g. to write it into the list that proves the figure."""


@dataclass(slots=True)
class Sums:
    """What adds up over the cases of one process."""

    closed: int = 0
    archived: int = 0
    straight: int = 0
    fields: int = 0
    corrected: int = 0
    off_paper: int = 0
    pages: int = 0
    on_word: int = 0
    outcomes: Counter[CaseState] = field(default_factory=Counter)
    seconds: "array[float]" = field(default_factory=lambda: array("d"))
    by_day: Counter[int] = field(default_factory=Counter)
    by_media: Counter[Media] = field(default_factory=Counter)
    by_level: Counter[Level] = field(default_factory=Counter)

    def add(self, case: ClosedCase, judgment: Judgment, day: int) -> None:
        """Count one closed case."""
        self.closed += 1
        self.fields += case.fields
        self.corrected += case.corrected
        self.pages += case.pages
        self.straight += case.is_straight_through
        self.on_word += judgment.is_on_word
        if case.outcome is CaseState.ARCHIVED:
            self.archived += 1
            self.off_paper += judgment.level is not Level.PAPER
        self.outcomes[case.outcome] += 1
        self.seconds.append((case.closed_at - case.received_at).total_seconds())
        self.by_day[day] += 1
        self.by_media[judgment.media] += 1
        self.by_level[judgment.level] += 1

    def work(self) -> Work:
        """Return the figures of the work done."""
        return Work(
            closed=self.closed,
            archived=self.archived,
            straight_through=Share(part=self.straight, whole=self.closed),
            corrected=Share(part=self.corrected, whole=self.fields),
            off_paper=self.off_paper,
            pages=self.pages,
            outcomes={state: self.outcomes[state] for state in CaseState if self.outcomes[state]},
            median_seconds=_lower_median(self.seconds),
        )

    def add_all(self, other: "Sums") -> None:
        """Count all that ``other`` counted."""
        for name in ("closed", "archived", "straight", "fields", "corrected", "off_paper"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.pages += other.pages
        self.on_word += other.on_word
        self.outcomes.update(other.outcomes)
        self.seconds.extend(other.seconds)


@dataclass(slots=True)
class Tally:
    """The sums of each process, and the last ledger entry that was read."""

    by_process: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    last_entry: int = 0

    def of(self, process: str) -> Sums:
        """Return the sums of ``process``; zeros when no case of it was closed."""
        return self.by_process.get(process) or Sums()

    def overall(self) -> Work:
        """Return the work over all the cases, those of no known process included."""
        total = Sums()
        for sums in self.by_process.values():
            total.add_all(sums)
        return total.work()


def tally(cases: Iterable[ClosedCase], judge: Judge, window: Window, witness: Witness) -> Tally:
    """Count ``cases`` in one pass, showing each to ``witness``."""
    counted = Tally()
    for case in cases:
        day = window.day(case.closed_at)
        judgment = judge.judged(case, day)
        counted.by_process[case.process].add(case, judgment, day)
        witness(case, judgment)
        counted.last_entry = max(counted.last_entry, case.seq)
    return counted


def _lower_median(seconds: "array[float]") -> int | None:
    """Return the value that half of the cases do not exceed; None without cases."""
    if not seconds:
        return None
    return int(sorted(seconds)[(len(seconds) - 1) // 2])
