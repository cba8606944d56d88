"""The ratio and what stands beside it, against numbers worked out by hand."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from rpa.domain.case import CaseState
from rpa.domain.errors import NotFoundError
from rpa.domain.evidence import Attestation, IndependentCount, WaitingCase
from rpa.domain.paperless import Level, Touchpoint
from rpa.reporting.figures import Flag, Reason, Share, Verdict, Weight
from rpa.reporting.report import paperless_ratio, paperless_report
from rpa.reporting.rules import PaperlessRules
from rpa.testing.evidence import MemoryEvidence, closed, inventory, told

DAY = date(2026, 11, 24)
FIRST = date(2026, 8, 27)
NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)
NATIVE = dict.fromkeys(Touchpoint, "native")


def evidence(*processes: str, **more: object) -> MemoryEvidence:
    return MemoryEvidence(
        frozen=[(datetime(2026, 1, 1, tzinfo=UTC), inventory(*processes, **more))]
    )


def add(source: MemoryEvidence, process: str, cases: int, at: datetime = NOON, **more: object):
    first = len(source.cases) + 1
    source.cases += [closed(first + n, at.isoformat(), told(process, **more)) for n in range(cases)]


def count(source: MemoryEvidence, process: str, cases: int, **more: object):
    entry = {
        "seq": 1,
        "at": NOON,
        "process": process,
        "by": "Vérificatrice",
        "source": "registre",
        "cases": cases,
        "period_start": FIRST,
        "period_end": DAY,
    }
    source.counted.append(IndependentCount.model_validate(entry | more))


def attest(source: MemoryEvidence, process: str, **more: object):
    entry = {
        "seq": 1,
        "at": NOON,
        "process": process,
        "by": "Greffière",
        "on": DAY,
        "touchpoints": NATIVE,
        "period_start": FIRST,
        "period_end": DAY,
    }
    source.words.append(Attestation.model_validate(entry | more))


def figure(source: MemoryEvidence, as_of=DAY, **rules: object):
    return paperless_report(source, as_of, rules=PaperlessRules.model_validate(rules)).processes[0]


@pytest.mark.parametrize(
    ("medium", "level"),
    [("native", Level.END_TO_END), ("digitised", Level.INSIDE), ("unknown", Level.PAPER)],
)
def test_a_process_has_the_level_of_its_cases(medium, level):
    source = evidence("a")
    add(source, "a", 40, intake=medium)
    count(source, "a", 40)
    assert figure(source).level is level


@pytest.mark.parametrize(("native", "level"), [(950, Level.END_TO_END), (949, Level.PAPER)])
def test_ninety_five_percent_of_the_cases_must_reach_the_level(native, level):
    source = evidence("a")
    add(source, "a", native)
    add(source, "a", 1000 - native, output="paper")
    count(source, "a", 1000)
    assert figure(source).level is level


def test_the_better_level_fails_and_the_lesser_one_still_holds():
    source = evidence("a")
    add(source, "a", 94)
    add(source, "a", 6, intake="digitised")
    count(source, "a", 100)
    found = figure(source)
    assert (found.level, found.end_to_end.part, found.paperless.part) == (Level.INSIDE, 94, 100)


def test_a_case_that_is_still_open_was_seen():
    source = evidence("a")
    add(source, "a", 4)
    count(source, "a", 5)
    assert figure(source).reason is Reason.LOW_COVERAGE

    waiting = WaitingCase(process="a", state=CaseState.IN_REVIEW, since=NOON)
    source.open_cases = [(waiting, None)]

    found = figure(source)
    assert (found.coverage.seen, found.reason) == (5, Reason.PROVEN)


@pytest.mark.parametrize(("seen", "reason"), [(90, Reason.PROVEN), (89, Reason.LOW_COVERAGE)])
def test_ninety_percent_of_the_counted_cases_must_be_seen(seen, reason):
    source = evidence("a")
    add(source, "a", seen)
    count(source, "a", 100)
    found = figure(source)
    assert found.reason is reason
    assert found.measured is Level.END_TO_END
    assert (found.level is Level.PAPER) == (reason is Reason.LOW_COVERAGE)


def test_fewer_than_thirty_cases_are_enough_if_all_were_seen_and_it_is_said():
    source = evidence("a")
    add(source, "a", 29)
    count(source, "a", 29)
    found = figure(source)
    assert found.level is Level.END_TO_END
    assert found.flags[0] is Flag.FEW_CASES


def test_thirty_cases_are_not_flagged():
    source = evidence("a")
    add(source, "a", 30)
    count(source, "a", 30)
    assert Flag.FEW_CASES not in figure(source).flags


def test_fewer_than_thirty_cases_are_not_enough_if_one_was_missed():
    source = evidence("a")
    add(source, "a", 29)
    count(source, "a", 30)  # 96 %: covered well enough, but not all of few
    found = figure(source)
    assert (found.level, found.reason) == (Level.PAPER, Reason.TOO_FEW_CASES)


def test_a_process_that_nobody_counted_stays_on_paper_unless_the_setting_says_otherwise():
    source = evidence("a")
    add(source, "a", 40)
    assert figure(source).reason is Reason.NO_COUNT
    assert figure(source).level is Level.PAPER
    assert figure(source, count_required=False).level is Level.END_TO_END


def test_a_process_without_cases_is_on_paper():
    found = figure(evidence("a"))
    assert (found.level, found.reason, found.measured) == (Level.PAPER, Reason.NO_CASES, None)


def test_a_count_lower_than_what_was_seen_is_flagged():
    source = evidence("a")
    add(source, "a", 40)
    count(source, "a", 0)
    found = figure(source)
    assert Flag.COUNT_TOO_LOW in found.flags
    assert found.level is Level.END_TO_END


def test_a_count_over_part_of_the_window_is_compared_with_the_cases_of_those_days():
    source = evidence("a")
    add(source, "a", 40)
    add(source, "a", 10, at=datetime(2026, 9, 10, 16, tzinfo=UTC))
    # 30 days of which 26 lie in the window: 30 x 26 / 30 = 26 cases, of which 10 were seen.
    count(source, "a", 30, period_start=date(2026, 8, 23), period_end=date(2026, 9, 21))
    found = figure(source)
    assert (found.coverage.seen, found.coverage.counted, found.coverage.days) == (10, 26, 26)
    assert found.reason is Reason.LOW_COVERAGE
    assert Flag.PARTLY_COUNTED in found.flags


def test_of_two_counts_of_the_same_days_the_later_one_holds():
    source = evidence("a")
    add(source, "a", 40)
    count(source, "a", 400)
    count(source, "a", 40, at=NOON + timedelta(hours=1))
    assert figure(source).coverage.counted == 40


def test_spread_counts_are_rounded_up():
    source = evidence("a")
    add(source, "a", 40)
    count(source, "a", 7, period_start=date(2026, 11, 24), period_end=date(2026, 11, 25))
    assert figure(source).coverage.counted == 4  # 3.5


def test_a_process_loses_its_level_again():
    source = evidence("a")
    add(source, "a", 40)
    count(source, "a", 40)
    assert figure(source).level is Level.END_TO_END
    add(source, "a", 40, at=datetime(2026, 12, 1, 17, tzinfo=UTC), routing="paper")
    assert figure(source, date(2026, 12, 2)).level is Level.PAPER


def test_a_past_day_is_computed_again_without_later_entries():
    source = evidence("a")
    add(source, "a", 40)
    count(source, "a", 40)
    before = paperless_report(source, DAY)
    later = datetime(2026, 11, 25, 15, tzinfo=UTC)
    add(source, "a", 400, at=later, output="paper")
    count(source, "a", 4000, at=later)
    attest(source, "a", at=later, cases=500, touchpoints={"intake": "paper"})
    source.frozen.append((later, inventory("a", "b", "c")))
    source.open_cases.append(
        (WaitingCase(process="a", state=CaseState.IN_REVIEW, since=later), None)
    )
    source.arrived.append((later, "fax"))
    assert paperless_report(source, DAY) == before


@pytest.mark.parametrize(
    ("at", "is_seen"),
    [
        ("2026-11-02T04:59:59.999999+00:00", True),  # 23:59 on the day the clocks went back
        ("2026-11-02T05:00:00+00:00", False),
        ("2026-10-31T03:59:59+00:00", False),  # still the 30th, in summer time
        ("2026-10-31T04:00:00+00:00", True),
    ],
)
def test_days_begin_and_end_by_the_clocks_of_toronto(at, is_seen):
    source = evidence("a")
    source.cases.append(closed(1, at))
    found = figure(source, date(2026, 11, 1), window_days=2)
    assert found.cases == int(is_seen)


def test_a_moment_may_be_asked_for_instead_of_a_day():
    source = evidence("a")
    add(source, "a", 1)
    assert figure(source, NOON).cases == 0
    report = paperless_report(source, NOON + timedelta(seconds=1))
    assert (report.as_of, report.processes[0].cases) == (date(2026, 11, 20), 1)


def test_the_whole_inventory_is_the_denominator():
    source = evidence("a", "b", "c")
    for process in "ab":
        add(source, process, 40, intake="native" if process == "a" else "digitised")
        count(source, process, 40)
    ratio = paperless_report(source, DAY).ratio
    assert ratio.end_to_end == Share(part=1, whole=3)
    assert ratio.inside == Share(part=1, whole=3)
    assert ratio.paperless == Share(part=2, whole=3)
    assert ratio.paperless.percent == Decimal("66.6")
    assert ratio.uncounted == ("c",)


def test_the_weighted_ratio_says_whose_number_of_cases_is_not_known():
    processes = inventory("a", "b", "c").model_dump(mode="json")["processes"]
    processes[1]["cases_per_year"] = 730
    source = evidence(processes=processes)
    add(source, "a", 45)
    count(source, "a", 50)
    report = paperless_report(source, DAY)
    assert [one.weight_from for one in report.processes] == [
        Weight.COUNTED,
        Weight.DECLARED,
        Weight.UNKNOWN,
    ]
    assert report.ratio.weighted_paperless == Share(part=50, whole=50 + 180)  # 730 x 90 / 365
    assert report.ratio.unweighted == ("c",)


def test_coverage_over_all_processes_never_lets_one_make_up_for_another():
    source = evidence("a", "b")
    add(source, "a", 200)
    count(source, "a", 100)
    add(source, "b", 50)
    count(source, "b", 100)
    assert paperless_report(source, DAY).ratio.coverage == Share(part=150, whole=200)


def test_an_excluded_process_is_published_with_its_reason_and_counted_nowhere():
    processes = inventory("a", "b").model_dump(mode="json")["processes"]
    processes[1]["excluded"] = {"fr": "La loi", "en": "The law"}
    source = evidence(processes=processes)
    add(source, "b", 5)
    report = paperless_report(source, DAY)
    assert report.ratio.paperless.whole == 1
    assert report.excluded[0].reason.en == "The law"
    assert report.outside == {"b": 5}


def test_a_process_counts_only_while_it_exists():
    processes = inventory("a", "b").model_dump(mode="json")["processes"]
    processes[0]["valid_to"] = "2026-11-23"
    processes[1]["replaces"] = ["a"]
    report = paperless_report(evidence(processes=processes), DAY)
    assert [(one.process_id, one.replaces) for one in report.processes] == [("b", ("a",))]


def test_an_empty_inventory_gives_no_ratio_rather_than_zero_or_one():
    report = paperless_report(evidence(), DAY)
    assert report.ratio.paperless.percent is None
    assert report.verdict is Verdict.NO_PROCESSES


def test_without_an_inventory_there_is_no_report():
    with pytest.raises(NotFoundError):
        paperless_report(MemoryEvidence(), DAY)


@pytest.mark.parametrize(
    ("end_to_end", "inside", "verdict"),
    [
        (3, 0, Verdict.REACHED),
        (2, 1, Verdict.REACHED_INSIDE),
        (2, 0, Verdict.NOT_REACHED),
    ],
)
def test_the_target_is_held_against_both_readings(end_to_end, inside, verdict):
    source = evidence("a", "b", "c", "d")
    for place, process in enumerate("abcd"[: end_to_end + inside]):
        add(source, process, 40, intake="native" if place < end_to_end else "digitised")
        count(source, process, 40)
    assert paperless_report(source, DAY).verdict is verdict


def test_attested_cases_give_a_level_and_their_share_is_published():
    source = evidence("a", "b")
    attest(source, "a", cases=60)
    count(source, "a", 60)
    add(source, "b", 40)
    count(source, "b", 40)
    report = paperless_report(source, DAY)
    first = report.processes[0]
    assert (first.level, first.observed, first.attested) == (Level.END_TO_END, 0, 60)
    assert first.attested_by == ("Greffière, 2026-11-24",)
    assert report.ratio.on_word == Share(part=60, whole=100)


def test_attested_cases_count_on_the_days_of_their_period_only():
    source = evidence("a")
    attest(source, "a", cases=31, period_start=date(2026, 8, 1), period_end=date(2026, 8, 31))
    assert figure(source).attested == 5  # 31 x 5 / 31: the 27th to the 31st of August


def test_the_later_of_two_words_on_the_same_days_holds():
    source = evidence("a")
    attest(source, "a", cases=60)
    attest(source, "a", cases=30, at=NOON + timedelta(hours=1), touchpoints={"intake": "paper"})
    found = figure(source)
    assert (found.attested, found.level) == (30, Level.PAPER)


def test_a_word_on_a_touchpoint_fills_what_the_register_does_not_know():
    source = evidence("a")
    add(source, "a", 40, archive="unknown")
    count(source, "a", 40)
    assert figure(source).level is Level.PAPER
    attest(source, "a", touchpoints={"archive": "native"})
    found = figure(source)
    assert (found.level, found.on_word, found.attested) == (Level.END_TO_END, 40, 0)


def test_a_word_never_makes_an_observation_better():
    source = evidence("a")
    add(source, "a", 40, output="paper")
    count(source, "a", 40)
    attest(source, "a", touchpoints={"output": "native"})
    assert (figure(source).level, figure(source).on_word) == (Level.PAPER, 0)


def test_a_word_that_admits_paper_stands_against_an_observation():
    source = evidence("a")
    add(source, "a", 40)
    count(source, "a", 40)
    attest(source, "a", touchpoints={"routing": "paper"})
    assert figure(source).level is Level.PAPER


def test_a_word_on_a_touchpoint_holds_in_its_period_only():
    source = evidence("a")
    add(source, "a", 40, archive="unknown")
    attest(source, "a", touchpoints={"archive": "native"}, period_end=date(2026, 11, 1))
    assert figure(source).by_level[Level.PAPER] == 40


def test_the_work_is_told_from_the_ledger():
    source = evidence("a")
    add(source, "a", 6)
    add(source, "a", 2, asked=3, corrected=1)
    add(source, "a", 1, outcome="rejected")
    add(source, None, 1, outcome="set-aside", fields=0)
    work = paperless_report(source, DAY).work
    assert work.straight_through == Share(part=6, whole=10)
    assert work.corrected == Share(part=2, whole=90)
    assert work.outcomes == {
        CaseState.REJECTED: 1,
        CaseState.ARCHIVED: 8,
        CaseState.SET_ASIDE: 1,
    }
    assert work.pages == 10
    assert work.median_seconds == 80 * 86400 + 3 * 3600  # 1 September 14:00 to 20 November 17:00


def test_savings_rest_on_a_declared_baseline_and_on_cases_nobody_was_asked_about():
    processes = inventory("a", "b").model_dump(mode="json")["processes"]
    processes[0]["baseline"] = {
        "minutes": "10",
        "pages": 3,
        "dollars_per_hour": "36",
        "declared_by": "Chef",
        "declared_on": "2026-04-01",
    }
    processes[1]["baseline"] = {"minutes": "1000", "pages": 1000}
    source = evidence(processes=processes)
    add(source, "a", 7)
    add(source, "a", 2, asked=1)
    add(source, "a", 1, output="paper")
    add(source, "b", 5)
    report = paperless_report(source, DAY)
    saved = report.saved
    # 8 cases straight through x 10 min = 80 min; 9 archived off paper x 3 pages; 80/60 h x 36 $.
    assert (saved.hours, saved.pages, saved.dollars) == (Decimal("1.3"), 27, Decimal("48.00"))
    assert report.processes[1].saved is None
    assert Flag.BASELINE_UNDECLARED in report.processes[1].flags


def test_what_waits_is_told_by_state_with_median_and_oldest():
    source = evidence("a")
    end = datetime(2026, 11, 25, 5, tzinfo=UTC)
    for hours in (1, 5, 30):
        waits = WaitingCase(
            process="a", state=CaseState.IN_REVIEW, since=end - timedelta(hours=hours)
        )
        source.open_cases.append((waits, None))
    (found,) = paperless_report(source, DAY).waiting
    assert (found.cases, found.median, found.oldest) == (
        3,
        timedelta(hours=5),
        timedelta(hours=30),
    )


def test_arrivals_are_told_by_channel_most_first():
    source = evidence("a")
    source.arrived += [(NOON, "web"), (NOON, "fax"), (NOON, "fax")]
    assert list(paperless_report(source, DAY).arrivals.by_channel.items()) == [
        ("fax", 2),
        ("web", 1),
    ]


def test_the_trend_computes_each_day_from_what_was_known_then():
    source = evidence("a")
    add(source, "a", 40)
    count(source, "a", 40)
    report = paperless_report(source, DAY, trend=[date(2026, 11, 19), DAY])
    assert [point.paperless.part for point in report.trend] == [0, 1]


def test_shares_are_cut_and_never_rounded_up():
    assert Share(part=9496, whole=10000).percent == Decimal("94.9")
    assert Share(part=99999, whole=100000).percent == Decimal("99.9")
    assert not Share(part=0, whole=0).reaches(Decimal(0))


def random_evidence(seed: int) -> MemoryEvidence:
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    processes = [f"p{n}" for n in range(dice.randint(0, 6))]
    source = evidence(*processes)
    media = ["native", "digitised", "paper", "unknown", "not-applicable"]
    for process in processes:
        for _ in range(dice.randint(0, 4)):
            point = dice.choice(list(Touchpoint)).value
            medium = dice.choices(media, weights=[8, 3, 1, 1, 2])[0]
            add(source, process, dice.randint(1, 60), **{point: medium})
        if dice.random() < 0.8:
            count(source, process, dice.randint(0, 120))
        if dice.random() < 0.3:
            attest(source, process, cases=dice.randint(0, 50))
    return source


@pytest.mark.parametrize("seed", range(60))
def test_every_ratio_lies_between_nothing_and_the_whole_and_paper_never_raises_it(seed):
    source = random_evidence(seed)
    rules = PaperlessRules()
    before = paperless_ratio(source, DAY, rules)
    shares = [value for _, value in before if isinstance(value, Share)]
    assert len(shares) == 7
    assert all(0 <= one.part <= one.whole for one in shares)
    assert before.paperless.part == before.end_to_end.part + before.inside.part
    names = [one.process_id for one in source.frozen[-1][1].processes]
    source.frozen.append((NOON, inventory(*names, "registre")))
    add(source, "registre", 50, intake="paper")
    count(source, "registre", 50)
    after = paperless_ratio(source, DAY, rules)
    for name in ("paperless", "end_to_end", "weighted_paperless", "weighted_end_to_end"):
        was, now = getattr(before, name), getattr(after, name)
        assert now.part * max(was.whole, 1) <= was.part * now.whole
