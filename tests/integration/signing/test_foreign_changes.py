"""What other makers' programs change without touching what a file says is no forgery."""

from datetime import UTC, datetime

import pytest

from rpa.domain.signature import Integrity
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.testing.foreign_changes import forged_changes, sound_changes

AT = datetime(2026, 11, 28, tzinfo=UTC)
SOUND, FORGED = dict(sound_changes()), dict(forged_changes())


@pytest.fixture(scope="module")
def judge():
    return PyHankoValidator(trust_roots=[])


@pytest.mark.parametrize("name", SOUND)
def test_what_changes_nothing_that_was_said_is_valid(judge, name):
    assert judge.validate(SOUND[name], at=AT).integrity is Integrity.VALID


@pytest.mark.parametrize("name", FORGED)
def test_the_forged_neighbours_are_modified(judge, name):
    assert judge.validate(FORGED[name], at=AT).integrity is Integrity.MODIFIED
