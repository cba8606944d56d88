"""Whether a visitor keeps pace, by a clock of the test's own."""

import pytest

from rpa.console.gate.limits import Pacing
from rpa.console.gate.pace import Look, Pace, Phase

PACING = Pacing(headers_s=10, grace_s=20, least_rate=100, most_s=60, linger_s=5)


@pytest.fixture
def pace():
    return Pace(PACING, 0.0)


def trickled(pace, phase, *, rate, until, unread=0):
    """Look once a second at a conversation that moves ``rate`` bytes a second."""
    for now in range(1, until + 1):
        left = max(1, unread - rate * now) if unread else 0
        pace.saw(Look(phase, received=rate * now, unread=left), now)
        if pace.is_overdue(now):
            return now
    return None


def test_bytes_buy_no_time_for_headers(pace):
    assert trickled(pace, Phase.HEADERS, rate=1_000, until=30) == 11


@pytest.mark.parametrize(("rate", "over_at"), [(1, 22), (50, 41), (100, 62), (10_000, 62)])
def test_bytes_buy_time_for_a_body_up_to_a_bound(pace, rate, over_at):
    found = trickled(pace, Phase.BODY, rate=rate, until=90)

    assert found == pytest.approx(over_at, abs=1)


@pytest.mark.parametrize(("rate", "over_at"), [(1, 22), (50, 41), (100, 62)])
def test_so_they_do_for_the_reading_of_an_answer(pace, rate, over_at):
    found = trickled(pace, Phase.OURS, rate=rate, until=90, unread=1_000_000)

    assert found == pytest.approx(over_at, abs=1)


def test_the_making_of_an_answer_is_not_the_visitors_time(pace):
    assert trickled(pace, Phase.OURS, rate=0, until=1_000) is None


def test_while_we_do_not_read_time_does_not_count(pace):
    for now in range(1, 100):
        pace.saw(Look(Phase.BODY, received=500, is_held=True), now)
        assert not pace.is_overdue(now)
    pace.saw(Look(Phase.BODY, received=500), 100)
    assert not pace.is_overdue(110)
    assert pace.is_overdue(125)


def test_the_next_request_has_its_own_time(pace):
    pace.saw(Look(Phase.HEADERS), 9)
    pace.saw(Look(Phase.OURS, received=100), 9.5)
    pace.saw(Look(Phase.HEADERS, received=100), 30)
    assert not pace.is_overdue(39)
    assert pace.is_overdue(41)


def test_what_comes_in_after_the_answer_is_borne_for_a_moment(pace):
    assert trickled(pace, Phase.LEAVING, rate=1_000_000, until=30) in (6, 7)


@pytest.mark.parametrize(
    ("look", "since"),
    [
        (Look(Phase.HEADERS), 0),
        (Look(Phase.BODY, received=5), 1),
        (Look(Phase.BODY, received=50_000), None),
        (Look(Phase.OURS), None),
        (Look(Phase.OURS, unread=50_000), 1),
    ],
)
def test_who_keeps_us_waiting_is_told_from_who_is_at_work(pace, look, since):
    pace.saw(Look(look.phase, unread=look.unread), 1)
    pace.saw(look, 7)

    assert pace.waited_since(7) == since


def test_a_short_pause_keeps_nobody_waiting(pace):
    pace.saw(Look(Phase.BODY), 1)

    assert pace.waited_since(1.9) is None
