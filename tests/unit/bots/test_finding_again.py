"""A bot nobody can ask what it filed is refused."""

import pytest

from rpa.bots.finding_again import approve_bot
from rpa.domain.errors import DefinitionError

FILE = """
file:
  - goto: "{url}/"
  - click: {button: OK, commits: true}
  - receipt: {pattern: 'No ([0-9]+)'}
"""


def test_a_bot_that_commits_must_say_how_a_doubt_is_settled(tmp_path):
    bot = tmp_path / "bot.yaml"
    bot.write_text(FILE)
    with pytest.raises(DefinitionError) as met:
        approve_bot(bot)
    assert met.value.reason == "no-find"


def test_a_person_may_be_named_in_writing(tmp_path):
    bot = tmp_path / "bot.yaml"
    bot.write_text(FILE + "doubt: person\n")
    approve_bot(bot)
