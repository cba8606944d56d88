"""Browsers known from before: the mark gives a count of its own, and nothing else."""

import pytest

from rpa.identity.adapters.aes_seal import AesSeal
from rpa.steps.devices import MOST_PEOPLE, device_known, device_with

SEAL = AesSeal("a secret of the console, long enough")


def test_a_browser_is_known_for_whoever_logged_in_from_it_and_nobody_else():
    shown = device_with("", "lucie", SEAL)

    assert device_known(shown, "lucie", SEAL)
    assert not device_known(shown, "marc", SEAL)


def test_several_people_may_share_a_browser():
    shown = device_with(device_with("", "lucie", SEAL), "marc", SEAL)

    assert device_known(shown, "lucie", SEAL) == device_known(shown, "marc", SEAL) != ""
    for number in range(MOST_PEOPLE):
        shown = device_with(shown, f"p{number}", SEAL)
    assert not device_known(shown, "lucie", SEAL)
    assert device_known(shown, "p0", SEAL)
    assert shown.count(".") == MOST_PEOPLE


def test_logging_in_again_changes_nothing():
    shown = device_with("", "lucie", SEAL)

    assert device_with(shown, "lucie", SEAL) == shown


@pytest.mark.parametrize(
    "said",
    ["", ".", "x", "é" * 2000, "0" * 32, "0" * 32 + "." + "0" * 64, "\udce9." + "f" * 64],
)
def test_what_was_not_made_here_is_no_browser_of_anybody(said):
    assert not device_known(said, "lucie", SEAL)
    assert device_known(device_with(said, "lucie", SEAL), "lucie", SEAL)


def test_a_mark_of_another_house_is_none():
    other = AesSeal("a secret of another console, long enough")

    assert not device_known(device_with("", "lucie", other), "lucie", SEAL)
