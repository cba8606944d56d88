from datetime import date

import pytest

from rpa.domain.form import FieldKind
from rpa.domain.kinds import Writing
from rpa.ocr.dates import ReadDay, read_day
from rpa.ocr.parsers import parse


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24",
        "2026/11/24",
        "2026 11 24",
        "2026 - 11 - 24",
        "2026–11–24",
        "20261124",
        "24/11/2026",
        "24.11.2026",
        "11/24/2026",
        "24 novembre 2026",
        "le 24 novembre 2026",
        "24 NOV. 2026",
        "November 24, 2026",
        "Nov 24 2026",
        "24th November 2026",
        "mardi 24 novembre 2026",
        "24-nov-26",
        "2026 nov. 24",
        "24112026",
        "2 4 1 1 2 0 2 6",
        "2|4|1|1|2|0|2|6",
        "2 4 / 1 1 / 2 0 2 6",
    ],
)
def test_every_usual_way_to_write_a_day_is_read(text):
    found = read_day(text)

    assert found is not None
    assert found.day == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1er mai 2026", date(2026, 5, 1)),
        ("3 août 1999", date(1999, 8, 3)),
        ("12 févr. 2024", date(2024, 2, 12)),
        ("29/02/2024", date(2024, 2, 29)),
        ("03/04/2026", date(2026, 4, 3)),
        ("31-12-99", date(1999, 12, 31)),
    ],
)
def test_day_comes_before_month_and_short_years_turn_at_fifty(text, day):
    found = read_day(text)

    assert found is not None
    assert found.day == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "demain",
        "2026-02-30",
        "2026-13-01",
        "29/02/2025",
        "1799-01-01",
        "24 brumaire 2026",
        "1-2",
    ],
)
def test_what_the_calendar_does_not_have_is_no_day(text):
    assert read_day(text) is None


def test_a_short_date_that_could_be_two_days_is_ambiguous():
    assert read_day("05-06-07").is_ambiguous
    assert not read_day("31-12-99").is_ambiguous


def test_look_alikes_of_digits_are_corrected_in_pixels_only():
    assert parse(FieldKind.DATE, "2O26-ll-24", from_pixels=True).value == "2026-11-24"
    assert parse(FieldKind.DATE, "2O26-ll-24", from_pixels=False).problem == "not-a-date"


def test_an_ambiguous_date_says_so():
    assert parse(FieldKind.DATE, "05-06-07", from_pixels=False).problem == "ambiguous-date"


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("05-06-07", "dmy", date(2007, 6, 5)),
        ("05-06-07", "ymd", date(2005, 6, 7)),
        ("05-06-07", "mdy", date(2007, 5, 6)),
        ("050607", "ymd", date(2005, 6, 7)),
        ("11/12/2026", "mdy", date(2026, 11, 12)),
    ],
)
def test_a_declared_order_settles_what_the_numbers_leave_open(text, order, day):
    assert read_day(text, Writing(order=order)) == ReadDay(day)


def test_a_date_against_its_declared_order_is_none():
    assert read_day("11/24/2026", Writing(order="dmy")) is None


def test_the_century_turns_where_the_form_says():
    assert read_day("01-02-30", Writing(order="dmy", pivot=27)) == ReadDay(date(1930, 2, 1))
    assert read_day("01-02-26", Writing(order="dmy", pivot=27)) == ReadDay(date(2026, 2, 1))


@pytest.mark.parametrize(
    ("text", "value"),
    [("3 novernbre 2026", "2026-11-03"), ("3 juillct 2026", "2026-07-03"), ("3 mais 2026", None)],
)
def test_a_misread_month_is_the_only_one_that_is_near(text, value):
    assert parse(FieldKind.DATE, text, from_pixels=True).value == value
    assert parse(FieldKind.DATE, text, from_pixels=False).value is None
