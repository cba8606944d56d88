"""Places for answers in the pixels of an empty form: boxes, combs, ticks, lines."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from rpa.domain.geometry import Box
from rpa.ocr.adapters.pixels import grey
from rpa.ocr.adapters.places import places_on

DPI = 200
POINT = DPI / 72
WORD = Box(x0=60, y0=100, x1=90, y1=110)
"""A word that stands before what is drawn at x = 100, y = 110."""


class Form:
    """A Letter page that is drawn on in points."""

    def __init__(self):
        self.image = Image.new("L", (1700, 2200), 255)
        self._draw = ImageDraw.Draw(self.image)

    def box(self, x0, y0, x1, y1, *, shade=0, fill=None):
        corners = [round(edge * POINT) for edge in (x0, y0, x1, y1)]
        self._draw.rectangle(corners, outline=shade, width=2, fill=fill)

    def line(self, x0, y0, x1, y1, *, shade=0):
        self._draw.line([round(edge * POINT) for edge in (x0, y0, x1, y1)], fill=shade, width=2)

    def places(self, *words, grain=0):
        chance = np.random.default_rng(1)
        page = np.asarray(self.image, dtype=np.float64)
        noisy = np.clip(page * 0.9 + 20 + chance.normal(0, grain, page.shape), 0, 255)
        return places_on(grey(noisy if grain else page), DPI, words)


@pytest.fixture
def form():
    return Form()


def near(box, edges):
    return (box.x0, box.y0, box.x1, box.y1) == pytest.approx(edges, abs=3)


def test_an_empty_box_is_a_place(form):
    form.box(100, 100, 300, 120)

    [place] = form.places()

    assert near(place.box, (100, 100, 300, 120))
    assert (place.is_tick, place.cells) == (False, 0)


def test_of_a_box_with_its_label_on_top_the_rest_is_the_place(form):
    form.box(100, 100, 300, 130)

    [place] = form.places(Box(x0=103, y0=102, x1=180, y1=110))

    assert near(place.box, (100, 110, 300, 130))


def test_of_a_box_with_its_label_at_its_left_the_right_is_the_place(form):
    form.box(100, 100, 300, 116)

    [place] = form.places(Box(x0=103, y0=103, x1=180, y1=113))

    assert near(place.box, (181, 100, 300, 116))


def test_a_dark_box_is_no_place(form):
    form.box(100, 100, 300, 120, fill=190)

    assert form.places() == []


@pytest.mark.parametrize("grain", [0, 6])
def test_a_tinted_rectangle_without_a_line_around_it_is_a_place(form, grain):
    form.box(100, 100, 300, 120, shade=226, fill=226)

    [place] = form.places(grain=grain)

    assert near(place.box, (100, 100, 300, 120))


def test_a_tinted_band_with_words_is_no_place(form):
    form.box(50, 100, 560, 115, shade=226, fill=226)
    for x in range(250, 340, 6):
        form.box(x, 104, x + 2, 111, fill=0)

    assert form.places(Box(x0=250, y0=104, x1=340, y1=111)) == []


def test_a_small_square_is_a_tick_box(form):
    form.box(100, 100, 110, 110)

    [place] = form.places()

    assert place.is_tick
    assert near(place.box, (100, 100, 110, 110))


def test_cells_side_by_side_are_one_comb(form):
    for number in range(9):
        form.box(100 + 12 * number, 100, 112 + 12 * number, 115)

    [place] = form.places()

    assert place.cells == 9
    assert near(place.box, (100, 100, 208, 115))


def test_parts_of_a_comb_with_a_stroke_between_them_are_one(form):
    for number in (0, 1, 3, 4, 6, 7, 8, 9):
        form.box(100 + 12 * number, 100, 110 + 12 * number, 114)
    for number in (2, 5):
        form.line(106 + 12 * number, 102, 103 + 12 * number, 112)

    [place] = form.places()

    assert place.cells == 8


def test_cells_of_two_columns_are_two_combs(form):
    for left in (100, 180):
        for number in range(4):
            form.box(left + 12 * number, 100, left + 12 * (number + 1), 114)

    assert [place.cells for place in form.places()] == [4, 4]


def test_teeth_on_a_line_are_a_comb_of_a_written_line_s_height(form):
    form.line(100, 110, 200, 110)
    for number in range(6):
        form.line(100 + 20 * number, 105, 100 + 20 * number, 110)

    [place] = form.places()

    assert place.cells == 5
    assert near(place.box, (100, 98, 200, 110))


def test_a_line_after_a_word_is_written_on_and_one_that_parts_sections_is_not(form):
    form.line(100, 110, 300, 110)
    form.line(50, 400, 560, 400)

    [place] = form.places(WORD)

    assert near(place.box, (100, 96, 300, 110))


def test_a_line_that_goes_on_below_is_another_place(form):
    form.line(100, 110, 300, 110)
    form.line(100, 135, 300, 135)

    assert len(form.places(WORD)) == 2


@pytest.mark.parametrize("step", [3, 4])
def test_a_dotted_line_is_written_on(form, step):
    for x in range(100, 300, step):
        form.box(x, 109.4, x + 0.5, 110)

    [place] = form.places(WORD)

    assert near(place.box, (100, 96, 300, 110))


def test_the_top_of_a_frame_is_not_written_on(form):
    form.line(100, 110, 560, 110)
    form.line(100, 110, 100, 200)

    assert form.places(WORD) == []


def test_the_palest_lines_count_on_a_clean_page(form):
    form.box(100, 100, 300, 120, shade=247)

    assert len(form.places()) == 1


def test_grain_makes_no_places_and_hides_none(form):
    form.box(100, 100, 300, 120)
    form.box(100, 200, 110, 210)

    assert [place.is_tick for place in form.places(grain=8)] == [True, False]
