from datetime import UTC, datetime

import pytest

from rpa.domain.signature import Indication, Integrity
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.testing import signed_samples as s
from rpa.testing.signature_attacks import attacks
from rpa.testing.sound_updates import sound_files

AT = datetime(2026, 11, 28, tzinfo=UTC)


NOT_ACCUSED = {
    "swa-not-closed": "unsigned",  # nobody sees a signature in it
    # P=3 allows comments (ISO 32000-2, 12.8.2.2), and these can rewrite a page.
    "eaa-freetext": "indeterminate",
    "eaa-stamp": "indeterminate",
    "eaa-square": "indeterminate",
    "eaa-highlight": "indeterminate",
    "eaa-ink": "indeterminate",
}


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


def test_every_attack_but_those_named_is_called_modified_or_invalid(attacked):
    told = (Integrity.MODIFIED, Integrity.INVALID)
    others = {name: r.integrity.value for name, r in attacked.items() if r.integrity not in told}

    assert others == NOT_ACCUSED


def test_what_honest_programs_do_leaves_a_document_valid(validator):
    found = {name: validator.validate(pdf, at=AT).integrity for name, pdf in sound_files()}

    assert len(found) > 75
    assert {n: one.value for n, one in found.items() if one is not Integrity.VALID} == {}


@pytest.mark.parametrize("corners", [b"null 500 560 580 572", b"500 560 580", b"500 560 580 572 0"])
def test_a_comment_whose_place_readers_find_each_in_their_way_is_a_change(validator, corners):
    noted = s.signed(s.whole_pdf(), s.Hand(level=3))
    note = b"<</Type/Annot/Subtype/Highlight/Rect[%s]/QuadPoints[500 572 580 572 500 560 580 560]>>"
    page = s.with_items(noted, s.PAGE, b"/Annots", b"40 0 R")

    changed = s.updated(noted, {s.PAGE: page, 40: note % corners})

    assert validator.validate(changed, at=AT).integrity is Integrity.MODIFIED
