"""How pages lie, told without reading: lines on sketches, turns, and the way back."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from rpa.ocr.adapters.pixels import grey
from rpa.ocr.adapters.posture import Posture, lines_on, posture_of, righted
from rpa.testing.faxes import typed_page
from rpa.testing.ocr import KnowingEngine

TEXT = ["Veuillez trouver ci-joint la demande de remboursement"] * 20
NOBODY = KnowingEngine({})


def sketch(page):
    return grey(page.resize((850, 1100), Image.Resampling.BOX))


def marked(width=300, height=200):
    """A white sheet with one black spot, away from its middle."""
    page = np.full((height, width), 255, np.uint8)
    page[40:48, 60:68] = 0
    return page


def spot(pixels):
    rows, columns = np.nonzero(pixels < 128)
    return np.array([columns.mean(), rows.mean()])


def test_lines_of_text_are_found_with_their_angle():
    lines = lines_on(sketch(typed_page(TEXT).rotate(-3, fillcolor=255)))

    assert len(lines) >= 18
    assert np.median([line.angle for line in lines]) == pytest.approx(3, abs=0.3)


def test_text_in_a_frame_is_found_and_the_frame_is_not():
    page = typed_page(["Nom et prénom de la personne qui demande"])
    ImageDraw.Draw(page).rectangle((250, 280, 2300, 400), outline=0, width=6)

    lines = lines_on(sketch(page))

    assert {round(line.y, -1) for line in lines} == {110}
    assert 250 < sum(line.width for line in lines) < 420


def test_a_frame_alone_and_a_drawing_are_no_text():
    page = typed_page([])
    draw = ImageDraw.Draw(page)
    draw.rectangle((250, 280, 2300, 2900), outline=0, width=6)
    draw.ellipse((900, 900, 1800, 1800), outline=0, width=12)

    assert lines_on(sketch(page)) == []


@pytest.mark.parametrize(
    "page", [typed_page([]), Image.new("L", (1, 1), 255)], ids=["white", "dot"]
)
def test_a_page_without_text_lies_as_it_should(page):
    assert posture_of(grey(page), NOBODY) == Posture()


def test_a_page_that_nobody_can_read_is_not_turned_over():
    assert posture_of(grey(typed_page(TEXT)), NOBODY).turn == 0


@pytest.mark.parametrize("size", [(5000, 3), (3, 5000)])
def test_a_strip_is_a_page_too(size):
    assert posture_of(grey(Image.new("L", size, 255)), NOBODY) == Posture()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turn_leads_back_to_where_the_ink_was(turn):
    page = marked()
    upright = righted(page, Posture(turn))

    assert upright.pixels.shape == (page.shape if turn % 180 == 0 else page.shape[::-1])
    back = upright.back @ [*spot(upright.pixels), 1]
    assert back == pytest.approx(spot(page), abs=1.01)


def test_turns_are_clockwise():
    """The spot at the top left of a page comes to its top right."""
    x, y = spot(righted(marked(), Posture(90)).pixels)
    assert x > 100
    assert y < 100


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [-4.0, 3.0, 9.0])
def test_a_straightened_page_leads_back_too(turn, skew):
    page = marked()
    upright = righted(page, Posture(turn, skew))

    back = upright.back @ [*spot(upright.pixels), 1]
    assert back == pytest.approx(spot(page), abs=1.5)


def test_a_slight_skew_is_left_alone():
    page = marked()
    assert np.array_equal(righted(page, Posture(0, 0.3)).pixels, page)
