import math
from dataclasses import replace

import pytest

from rpa.ocr.api import PageText, Word
from rpa.ocr.unknown.segments import rows_of, segments_of, span_of, upright
from rpa.testing.typed_words import page_text


def texts(page, **how):
    return [segment.text for segment in segments_of(rows_of(upright(page)), **how)]


def test_a_wide_gap_parts_a_row_and_a_word_s_gap_does_not():
    page = page_text((100, 100, "Nom de famille"), (400, 103, "Tremblay"))
    assert texts(page) == ["Nom de famille", "Tremblay"]


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        ("Date: 2026-11-24", ["Date:", "2026-11-24"]),
        ("No. 4821", ["No.", "4821"]),
        ("No. de dossier", ["No. de dossier"]),
        ("Date : 2026-11-24", ["Date :", "2026-11-24"]),
    ],
)
def test_a_key_ends_at_its_colon_or_before_what_it_numbers(row, parts):
    page = page_text((100, 100, row))
    assert texts(page) == parts
    assert texts(page, at_colons=False) == [row]


def test_rows_come_from_the_top_and_words_from_the_left():
    page = page_text((600, 100, "b"), (100, 200, "c d"), (100, 101, "a"))
    assert texts(page) == ["a", "b", "c d"]


def test_a_large_title_does_not_join_the_two_rows_beside_it():
    title = Word("FACTURE", 50, 100, 250, 190, 0.9)
    page = page_text((600, 105, "Coolblue"), (600, 165, "Weena"))
    page = replace(page, words=(*page.words, title))

    rows = rows_of(upright(page))

    assert ["Weena"] in [[t.text for t in row if t.text != "FACTURE"] for row in rows]


def test_large_type_between_two_rows_does_not_join_them():
    slogan = Word("Slogan", 50, 106, 250, 197, 0.9)
    page = page_text((600, 100, "Weena"), (600, 159, "3012"))
    rows = rows_of(upright(replace(page, words=(*page.words, slogan))))

    assert not any({"Weena", "3012"} <= {t.text for t in row} for row in rows)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_read_as_if_it_lay_upright_and_told_as_delivered(turn):
    upright_page = page_text((100, 100, "Nom"), (300, 100, "Tremblay"), (100, 200, "Ville"))
    delivered = PageText(
        width=1000 if turn % 180 == 0 else 1400,
        height=1400 if turn % 180 == 0 else 1000,
        words=tuple(turned(word, turn) for word in upright_page.words),
        turn=turn,
    )

    tokens = upright(delivered)

    assert [t.box for t in tokens] == [t.box for t in upright(upright_page)]
    assert texts(delivered) == ["Nom", "Tremblay", "Ville"]
    assert span_of(tokens[:1]).box.x0 == delivered.words[0].x0


def turned(word, turn):
    """Where a word of an upright page of 1000 by 1400 lies if the page must be turned clockwise."""
    w, h = 1000, 1400
    x0, y0, x1, y1 = {
        0: (word.x0, word.y0, word.x1, word.y1),
        90: (word.y0, w - word.x1, word.y1, w - word.x0),
        180: (w - word.x1, h - word.y1, w - word.x0, h - word.y0),
        270: (h - word.y1, word.x0, h - word.y0, word.x1),
    }[turn]
    return replace(word, x0=x0, y0=y0, x1=x1, y1=y1)


@pytest.mark.parametrize("skew", [-4.0, 4.0])
def test_words_on_a_leaning_row_are_one_row(skew):
    slope = math.tan(math.radians(skew))
    places = [(x, 500 + slope * x, f"mot{x}") for x in range(100, 900, 150)]
    page = page_text(*places, (100, 540 + slope * 100, "dessous"), skew=skew)

    first, second = rows_of(upright(page))

    assert len(first) == len(places)
    assert [t.text for t in second] == ["dessous"]


def test_an_empty_page_has_no_rows():
    assert rows_of(upright(page_text())) == []
    assert segments_of([]) == []
