import pytest

from rpa.ocr.spelling import likelier


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("Saint - Jérôme", ("Saint-Jérôme",)),
        ("zoé", ("Zoé",)),
        ("chemin de La Côte", ("Chemin de la Côte", "chemin de la Côte")),
        ("la Tuque", ()),
        ("Zoé", ()),
        ("", ()),
    ],
)
def test_french_spelling_is_likelier(text, others):
    assert likelier(text) == others
