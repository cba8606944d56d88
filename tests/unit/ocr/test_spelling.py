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


@pytest.mark.parametrize(
    ("text", "whole"),
    [("D'Amour s", "D'Amours"), ("Montré al", "Montréal"), ("Ga spé", "Gaspé")],
)
def test_a_word_that_was_torn_is_rather_one(text, whole):
    assert whole in likelier(text)


@pytest.mark.parametrize("text", ["Ville de Lévis", "Don à la ville", "rue du", "Anh Thu"])
def test_short_words_stand_by_themselves(text):
    assert likelier(text) == ()
