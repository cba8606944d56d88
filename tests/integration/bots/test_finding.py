import pytest

from rpa.domain.filing import Presence
from rpa.testing.filings import filing_request

pytestmark = pytest.mark.browser


@pytest.fixture
def deposited(post):
    def deposit(reference, times=1):
        for _time in range(times):
            post(reference)

    return deposit


def finding(bot, legacy, key):
    return bot.find(filing_request("avis-absence", legacy.target(timeout_s=3), key=key))


def test_a_key_that_nothing_holds_is_absent(bot, legacy):
    assert finding(bot, legacy, "F-NOBODY").presence is Presence.ABSENT


def test_a_key_within_longer_references_is_absent(bot, legacy, deposited):
    deposited("F-1000-B")

    found = finding(bot, legacy, "F-1000")

    assert (found.presence, found.receipt) == (Presence.ABSENT, None)


def test_a_key_held_once_is_found_with_its_number_among_similar_ones(bot, legacy, deposited):
    deposited("F-2000")
    deposited("F-2000-B")

    found = finding(bot, legacy, "F-2000")

    assert found.presence is Presence.FOUND_ONCE
    assert found.receipt.number == legacy.deposits("F-2000")[0].number


def test_a_key_held_twice_is_several(bot, legacy, deposited):
    deposited("F-3000", times=2)

    found = finding(bot, legacy, "F-3000")

    assert (found.presence, found.receipt) == (Presence.SEVERAL, None)


def test_a_list_that_is_cut_off_proves_no_absence(bot, legacy, deposited):
    deposited("F-4000-X", times=50)

    assert finding(bot, legacy, "F-4000").presence is Presence.UNKNOWN


def test_a_search_page_that_is_down_leaves_it_unknown(bot, legacy):
    legacy.misbehave("down", count=None)

    found = finding(bot, legacy, "F-5000")

    assert found.presence is Presence.UNKNOWN
    assert "503" in found.detail


def test_a_session_lost_before_the_search_is_opened_again(bot, legacy):
    legacy.misbehave("session", path="/recherche")

    assert finding(bot, legacy, "F-6000").presence is Presence.ABSENT
