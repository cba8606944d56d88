"""A log-in is used by one at a time, whoever asks."""

import threading
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from rpa.domain.errors import DefinitionError, TargetPausedError
from rpa.domain.target import OpeningHours
from rpa.steps.hours import opens_in
from rpa.steps.targets import Logins
from rpa.testing.clock import FrozenClock
from rpa.testing.register import open_test_register
from rpa.testing.toolbox import fake_target

TORONTO = ZoneInfo("America/Toronto")


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
def pool(tmp_path, clock):
    """Make a pool of log-ins over one register."""
    register = open_test_register(tmp_path, clock)

    def make(owner="worker:test:1:1", dead=()):
        dying = set(dead)
        return Logins(
            register,
            owner=owner,
            is_dead=lambda name: name.partition("/")[0] in dying,
            timer=clock.timer(),
        )

    return make


def test_a_log_in_is_lent_to_one_at_a_time(pool):
    one, two, target = pool(), pool(), fake_target("old")

    with one.borrowed(target), pytest.raises(TargetPausedError, match="in use"):
        two.borrowed(target).__enter__()


def test_a_pool_keeps_its_log_in_until_it_is_closed(pool):
    one, two, target = pool(), pool(), fake_target("old")
    with one.borrowed(target) as lease:
        assert lease.username == "u"
    with pytest.raises(TargetPausedError):
        two.borrowed(target).__enter__()

    one.close()
    with two.borrowed(target) as lease:
        assert lease.fence == 2


def test_two_at_once_get_two_log_ins(pool):
    one, target = pool(), fake_target("old", "a", "b")

    with one.borrowed(target) as first, one.borrowed(target) as second:
        assert {first.username, second.username} == {"a", "b"}


def test_a_thread_is_lent_the_log_in_it_had(pool):
    one, target = pool(), fake_target("old", "a", "b")
    had: dict[str, list[str]] = {"x": [], "y": []}
    both = threading.Barrier(2)

    def work(name):
        for _case in range(5):
            with one.borrowed(target) as lease:
                had[name].append(lease.username)
                both.wait(5)

    threads = [threading.Thread(target=work, args=(name,)) for name in had]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert [len(set(names)) for names in had.values()] == [1, 1]


def test_a_dead_owners_log_in_is_free_at_once(pool):
    with pool(owner="worker:gone:1:1").borrowed(fake_target("old")):
        heir = pool(dead=["worker:gone:1:1"])
        with heir.borrowed(fake_target("old")) as lease:
            assert lease.fence == 2


def test_a_refused_log_in_is_left_for_another_and_for_good(pool):
    one, target = pool(), fake_target("old", "a", "b")
    with one.borrowed(target) as lease:
        one.refuse(target, lease)

    with one.borrowed(target) as second:
        assert second.username == "b"
        one.refuse(target, second)
    with pytest.raises(DefinitionError) as met:
        one.borrowed(target).__enter__()
    assert met.value.reason == "login-refused"


def test_a_log_in_that_worked_before_is_refused_for_good_the_second_time(pool):
    one, target = pool(), fake_target("old")
    refusals = []
    for _try in range(2):
        with one.borrowed(target) as lease:
            if not refusals:
                one.accept(target, lease)
            refusals.append(one.refuse(target, lease))

    assert refusals == [False, True]
    with pytest.raises(DefinitionError):
        one.borrowed(target).__enter__()


@pytest.mark.parametrize(
    ("now", "wait_h"),
    [
        ("2026-11-24T12:00", 0),  # a Tuesday
        ("2026-11-24T07:00", 1),
        ("2026-11-27T17:00", 3 * 24 - 9),
        ("2026-11-28T03:00", 2 * 24 + 5),
    ],
)
def test_a_target_opens_on_its_days(now, wait_h):
    hours = [OpeningHours.model_validate({"from": "08:00", "to": "17:00"})]

    at = datetime.fromisoformat(now).replace(tzinfo=TORONTO)
    assert opens_in(hours, at) == wait_h * 3600


def test_hours_may_go_on_past_midnight():
    hours = [OpeningHours.model_validate({"days": [1], "from": "22:00", "to": "05:00"})]

    assert opens_in(hours, datetime(2026, 11, 24, 4, tzinfo=TORONTO)) == 0
    assert opens_in([], datetime(2026, 11, 24, 4, tzinfo=TORONTO)) == 0
