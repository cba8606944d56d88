"""The shipped fake keeps the promises of the contract that a browser keeps in integration."""

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
