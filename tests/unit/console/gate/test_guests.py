"""Who finds room, and who makes it."""

import pytest

from rpa.console.gate.guests import PATIENCE_S, Guests

LONG = 100.0


class Held:
    """A connection of a test."""

    def __init__(self, address, since):
        self.address, self._since, self.left = address, since, False

    def unfinished_since(self):
        return self._since

    def leave(self):
        self.left = True


@pytest.fixture
def guests():
    return Guests(most=6, each=3)


def come(guests, address, *sinces):
    held = [Held(address, since) for since in sinces]
    for one in held:
        guests.admit(one)
    return held


def test_an_address_has_its_share_and_no_more(guests):
    come(guests, "a", None, None, None)

    assert not guests.has_room("a", LONG)
    assert guests.has_room("b", LONG)


def test_the_one_of_its_own_that_kept_us_waiting_longest_makes_room(guests):
    first, second, third = come(guests, "a", 5.0, 3.0, None)
    (other,) = come(guests, "b", 1.0)

    assert guests.has_room("a", LONG)
    assert [one.left for one in (first, second, third, other)] == [False, True, False, False]
    assert len(guests) == 3


def test_an_address_makes_room_for_itself_at_once(guests):
    first, *_others = come(guests, "a", LONG - 0.002, LONG - 0.001, LONG)

    assert guests.has_room("a", LONG)
    assert first.left


def test_nobody_makes_room_for_their_equal_who_came_just_now(guests):
    for name in "abcdef":
        come(guests, name, LONG - PATIENCE_S / 2)

    assert not guests.has_room("g", LONG)


def test_a_crowd_makes_room_for_a_newcomer_at_once():
    guests = Guests(most=4, each=4)
    many = come(guests, "a", LONG, LONG, LONG, LONG)

    assert guests.has_room("b", LONG)
    assert sum(one.left for one in many) == 1
    come(guests, "b", LONG)
    assert not guests.has_room("a", LONG)


def test_where_all_is_full_the_address_with_the_most_makes_room():
    guests = Guests(most=6, each=5)
    few = come(guests, "a", 1.0, 1.0)
    many = come(guests, "b", 9.0, 8.0, 9.0, 9.0)

    assert guests.has_room("c", LONG)
    assert [one.left for one in (*few, *many)] == [False, False, False, True, False, False]


def test_those_behind_a_proxy_are_not_one_address_and_leave_last():
    guests = Guests(most=6, each=1)
    come(guests, "", 1.0, 1.0, 1.0, 1.0)
    assert guests.has_room("", LONG)
    (one,) = come(guests, "a", 50.0)
    come(guests, "", 1.0)

    assert guests.has_room("", LONG)
    assert one.left


def test_a_house_full_of_work_turns_newcomers_away_without_looking_each_time(guests):
    held = [*come(guests, "a", None, None, None), *come(guests, "b", None, None, None)]
    assert not guests.has_room("c", LONG)
    held[0]._since = 0.0

    assert not guests.has_room("c", LONG + 0.1)
    assert guests.has_room("c", LONG + 0.3)


def test_who_is_gone_is_counted_out_once(guests):
    (one,) = come(guests, "a", 1.0)
    guests.gone(one)
    guests.gone(one)

    assert len(guests) == 0
    assert list(guests) == []
