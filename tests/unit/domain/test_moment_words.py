"""Moments as people say them, in both languages, in the organisation's zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from rpa.domain.moment_words import deadline_words, moment_words
from rpa.i18n import speaking

MONTREAL = ZoneInfo("America/Toronto")
NOW = datetime(2026, 12, 1, 10, 5, tzinfo=MONTREAL)


def said(at, language, *, now=NOW):
    with speaking(language):
        return deadline_words(at, now=now, zone=MONTREAL)


@pytest.mark.parametrize(
    ("at", "french", "english"),
    [
        (
            (2026, 12, 4, 16),
            "dans 3 jours, le vendredi 4 décembre à 16 h",
            "in 3 days, on Friday, December 4 at 4 p.m.",
        ),
        (
            (2026, 12, 2, 23, 59),
            "demain, le mercredi 2 décembre à 23 h 59",
            "tomorrow, Wednesday, December 2 at 11:59 p.m.",
        ),
        ((2026, 12, 1, 16, 5), "aujourd’hui à 16 h 05", "today at 4:05 p.m."),
        (
            (2026, 12, 1, 10, 30),
            "dans 25 min, aujourd’hui à 10 h 30",
            "in 25 min, today at 10:30 a.m.",
        ),
        ((2026, 12, 1, 9), "aujourd’hui à 9 h", "today at 9 a.m."),
        (
            (2026, 11, 30, 12),
            "hier, le lundi 30 novembre à 12 h",
            "yesterday, Monday, November 30 at 12 p.m.",
        ),
        (
            (2026, 11, 1, 0, 30),
            "il y a 30 jours, le dimanche 1er novembre à 0 h 30",
            "30 days ago, on Sunday, November 1 at 12:30 a.m.",
        ),
        (
            (2027, 1, 1, 0),
            "dans 31 jours, le vendredi 1er janvier 2027 à 0 h",
            "in 31 days, on Friday, January 1, 2027 at 12 a.m.",
        ),
        (
            (2026, 12, 31, 8),
            "dans 30 jours, le jeudi 31 décembre à 8 h",
            "in 30 days, on Thursday, December 31 at 8 a.m.",
        ),
    ],
)
def test_deadlines_are_told_in_days_and_by_their_day_and_hour(at, french, english):
    moment = datetime(*at, tzinfo=MONTREAL)

    assert said(moment, "fr") == french
    assert said(moment, "en") == english


def test_days_are_those_of_the_organisation_wherever_clocks_stand():
    late_here = datetime(2026, 12, 5, 4, 59, tzinfo=UTC)  # 23:59 on the fourth in Montréal
    now = datetime(2026, 12, 4, 3, 0, tzinfo=UTC)  # still the third there

    assert said(late_here, "fr", now=now) == "demain, le vendredi 4 décembre à 23 h 59"


def test_a_day_of_25_hours_is_a_day():
    before = datetime(2026, 10, 31, 12, tzinfo=MONTREAL)
    after = datetime(2026, 11, 1, 12, tzinfo=MONTREAL)  # clocks went back in the night

    assert said(after, "fr", now=before).startswith("demain, le dimanche 1er novembre")


def test_a_moment_is_told_by_its_day_and_hour():
    at = datetime(2026, 12, 1, 21, 30, tzinfo=UTC)
    with speaking("fr"):
        assert moment_words(at, zone=MONTREAL) == "1er décembre 2026 à 16 h 30"
    with speaking("en"):
        assert moment_words(at, zone=MONTREAL) == "December 1, 2026 at 4:30 p.m."
