"""French and English told apart, as little as there is of them."""

import pytest

from rpa.ocr.language import is_english


@pytest.mark.parametrize(
    "text",
    [
        "PRODUCT NAME AND DATE OF REQUEST",
        "Customer Shipping Number",
        "Please return this form within ten days",
        "Thls forn must be slgned by the appllcant",
    ],
)
def test_english_is_told(text):
    assert is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Demande de remboursement des frais",
        "Nom et prenom du demandeur",
        "Adresse du lieu de residence",
        "Le montant reclame doit etre inscrit",
        "Section 3",
        "418 643-1234",
        "the",
        "",
    ],
)
def test_french_and_what_is_too_little_is_not(text):
    assert not is_english(text)
