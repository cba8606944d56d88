"""The console's settings: what must go together."""

import pytest
from pydantic import ValidationError

from rpa.settings_console import ConsoleSettings


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"certfile": "chain.pem"}, "go together"),
        ({"secret": "the secret itself, written down"}, "reference"),
        ({"url": "signatures.ville.example"}, "https"),
        ({"idle_min": 0}, "greater"),
        ({"connections": 3}, "greater"),
        ({"connections_each": 0}, "greater"),
        ({"colour": "blue"}, "permitted"),
    ],
)
def test_what_is_not_right_is_said(said, told):
    with pytest.raises(ValidationError, match=told):
        ConsoleSettings.model_validate(said)


def test_nothing_needs_to_be_said():
    said = ConsoleSettings()

    assert (said.idle_min, said.session_hours, said.upload_mb) == (20, 10, 30)
