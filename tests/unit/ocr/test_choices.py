import pytest

from rpa.domain.form import FieldDefinition
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual
from rpa.ocr.choices import distance, matched
from rpa.ocr.parsers import Change, Parsed

DEPARTMENTS = ("Ressources humaines", "Finances", "Greffe", "Travaux publics")


def field(**said):
    zone = Box(x0=0, y0=0, x1=1, y1=1)
    return FieldDefinition(name="service", label=Bilingual(fr="s", en="s"), zone=zone, **said)


def chosen(text, *, from_pixels=True, choices=DEPARTMENTS):
    return matched(Parsed(text), field(choices=choices), from_pixels=from_pixels)


@pytest.mark.parametrize(
    ("one", "other", "apart"), [("", "abc", 3), ("greffe", "griffe", 1), ("abc", "abc", 0)]
)
def test_distance_counts_the_letters_to_change(one, other, apart):
    assert distance(one, other) == distance(other, one) == apart


def test_an_exact_choice_is_proven_whatever_its_case_and_accents():
    assert chosen("FINANCES") == Parsed("Finances", is_proven=True)
    assert chosen("Réssources humaines").value == "Ressources humaines"


def test_a_misread_choice_is_the_closest_one_and_counts_its_letters():
    assert chosen("Grefte") == Parsed("Greffe", changes=(Change(4, "t", "f"),))


@pytest.mark.parametrize("text", ["Trésorerie", "G", "Fin"])
def test_a_reading_far_from_every_choice_is_none_of_them(text):
    assert chosen(text).problem == "not-a-choice"


def test_a_reading_as_close_to_two_choices_is_neither():
    halves = ("Avant-midi 1", "Avant-midi 2")

    assert chosen("Avant-midi 2", choices=halves).value == "Avant-midi 2"
    assert chosen("Avant-midi 3", choices=halves).problem == "not-a-choice"


def test_a_typed_choice_must_be_the_choice():
    assert chosen("Grefte", from_pixels=False).value is None
    assert chosen("greffe", from_pixels=False).value == "Greffe"


def test_a_pattern_is_met_by_digits_read_as_letters():
    six = field(pattern="^[0-9]{6}$")

    assert matched(Parsed("l2345O"), six, from_pixels=True) == Parsed(
        "123450", changes=(Change(0, "l", "1"), Change(5, "O", "0"))
    )
    assert matched(Parsed("l2345O"), six, from_pixels=False).problem == "pattern"
    assert matched(Parsed("12345"), six, from_pixels=True).problem == "pattern"


def test_a_field_without_choices_or_pattern_is_left_as_it_is():
    assert matched(Parsed("ailleurs"), field(), from_pixels=True) == Parsed("ailleurs")


def test_a_choice_of_the_same_look_is_that_choice_however_short():
    assert chosen("0ui", choices=("Oui", "Non")).value == "Oui"
    assert chosen("0ui", choices=("Oui", "Non"), from_pixels=False).value is None
    assert chosen("Oeuvres", choices=("Œuvres", "Livres")) == Parsed("Œuvres", is_proven=True)
    assert chosen("l0", choices=("10", "20")).value == "10"


def test_a_pattern_of_letters_and_digits_is_met_by_look_alikes():
    plate = field(pattern="[A-Z]{3}[0-9]{3}")

    assert matched(Parsed("A8C l2O"), plate, from_pixels=True).value == "ABC120"
    assert matched(Parsed("A9C 120"), plate, from_pixels=True).problem == "pattern"
