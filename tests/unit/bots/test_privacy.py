import pytest

from rpa.bots.privacy import masked

VALUES = ("Lefrançois-Œuvray", "12, rue de l’Église", "046454286")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Dossier de LEFRANCOIS refusé", "Dossier de … refusé"),
        ("oeuvray, église", "…, …"),
        ("NAS 046 454 286 invalide", "NAS … … … invalide"),
        ("NAS : 046454286", "NAS : …"),
        ("Ligne 2, code 17 :\n\n  montant", "Ligne 2, code 17 : montant"),
    ],
)
def test_values_and_long_numbers_are_masked_whatever_their_case_and_accents(said, kept):
    assert masked(said, VALUES) == kept


def test_the_receipt_number_stays_even_where_its_digits_are_long():
    said = masked(
        "Accusé ACC-2026-000123 pour Lefrançois, 2026-000042", VALUES, keep="ACC-2026-000123"
    )

    assert said == "Accusé ACC-2026-000123 pour …, …-…"


def test_a_page_of_text_is_cut():
    assert len(masked("mot " * 500, ())) == 200
