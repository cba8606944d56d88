import pytest

from rpa.domain.verdict_places import place_words
from rpa.i18n import speaking


@pytest.mark.parametrize(
    ("where", "french"),
    [
        ("page 2", "page 2"),
        ("page 2 as poppler draws it", "page 2 telle que poppler la dessine"),
        (
            "page 1 as PDFium draws it, beside text",
            "page 1 telle que PDFium la dessine, tout contre du texte",
        ),
        ("not drawn by MuPDF", "MuPDF n’a pas pu la dessiner"),
        ("more than 120 pages", "plus de 120 pages"),
        ("second analysis objects", "une seconde analyse s’y oppose"),
        ("catalog OCProperties", "catalog OCProperties"),
        ("demandeur.nom", "demandeur.nom"),
    ],
)
def test_places_are_told_in_words_and_names_stand_as_they_are(where, french):
    with speaking("fr"):
        assert place_words(where) == french
