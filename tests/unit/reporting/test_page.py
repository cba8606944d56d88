"""The page says why each process has its level, and what a reader must know beside it."""

from datetime import UTC, date, datetime

import pytest

from rpa.domain.errors import IntegrityError
from rpa.domain.evidence import IndependentCount
from rpa.reporting.adapters.html import html
from rpa.reporting.figures import Weight
from rpa.reporting.report import paperless_report
from rpa.reporting.rules import PaperlessRules
from rpa.reporting.words import weight_text
from rpa.testing.evidence import MemoryEvidence, closed, inventory, told

DAY = date(2026, 11, 24)
AT = datetime(2026, 11, 20, 17, tzinfo=UTC)


def page(cases: list[dict[str, object]], counted: int | None, **rules: object) -> str:
    source = MemoryEvidence(frozen=[(datetime(2026, 1, 1, tzinfo=UTC), inventory("a"))])
    source.cases = [closed(n + 1, AT.isoformat(), data) for n, data in enumerate(cases)]
    if counted is not None:
        source.counted = [
            IndependentCount(
                seq=1,
                at=AT,
                process="a",
                by="Vérificatrice",
                source="registre",
                cases=counted,
                period_start=date(2026, 11, 1),
                period_end=DAY,
            )
        ]
    report = paperless_report(source, DAY, rules=PaperlessRules.model_validate(rules))
    return html(report, "en")


@pytest.mark.parametrize(
    ("cases", "counted", "said"),
    [
        ([], None, "No case was seen"),
        ([told()] * 40, None, "Nobody counted its cases"),
        ([told()] * 40, 40, "100% of its cases reach this level."),
        ([told()] * 40, 40, "Counted on 24 of 90 days."),
        ([told()] * 29, 29, "Few cases: fewer than 30, all seen."),
        ([told()] * 29, 30, "Fewer than 30 cases, and not all of them were seen."),
        ([told()] * 40, 50, "Only 80% of the counted cases were seen; 90% are needed."),
        ([told()] * 40, 30, "More cases seen than counted"),
        ([told()] * 3 + [told(output="paper")], 4, "Only 75% of its cases are free of paper; 95%"),
        ([told()] * 3 + [told(output="paper")], 4, "paper 25%"),
        ([told()] * 4, 4, "No baseline declared"),
        ([told(None)], None, "form never known (1)"),
    ],
)
def test_the_page_says_why(cases, counted, said):
    assert said in page(cases, counted)


def test_the_thresholds_in_force_are_printed_with_the_figure():
    told_so = page([], None, window_days=30, reach_percent=80, count_required=False)
    assert "over 30 days, at least 80% of its cases" in told_so
    assert "Setting of this report: a process that nobody counted may have a level" in told_so


def test_whose_definition_it_is_stands_beside_the_ratio():
    before_processes, _, after = page([], None).partition("Each process")
    assert "could not be read" in before_processes
    assert "could not be read" in after


def test_every_weight_has_its_own_word():
    assert len({weight_text(weight) for weight in Weight}) == len(Weight)


def test_a_damaged_entry_stops_the_report_instead_of_being_left_out():
    with pytest.raises(IntegrityError):
        page([told(outcome="lost")], None)


def test_the_chart_tells_its_levels_to_those_who_cannot_see_it():
    text = page([told(intake="digitised")] * 40, 40)
    assert 'aria-label="Cases of each process, by level. Needed 95%. a: paperless inside"' in text
