import pytest

from rpa.ocr.diacritics import Mark, marks_above, restored, without_accents

ACUTE, GRAVE, LEVEL = Mark(0, -0.8), Mark(0, 0.8), Mark(0, 0.0)


@pytest.mark.parametrize(
    ("text", "marks"),
    [("Marie-Ève", 2), ("Maïté", 3), ("O'Bomsawin", 2), ("François", 1), ("GREFFE", 0), ("Ça", 0)],
)
def test_dots_accents_and_apostrophes_are_counted_and_cedillas_are_not(text, marks):
    assert marks_above(text) == marks


def test_the_picture_tells_a_grave_accent_from_what_engines_read():
    dot = LEVEL

    assert restored(["Marie-Eve", "Marie-Ëve"], [dot, GRAVE]) == "Marie-Ève"


def test_the_picture_tells_two_dots_from_one():
    assert restored(["Maite", "Maité"], [LEVEL, ACUTE]) == "Maité"
    assert restored(["Loic", "Loïc"], [LEVEL, LEVEL]) == "Loïc"


def test_a_letter_is_never_said_to_have_no_accent():
    assert restored(["Paquet", "Pâquet"], []) is None


def test_readings_that_agree_leave_nothing_to_settle():
    assert restored(["Zoé"], [GRAVE]) is None


def test_marks_that_fit_no_reading_settle_nothing():
    assert restored(["Leve", "Levé"], [LEVEL, LEVEL, LEVEL]) is None


def test_plain_letters_have_no_accents():
    assert without_accents("L'Île où l'été") == "L'Ile ou l'ete"
