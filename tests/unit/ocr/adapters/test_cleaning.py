"""What each treatment does to the pixels of a page that needs it."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from rpa.ocr.adapters.cleaning import (
    TREATMENTS,
    heavier,
    inverted,
    prepared,
    stretched,
    without_borders,
    without_lines,
)
from rpa.ocr.adapters.pixels import flattened, grey
from rpa.testing.faxes import Hand, typed_page

HAND = Hand("LiberationSans-Regular.ttf", 12)
PAGE = grey(typed_page(["Demande de remboursement"] * 6, hand=HAND).crop((0, 200, 1400, 800)))


def ink(page):
    return int((page < 140).sum())


def test_black_borders_go_and_letters_stay():
    bordered = PAGE.copy()
    bordered[:, :150] = 10
    bordered[-40:] = 10

    assert np.array_equal(without_borders(bordered), PAGE)


def test_a_letter_at_the_side_is_no_border():
    page = PAGE.copy()
    page[100:140, :20] = 0

    assert np.array_equal(without_borders(page), page)


def test_long_lines_go_and_letters_stay():
    ruled = Image.fromarray(PAGE)
    draw = ImageDraw.Draw(ruled)
    for y in range(20, 600, 90):
        draw.line((0, y, 1400, y), fill=0, width=4)
    cleaned = without_lines(grey(ruled))

    assert ink(cleaned) == pytest.approx(ink(PAGE), rel=0.15)
    assert ink(without_lines(PAGE)) > 0.97 * ink(PAGE)


def test_uneven_light_becomes_white_paper():
    light = np.linspace(0.4, 1, PAGE.shape[1])
    lit = grey(PAGE * light)
    even = flattened(lit)

    assert even[:, :300].mean() > 225
    assert even.min() < 60


def test_a_pale_page_gets_its_whole_range_and_a_blank_one_stays_blank():
    pale = grey(228 + PAGE / 255 * 20)

    assert stretched(pale).min() < 10
    assert stretched(pale).max() == 255
    assert np.array_equal(stretched(np.full_like(PAGE, 240)), np.full_like(PAGE, 240))


def test_an_inverse_page_is_changed_over():
    assert np.array_equal(inverted(grey(255 - PAGE)), PAGE)


def test_thin_strokes_are_made_thicker():
    assert ink(heavier(PAGE)) > 1.2 * ink(PAGE)


@pytest.mark.parametrize("treatment", TREATMENTS.values(), ids=TREATMENTS)
@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (900, 3), (40, 60)])
def test_no_treatment_changes_a_page_s_size(treatment, shape):
    assert treatment(np.full(shape, 255, np.uint8)).shape == shape


def test_a_bilevel_page_comes_to_300_dpi_without_specks():
    fax = grey(np.where(PAGE < 128, 0, 255))
    fax[5, 5] = 0
    ready, scale = prepared(fax, dpi=204, bilevel=True)

    assert scale == pytest.approx(300 / 204)
    assert ready.shape[1] == pytest.approx(1400 * 300 / 204, abs=1)
    assert ready[:20, :20].min() > 250


@pytest.mark.parametrize(("dpi", "bilevel"), [(204, False), (0, True), (600, True)])
def test_other_pages_keep_their_size(dpi, bilevel):
    ready, scale = prepared(PAGE, dpi=dpi, bilevel=bilevel)

    assert scale == 1
    assert ready.shape == PAGE.shape
