import pytest

from rpa.domain.pages import TextWord
from rpa.ocr.identification import has_title, title_box

WORDS = (
    TextWord("Formulaire", 400, 10, 450, 20),
    TextWord("Avis", 40, 80, 70, 95),
    TextWord("d’absence", 75, 82, 140, 95),
    TextWord("Employé", 40, 150, 90, 160),
)


def test_the_title_is_found_among_the_blanks_words():
    box = title_box(WORDS, "avis d'Absence")

    assert box is not None
    assert (box.x0, box.y0, box.x1, box.y1) == (40, 80, 140, 95)


@pytest.mark.parametrize("title", ["Avis de présence", "Employé Avis"])
def test_another_title_is_not_found(title):
    assert title_box(WORDS, title) is None


def test_a_title_is_known_with_a_letter_misread():
    assert has_title("Ville de X AVlS D'ABSENCE Employé", "Avis d’absence")
    assert not has_title("Avis de paiement", "Avis d’absence")
    assert not has_title("", "Avis d’absence")
