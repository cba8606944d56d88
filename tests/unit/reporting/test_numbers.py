"""Numbers, dates and durations as Québec writes them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from rpa.reporting.adapters.numbers import Numbers
from rpa.reporting.figures import Share

FR, EN = Numbers.of("fr"), Numbers.of("en")


def test_french_numbers_have_a_comma_and_narrow_spaces():
    assert FR.number(Decimal("1234.5")) == "1\u202f234,5"
    assert FR.percent(Decimal(75)) == "75\u202f%"
    assert FR.dollars(Decimal("1234567.89")) == "1\u202f234\u202f567\u202f$"


def test_english_numbers_are_those_of_english_canada():
    assert EN.number(Decimal("1234.5")) == "1,234.5"
    assert EN.percent(Decimal("94.9")) == "94.9%"
    assert EN.dollars(Decimal("1234.99")) == "$1,234"


def test_a_share_of_nothing_is_a_dash():
    assert FR.percent(Share(part=0, whole=0)) == "—"
    assert FR.percent(None) == "—"


def test_the_first_of_a_month_is_ordinal_in_french():
    assert FR.day(date(2026, 11, 1)) == "1er\u00a0novembre\u00a02026"
    assert FR.day(date(2026, 11, 11)) == "11\u00a0novembre\u00a02026"
    assert EN.day(date(2026, 11, 1)) == "November\u00a01,\u00a02026"


def test_a_moment_is_told_in_the_legal_time_of_quebec():
    at = datetime(2026, 7, 1, 3, 5, tzinfo=UTC)
    assert FR.moment(at) == "30\u00a0juin\u00a02026, 23\u00a0h\u00a005"


@pytest.mark.parametrize(
    ("lasted", "french"),
    [
        (timedelta(0), "0\u00a0min"),
        (timedelta(minutes=59, seconds=59), "59\u00a0min"),
        (timedelta(hours=5, minutes=2), "5\u00a0h\u00a02\u00a0min"),
        (timedelta(days=3, hours=4, minutes=59), "3\u00a0j\u00a04\u00a0h"),
        (timedelta(seconds=-5), "0\u00a0min"),
    ],
)
def test_durations_are_told_in_their_two_largest_units(lasted, french):
    assert FR.lasting(lasted) == french
