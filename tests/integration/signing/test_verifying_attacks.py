from datetime import UTC, datetime

import pytest

from rpa.domain.signature import Indication, Integrity
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.testing.signature_attacks import attacks
from rpa.testing.sound_updates import sound_files

AT = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.fixture(scope="module")
def validator():
    return PyHankoValidator(trust_roots=[])


@pytest.fixture(scope="module")
def attacked(validator):
    return {name: validator.validate(pdf, at=AT) for name, pdf in attacks()}


def test_no_published_attack_is_called_valid(attacked):
    assert len(attacked) > 150
    assert [n for n, report in attacked.items() if report.integrity is Integrity.VALID] == []
    passed = [n for n, r in attacked.items() if r.indication is Indication.TOTAL_PASSED]
    assert passed == []


def test_almost_every_attack_is_called_modified_or_invalid(attacked):
    told = [r for r in attacked.values() if r.integrity in (Integrity.MODIFIED, Integrity.INVALID)]

    assert len(told) >= 0.96 * len(attacked)


def test_what_honest_programs_do_leaves_a_document_valid(validator):
    found = {name: validator.validate(pdf, at=AT).integrity for name, pdf in sound_files()}

    assert len(found) > 75
    assert {n: one.value for n, one in found.items() if one is not Integrity.VALID} == {}
