from rpa.bots.recording.dating import dates_joined, in_calendar
from rpa.bots.recording.drafts import Draft
from rpa.bots.recording.matching import Matcher
from rpa.domain.form import FieldKind as Kind
from rpa.testing.recordings import event, options, sample_of

DAYS = options("", *(str(day) for day in range(1, 32)))
MONTHS = options("", *(str(month) for month in range(1, 13)))
YEARS = options("", *(str(year) for year in range(1990, 2031)))
CASE = sample_of({"debut": "2026-12-21", "fin": "2027-01-04"}, debut=Kind.DATE, fin=Kind.DATE)


def drafts(*parts, label="Premier jour"):
    made = []
    for name, value, listed in parts:
        told = event(
            "select", label, control=name, ways=({"name": name},), value=value, options=listed
        )
        made.append(Draft("", told, ways=told.ways))
    return made


def joined(*parts, case=CASE, label="Premier jour"):
    return dates_joined(drafts(*parts, label=label), Matcher(case))


def test_three_lists_in_any_order_are_one_date():
    (step,) = joined(("A", "2026", YEARS), ("J", "21", DAYS), ("M", "12", MONTHS))

    assert step.verb == "date"
    assert step.body["value"] == "{debut}"
    assert [step.body[part]["name"] for part in ("day", "month", "year")] == ["J", "M", "A"]
    assert step.notes == []


def test_a_month_may_be_a_word_and_a_day_have_a_zero_before_it():
    told = drafts(("J", "04", ()), ("M", "x", ()), ("A", "2027", ()), label="Dernier jour")
    told[1].event = told[1].event.model_copy(update={"text": "Janvier"})

    (step,) = dates_joined(told, Matcher(CASE))

    assert step.body["value"] == "{fin}"
    assert step.body["month"]["name"] == "M"


def test_day_and_month_that_look_alike_are_told_by_the_lists_or_to_confirm():
    case = sample_of({"jour": "2026-05-05"}, jour=Kind.DATE)

    (sure,) = joined(("X", "5", MONTHS), ("Y", "5", DAYS), ("Z", "2026", YEARS), case=case)
    (unsure,) = joined(("X", "5", ()), ("Y", "5", ()), ("Z", "2026", ()), case=case)

    assert sure.body["month"]["name"] == "X"
    assert sure.notes == []
    assert unsure.notes


def test_a_date_that_is_not_of_the_case_stays_three_lists():
    assert len(joined(("J", "1", DAYS), ("M", "2", MONTHS), ("A", "1999", YEARS))) == 3


def test_what_is_no_date_or_stands_apart_stays_as_it_is():
    assert len(joined(("J", "31", DAYS), ("M", "2", MONTHS), ("A", "2026", YEARS))) == 3
    assert len(joined(("J", "21", DAYS), ("M", "12", MONTHS))) == 2


def click(day, head):
    return event("click", value=day, text=head, ways=({"link": day},), calendar={"id": "cal"})


def test_a_day_clicked_in_a_calendar_is_the_date_of_its_month():
    case = sample_of({"a": "2025-10-21", "b": "2026-12-21"}, a=Kind.DATE, b=Kind.DATE)

    step = in_calendar(click("21", "< décembre 2026 >"), Matcher(case))

    assert step.verb == "date"
    assert step.body == {"value": "{b}", "calendar": {"id": "cal"}}


def test_a_day_that_is_no_date_of_the_case_stays_a_click_to_confirm():
    step = in_calendar(click("2", "< décembre 2026 >"), Matcher(CASE))

    assert step.verb == "click"
    assert step.notes
