"""The report on a day: every figure, computed from the evidence alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from pydantic import AwareDatetime

from rpa.domain.case import CaseState
from rpa.domain.evidence import ClosedCase, Inventory, Target, WaitingCase
from rpa.domain.model import Bilingual, Value
from rpa.domain.paperless import Level
from rpa.reporting.api import EvidenceSource
from rpa.reporting.attested import Judge, Judgment, attested_cases
from rpa.reporting.figures import (
    Arrivals,
    ExcludedProcess,
    ProcessFigure,
    Ratio,
    Savings,
    Share,
    TrendPoint,
    Verdict,
    WaitingFigure,
    Work,
    mapped,
)
from rpa.reporting.levels import Findings, counted_days, open_days
from rpa.reporting.rules import PaperlessRules
from rpa.reporting.savings import total
from rpa.reporting.tally import Witness, tally
from rpa.reporting.window import Window


class PaperlessReport(Value):
    """All the figures on a day. The same evidence and day give the same report, for ever."""

    organization: Bilingual
    as_of: date
    first_day: date
    until: AwareDatetime
    """Nothing from this moment on was looked at."""
    last_entry: int
    """The last ledger entry of a closed case that was counted; 0 without cases."""
    rules: PaperlessRules
    target: Target
    period: str
    inventory_valid_from: date
    inventory_digest: str
    ratio: Ratio
    verdict: Verdict
    processes: tuple[ProcessFigure, ...]
    excluded: tuple[ExcludedProcess, ...]
    outside: dict[str, int]
    """Closed cases of processes that the inventory does not count, by process."""
    work: Work
    saved: Savings
    waiting: tuple[WaitingFigure, ...]
    arrivals: Arrivals
    trend: tuple[TrendPoint, ...] = ()


def paperless_report(
    source: EvidenceSource,
    as_of: date | datetime,
    *,
    rules: PaperlessRules | None = None,
    trend: Sequence[date] = (),
    witness: Witness | None = None,
) -> PaperlessReport:
    """Compute the report for the end of a day in Québec, or for a moment.

    ``trend`` names earlier days whose ratio is computed again, each from what was known then.
    ``witness`` is shown every case that was counted, with its level.

    Raises:
        NotFoundError: No inventory was frozen by then.
        IntegrityError: A ledger entry cannot be read.
    """
    rules = rules or PaperlessRules()
    window = Window.ending(as_of, rules.window_days)
    inventory = source.inventory(window.until)
    findings = _findings(source, window, rules, witness or _unseen)
    figures = tuple(findings.figure(one) for one in inventory.counted_on(window.last))
    ratio = _ratio(figures)
    return PaperlessReport(
        organization=inventory.organization,
        as_of=window.last,
        first_day=window.first,
        until=window.until,
        last_entry=findings.tally.last_entry,
        rules=rules,
        target=inventory.target,
        period=inventory.period,
        inventory_valid_from=inventory.valid_from,
        inventory_digest=inventory.digest,
        ratio=ratio,
        verdict=_verdict(ratio, inventory.target),
        processes=figures,
        excluded=tuple(_excluded(inventory, window.last)),
        outside=_outside(findings, figures),
        work=findings.tally.overall(),
        saved=total(one.saved for one in figures),
        waiting=tuple(_waiting(findings.waiting, window.until)),
        arrivals=Arrivals(by_channel=mapped(source.arrivals(window.since, window.until))),
        trend=tuple(_trend_point(source, day, rules) for day in trend),
    )


def paperless_ratio(source: EvidenceSource, as_of: date | datetime, rules: PaperlessRules) -> Ratio:
    """Compute the ratio alone for a day, as :func:`paperless_report` does.

    Raises:
        NotFoundError: No inventory was frozen by then.
    """
    window = Window.ending(as_of, rules.window_days)
    findings = _findings(source, window, rules, _unseen)
    inventory = source.inventory(window.until)
    return _ratio(tuple(findings.figure(one) for one in inventory.counted_on(window.last)))


def _findings(
    source: EvidenceSource, window: Window, rules: PaperlessRules, witness: Witness
) -> Findings:
    words = tuple(source.attestations(window.until))
    judge = Judge(words, window)
    waiting = tuple(source.waiting(window.until))
    return Findings(
        window=window,
        rules=rules,
        tally=tally(source.closed(window.since, window.until), judge, window, witness),
        judge=judge,
        attested=attested_cases(words, window),
        counted=counted_days(source.counts(window.since, window.until), window),
        waiting=waiting,
        still_open=open_days(waiting, window),
    )


def _unseen(_case: ClosedCase, _judgment: Judgment) -> None:
    """Keep no list of the cases."""


def _ratio(figures: tuple[ProcessFigure, ...]) -> Ratio:
    whole = [one for one in figures if one.level is Level.END_TO_END]
    paperless = [one for one in figures if one.is_paperless]
    covered = [one.coverage for one in figures if one.coverage]
    cases = sum(one.weight or 0 for one in figures)
    return Ratio(
        end_to_end=Share(part=len(whole), whole=len(figures)),
        inside=Share(part=len(paperless) - len(whole), whole=len(figures)),
        paperless=Share(part=len(paperless), whole=len(figures)),
        weighted_end_to_end=Share(part=sum(one.weight or 0 for one in whole), whole=cases),
        weighted_paperless=Share(part=sum(one.weight or 0 for one in paperless), whole=cases),
        unweighted=tuple(one.process_id for one in figures if one.weight is None),
        coverage=Share(
            part=sum(min(one.seen, one.counted) for one in covered),
            whole=sum(one.counted for one in covered),
        ),
        uncounted=tuple(one.process_id for one in figures if not one.coverage),
        on_word=Share(
            part=sum(one.on_word for one in figures), whole=sum(one.cases for one in figures)
        ),
    )


def _verdict(ratio: Ratio, target: Target) -> Verdict:
    if not ratio.paperless.whole:
        return Verdict.NO_PROCESSES
    if ratio.end_to_end.reaches(target.percent):
        return Verdict.REACHED
    if ratio.paperless.reaches(target.percent):
        return Verdict.REACHED_INSIDE
    return Verdict.NOT_REACHED


def _excluded(inventory: Inventory, day: date) -> Iterable[ExcludedProcess]:
    for process in inventory.processes:
        if process.exists_on(day) and process.excluded is not None:
            yield ExcludedProcess(
                process_id=process.process_id, name=process.name, reason=process.excluded
            )


def _outside(findings: Findings, figures: tuple[ProcessFigure, ...]) -> dict[str, int]:
    known = {figure.process_id for figure in figures}
    tallied = findings.tally.by_process
    return mapped({key: sums.closed for key, sums in tallied.items() if key not in known})


def _waiting(cases: Iterable[WaitingCase], now: datetime) -> Iterable[WaitingFigure]:
    ages: dict[CaseState, list[timedelta]] = defaultdict(list)
    for case in cases:
        ages[case.state].append(now - case.since)
    for state in CaseState:
        if found := sorted(ages[state]):
            yield WaitingFigure(
                state=state,
                cases=len(found),
                median=found[(len(found) - 1) // 2],
                oldest=found[-1],
            )


def _trend_point(source: EvidenceSource, day: date, rules: PaperlessRules) -> TrendPoint:
    ratio = paperless_ratio(source, day, rules)
    return TrendPoint(day=day, end_to_end=ratio.end_to_end, paperless=ratio.paperless)
