import pytest

from rpa.ocr.spelling import likelier


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Saint - Jérôme", "Saint-Jérôme"),
        ("zoé", "Zoé"),
        ("chemin de La Côte", "chemin de la Côte"),
        ("la Tuque", "la Tuque"),
        ("Zoé", "Zoé"),
    ],
)
def test_french_spelling_is_likelier(text, other):
    assert likelier(text) == other
