"""The level of a process on a day, and everything that it rests on."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from rpa.domain.evidence import POINTS, IndependentCount, InventoryProcess, Media, WaitingCase
from rpa.domain.paperless import Level, Medium, Touchpoint
from rpa.reporting.attested import AttestedCases, Judge
from rpa.reporting.figures import (
    Coverage,
    Flag,
    ProcessFigure,
    Reason,
    Share,
    Weight,
    zero_by_level,
)
from rpa.reporting.rules import PaperlessRules
from rpa.reporting.savings import is_declared, saved
from rpa.reporting.tally import Sums, Tally
from rpa.reporting.window import Window


@dataclass(frozen=True, slots=True)
class CountedDays:
    """The independently counted cases of a process, and the days they were counted on."""

    cases: int
    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found in the window, process by process."""

    window: Window
    rules: PaperlessRules
    tally: Tally
    judge: Judge
    attested: Mapping[str, tuple[AttestedCases, ...]]
    counted: Mapping[str, CountedDays]
    waiting: tuple[WaitingCase, ...]
    still_open: Mapping[str, Counter[int]]
    """Cases seen and not closed yet, by process and day: without a level, but not missed."""

    def figure(self, process: InventoryProcess) -> ProcessFigure:
        """Return the figure of one process of the inventory."""
        key = process.process_id
        sums, words = self.tally.of(key), self.attested.get(key, ())
        by_level = _by_level(sums, words)
        seen = sum(by_level.values())
        waiting = self.still_open.get(key, Counter())
        coverage = _coverage(sums.by_day + waiting, words, self.counted.get(key))
        measured = measured_level(by_level, self.rules)
        reason = _reason(seen, measured, coverage, self.rules)
        weight, weight_from = self._weight(process, seen, coverage)
        return ProcessFigure(
            process_id=key,
            name=process.name,
            owner=process.owner,
            version=process.version,
            replaces=process.replaces,
            level=measured if measured and reason is Reason.PROVEN else Level.PAPER,
            measured=measured,
            reason=reason,
            flags=tuple(self._flags(process, seen, coverage, reason)),
            observed=sums.closed,
            attested=seen - sums.closed,
            by_level=by_level,
            on_word=sums.on_word + seen - sums.closed,
            coverage=coverage,
            weight=weight,
            weight_from=weight_from,
            touchpoints=_touchpoints(sums, words),
            work=sums.work(),
            baseline=process.baseline,
            saved=saved(process.baseline, sums),
            attested_by=self._voices(key),
        )

    def _weight(
        self, process: InventoryProcess, seen: int, coverage: Coverage | None
    ) -> tuple[int | None, Weight]:
        if coverage and coverage.counted >= seen:
            return coverage.counted, Weight.COUNTED
        if seen:
            return seen, Weight.SEEN
        if process.cases_per_year is not None:
            return ceil(Fraction(process.cases_per_year * self.window.days, 365)), Weight.DECLARED
        return None, Weight.UNKNOWN

    def _flags(
        self, process: InventoryProcess, seen: int, coverage: Coverage | None, reason: Reason
    ) -> Iterable[Flag]:
        if reason is Reason.PROVEN and seen < self.rules.least_cases:
            yield Flag.FEW_CASES
        if coverage and coverage.seen > coverage.counted:
            yield Flag.COUNT_TOO_LOW
        if coverage and coverage.days < self.window.days:
            yield Flag.PARTLY_COUNTED
        if seen and not is_declared(process.baseline):
            yield Flag.BASELINE_UNDECLARED

    def _voices(self, key: str) -> tuple[str, ...]:
        words = [*(told.word for told in self.attested.get(key, ())), *self.judge.voices(key)]
        return tuple(sorted({f"{word.by}, {word.on.isoformat()}" for word in words}))


def counted_days(counts: Iterable[IndependentCount], window: Window) -> dict[str, CountedDays]:
    """Spread each count evenly over its period; where two tell of a day, the later one holds.

    What is counted is rounded up: coverage is never made to look better than it is.
    """
    cases: dict[str, Fraction] = defaultdict(Fraction)
    days: dict[str, frozenset[int]] = defaultdict(frozenset)
    for count in sorted(counts, key=lambda one: (one.at, one.seq), reverse=True):
        shared = window.overlap(count.period_start, count.period_end)
        fresh = frozenset(shared) - days[count.process]
        length = (count.period_end - count.period_start).days + 1
        cases[count.process] += Fraction(count.cases * len(fresh), length)
        days[count.process] |= fresh
    return {key: CountedDays(ceil(cases[key]), days[key]) for key in days if days[key]}


def open_days(waiting: Iterable[WaitingCase], window: Window) -> dict[str, Counter[int]]:
    """Count the cases still open at the window's end, by process and the day they moved last."""
    days: dict[str, Counter[int]] = defaultdict(Counter)
    for case in waiting:
        if case.since >= window.since:
            days[case.process][window.day(case.since)] += 1
    return days


def measured_level(by_level: Mapping[Level, int], rules: PaperlessRules) -> Level | None:
    """Return the best level that enough of the cases reach; None without cases."""
    cases = sum(by_level.values())
    if not cases:
        return None
    whole = by_level[Level.END_TO_END]
    if Share(part=whole, whole=cases).reaches(rules.reach_percent):
        return Level.END_TO_END
    if Share(part=whole + by_level[Level.INSIDE], whole=cases).reaches(rules.reach_percent):
        return Level.INSIDE
    return Level.PAPER


def _reason(
    seen: int, measured: Level | None, coverage: Coverage | None, rules: PaperlessRules
) -> Reason:
    if measured is None:
        return Reason.NO_CASES
    if measured is Level.PAPER:
        return Reason.BELOW_REACH
    if coverage is None:
        return Reason.NO_COUNT if rules.count_required else Reason.PROVEN
    # A count of nothing, with cases seen, is a doubtful count (flagged), not a missed case.
    if coverage.counted and not coverage.share.reaches(rules.coverage_percent):
        return Reason.LOW_COVERAGE
    if seen < rules.least_cases and coverage.seen < coverage.counted:
        return Reason.TOO_FEW_CASES
    return Reason.PROVEN


def _coverage(
    by_day: Mapping[int, int], words: tuple[AttestedCases, ...], counted: CountedDays | None
) -> Coverage | None:
    if counted is None:
        return None
    observed = sum(cases for day, cases in by_day.items() if day in counted.days)
    attested = sum(word.cases(counted.days) for word in words)
    return Coverage(seen=observed + attested, counted=counted.cases, days=len(counted.days))


def _by_level(sums: Sums, words: tuple[AttestedCases, ...]) -> dict[Level, int]:
    by_level = zero_by_level()
    by_level.update(sums.by_level)
    for told in words:
        by_level[told.level] += told.cases()
    return by_level


def _touchpoints(
    sums: Sums, words: tuple[AttestedCases, ...]
) -> dict[Touchpoint, dict[Medium, int]]:
    by_media: Counter[Media] = Counter(sums.by_media)
    for told in words:
        by_media[told.word.media] += told.cases()
    found: dict[Touchpoint, dict[Medium, int]] = {point: {} for point in POINTS}
    for media, cases in sorted(by_media.items()):
        for point, medium in zip(POINTS, media, strict=True):
            found[point][medium] = found[point].get(medium, 0) + cases
    return found
