"""Forged data never change an answer, true data always do: every kind, in every place."""

from itertools import product

import pytest

from rpa.domain.signature import Indication, Integrity, RevocationRule, Trust
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.adapters.verification.trusted import Authorities
from rpa.testing import trust_cases_aside as aside
from rpa.testing.trust_cases import (
    FORGED,
    PARTIAL,
    TRUE,
    Given,
    about_another,
    chain_is_good,
    says,
    signed_document,
    town,
    trust_anchor,
    with_store,
)
from rpa.testing.trust_pki import NOW

WORDS = ("good", "revoked")
PLACES = ("store", "held")
BASES = ("nothing", *WORDS)


@pytest.fixture(scope="module")
def document():
    return signed_document(town().signer)


def judged(pdf, given=Given(), *, place="store", at=NOW, **wishes):  # noqa: B008 - a value
    validator = PyHankoValidator(trust_roots=[])
    held = None
    if place == "held":
        held = given.held()
        pdf = with_store(pdf, Given(certificates=given.certificates))
    else:
        pdf = with_store(pdf, given)
    validator._authorities = Authorities([trust_anchor()], held, **wishes)
    return validator.validate(pdf, at=at)


def answer(report):
    status = report.signatures[0]
    assert status.integrity is Integrity.VALID
    return status.trust, status.indication, status.sub_indication, status.level, report.warnings


def base(word):
    """Return what the document holds already: nothing of the signer, or a true word."""
    if word == "nothing":
        return chain_is_good()
    return chain_is_good() + TRUE["list"](says(word))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("kind", "word", "known"), [*product(FORGED, WORDS, BASES)])
def test_forged_data_never_change_the_answer(document, kind, word, known, place):
    forged = FORGED[kind](says(word))

    without = judged(document, base(known), place=place)
    together = judged(document, base(known) + forged, place=place)

    assert answer(together) == answer(without)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", TRUE)
def test_true_data_always_change_the_answer(document, kind, place):
    cleared = judged(document, chain_is_good() + TRUE[kind](says("good")), place=place)
    revoked = judged(document, chain_is_good() + TRUE[kind](says("revoked")), place=place)

    assert answer(cleared)[:2] == (Trust.TRUSTED, Indication.TOTAL_PASSED)
    assert answer(revoked)[:3] == (Trust.REVOKED, Indication.INDETERMINATE, "REVOKED_NO_POE")


@pytest.mark.parametrize("kind", TRUE)
@pytest.mark.parametrize("forgery", ["ocsp by an impostor", "list by an impostor"])
def test_a_true_revocation_holds_beside_forged_and_true_good_words(document, kind, forgery):
    told = TRUE[kind](says("revoked")) + FORGED[forgery](says("good")) + TRUE["list"](says("good"))

    assert answer(judged(document, chain_is_good() + told))[0] is Trust.REVOKED


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", PARTIAL)
def test_data_that_cannot_clear_a_certificate_can_still_revoke_it(document, kind, place):
    cleared = judged(document, chain_is_good() + PARTIAL[kind](says("good")), place=place)
    revoked = judged(document, chain_is_good() + PARTIAL[kind](says("revoked")), place=place)

    assert answer(cleared)[:3] == (
        Trust.REVOCATION_UNKNOWN,
        Indication.INDETERMINATE,
        "TRY_LATER",
    )
    assert answer(revoked)[0] is Trust.REVOKED


def test_an_indirect_list_speaks_of_a_certificate_only_under_its_own_issuer(document):
    named = judged(document, chain_is_good() + about_another("revoked"))

    assert answer(named)[0] is Trust.TRUSTED


def test_without_data_the_policy_decides_and_the_warning_says_so(document):
    required = judged(document)
    available = judged(document, rule=RevocationRule.IF_AVAILABLE)

    assert required.sub_indication == "TRY_LATER"
    assert available.indication is Indication.TOTAL_PASSED
    assert required.warnings == available.warnings == ("revocation-not-checked",)


@pytest.mark.parametrize(("kind", "word", "known"), [*product(aside.FORGED, WORDS, BASES)])
def test_forged_data_kept_aside_never_change_the_answer(document, kind, word, known):
    forged = aside.FORGED[kind](says(word))

    without = judged(document, base(known), place="held")
    together = judged(document, base(known) + forged, place="held")

    assert answer(together) == answer(without)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", aside.TRUE)
def test_true_data_kept_aside_always_change_the_answer(document, kind, place):
    cleared = judged(document, chain_is_good() + aside.TRUE[kind](says("good")), place=place)
    revoked = judged(document, chain_is_good() + aside.TRUE[kind](says("revoked")), place=place)

    assert answer(cleared)[:2] == (Trust.TRUSTED, Indication.TOTAL_PASSED)
    assert answer(revoked)[:3] == (Trust.REVOKED, Indication.INDETERMINATE, "REVOKED_NO_POE")
