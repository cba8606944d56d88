"""The shipped fake keeps the promises of the contract that a browser keeps in integration."""

from dataclasses import replace
from pathlib import Path

import pytest

from rpa.bots.api import Bot, FilingRequest, Target
from rpa.domain.errors import (
    OutcomeUnknownError,
    TargetRefusedError,
    TargetUnavailableError,
    ToolUnavailableError,
)
from rpa.domain.filing import Presence
from rpa.testing.bots import Failure, RecordingBot

REQUEST = FilingRequest("K-1", {}, {}, Path("bot.yaml"), Target("http://host", "u", "p"))


def filed(bot: Bot, *, failing=None):
    screens = []
    if failing is None:
        return bot.file(REQUEST, before_commit=screens.append).receipt, len(screens)
    with pytest.raises(failing):
        bot.file(REQUEST, before_commit=screens.append)
    return None, len(screens)


def test_a_filing_calls_before_the_commit_once_and_is_found_by_its_receipt():
    bot = RecordingBot()

    receipt, calls = filed(bot)
    found = bot.find(REQUEST)

    assert (calls, found.presence, found.receipt) == (1, Presence.FOUND_ONCE, receipt)


@pytest.mark.parametrize(
    ("failure", "error", "calls", "presence"),
    [
        (Failure.REFUSED, TargetRefusedError, 0, Presence.ABSENT),
        (Failure.BEFORE_COMMIT, TargetUnavailableError, 0, Presence.ABSENT),
        (Failure.COMMIT_LOST, OutcomeUnknownError, 1, Presence.ABSENT),
        (Failure.AFTER_COMMIT, OutcomeUnknownError, 1, Presence.FOUND_ONCE),
    ],
)
def test_it_fails_once_as_told_and_then_files(failure, error, calls, presence):
    bot = RecordingBot(failures=[failure])

    assert filed(bot, failing=error) == (None, calls)
    assert bot.find(REQUEST).presence is presence
    assert filed(bot)[1] == 1


def test_two_filings_under_one_key_are_several():
    bot = RecordingBot()
    filed(bot)
    filed(bot)

    assert bot.find(REQUEST).presence is Presence.SEVERAL


def test_a_target_that_is_down_cannot_tell():
    assert RecordingBot(is_searchable=False).find(REQUEST).presence is Presence.UNKNOWN


def test_an_intent_that_cannot_be_written_stops_the_commit():
    bot = RecordingBot()

    def disk_is_full(_screen):
        raise ToolUnavailableError("The disk is full.")

    with pytest.raises(ToolUnavailableError):
        bot.file(REQUEST, before_commit=disk_is_full)
    assert bot.filed == []


def test_equal_records_are_told_before_the_commit_where_the_target_keeps_no_key():
    bot, seen = RecordingBot(holds_key=False), []
    first, _calls = filed(bot)
    second = replace(REQUEST, key="K-2")
    bot.file(second, before_commit=seen.append)

    assert seen[0].present == (first.number,)
    assert bot.find(second).presence is Presence.SEVERAL
    assert bot.find(second).without(seen[0].present).presence is Presence.FOUND_ONCE


def test_a_rehearsal_commits_nothing_and_is_kept_as_evidence():
    bot, kept = RecordingBot(), []

    assert bot.rehearse(REQUEST, keep=kept.append).screen == bot.screen
    assert [exhibit.name for exhibit in kept] == ["record.json"]
    assert bot.filed == []


def test_a_receipt_can_be_that_of_the_case_before():
    bot = RecordingBot()
    first, _calls = filed(bot)
    bot.failures.append(Failure.STALE_RECEIPT)

    assert filed(bot)[0] == first


def test_a_commit_can_be_on_its_way():
    bot = RecordingBot(failures=[Failure.COMMIT_LATE])
    filed(bot, failing=OutcomeUnknownError)
    assert bot.find(REQUEST).presence is Presence.ABSENT
    bot.arrive()
    assert bot.find(REQUEST).presence is Presence.FOUND_ONCE
