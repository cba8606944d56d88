"""Printed page numbers."""

import pytest

from rpa.ocr.api import PageText, Word
from rpa.ocr.piles import page_number

WIDTH, HEIGHT = 850, 1100


def page(*lines, turn=0):
    """Return a page of lines, each a text and how far down it stands, 0 to 1."""
    words = []
    for line, (text, down) in enumerate(lines):
        for column, word in enumerate(text.split()):
            x, y = 100 + 90 * column, down * HEIGHT
            words.append(Word(word, x, y - 5, x + 80, y + 5, 0.9, line))
    return PageText(WIDTH, HEIGHT, tuple(words), turn=turn)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Page 1 de 3", (1, 3)),
        ("page : 2 / 12", (2, 12)),
        ("Formulaire 28-41 (2024-11) p. 1 sur 4", (1, 4)),
        ("Page 3 of 3", (3, 3)),
        ("- 1/2 -", (1, 2)),
        ("1 de 2", (1, 2)),
    ],
)
def test_a_number_and_how_many_are_told(text, number):
    assert page_number(page(("Demande", 0.3), (text, 0.97))) == number
    assert page_number(page((text, 0.03), ("Demande", 0.3))) == number


@pytest.mark.parametrize(
    "text",
    [
        "1",  # of how many isn't said
        "1/3/2026",
        "le 1/3",  # a day, or one third
        "Page 4 de 3",
        "Page 0 de 3",
        "Page 1/3/2026",
        "homepage 1 of 3",
    ],
)
def test_what_only_looks_like_one_is_none(text):
    assert page_number(page((text, 0.97))) is None


def test_a_number_in_the_text_is_none():
    assert page_number(page(("Voir page 1 de 3", 0.5))) is None


def test_a_page_on_its_side_has_its_foot_at_the_side():
    word = Word("1/2", 820, 500, 845, 560, 0.9, 0)
    assert page_number(PageText(WIDTH, HEIGHT, (word,), turn=90)) == (1, 2)
    assert page_number(PageText(WIDTH, HEIGHT, (word,), turn=0)) is None
