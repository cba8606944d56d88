import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from rpa.domain.geometry import Box
from rpa.ocr.adapters.crops import added_ink, lines_of, place_of, points_on
from rpa.ocr.adapters.pixels import parts_of

ZONE = Box(x0=20, y0=20, x1=220, y1=40)
TALL_ZONE = Box(x0=20, y0=20, x1=220, y1=90)


def blank(width=1200, height=600):
    return np.full((height, width), 255, dtype=np.uint8)


def with_text(page, text, at=(110, 100), size=34):
    image = Image.fromarray(page)
    font = ImageFont.truetype("LiberationSans-Regular.ttf", size)
    ImageDraw.Draw(image).text(at, text, fill=0, font=font)
    return np.array(image)


def test_the_points_of_fine_type_are_no_specks():
    page = with_text(blank(), "P O Box")
    foot = int(np.flatnonzero((page < 140).any(axis=1))[-1])
    right = [int(x) for x in np.flatnonzero((page[:, :140] < 140).any(axis=0))][-1]
    page[foot - 2 : foot + 1, right + 3 : right + 6] = 0

    (strip,) = lines_of(place_of(page, blank(), ZONE)).strips

    assert points_on(strip) == "."


@pytest.mark.parametrize(
    "face", ["LiberationSans-Regular.ttf", "LiberationSerif-Regular.ttf", "DejaVuSansMono.ttf"]
)
@pytest.mark.parametrize("text", ["12 345,67", "12 345.67", "1.234,50", "9,75", "9.75"])
def test_points_and_commas_are_told_apart_by_their_tails(face, text):
    image = Image.fromarray(blank())
    ImageDraw.Draw(image).text((110, 100), text, fill=0, font=ImageFont.truetype(face, 40))

    (strip,) = lines_of(place_of(np.array(image), blank(), ZONE)).strips

    assert points_on(strip) == "".join(sign for sign in text if sign in ".,")


def test_a_piece_of_a_broken_digit_is_no_point():
    image = Image.fromarray(blank())
    draw = ImageDraw.Draw(image)
    draw.text((110, 100), "33", fill=0, font=ImageFont.truetype("LiberationSans-Regular.ttf", 40))
    page = np.array(image)
    rows = np.flatnonzero((page < 140).any(axis=1))
    page[rows[-1] - 7 : rows[-1] - 4] = 255

    (strip,) = lines_of(place_of(page, blank(), ZONE)).strips

    assert points_on(strip) == ""


def test_specks_elsewhere_are_left_out():
    page = with_text(blank(), "Box")
    letters = len(parts_of(page < 140)[1])
    page[150:153, 600:603] = 0
    page[118:121, 300:303] = 0

    added = added_ink(place_of(page, blank(), ZONE))

    assert len(parts_of(added)[1]) == letters


def test_a_frame_that_lies_off_is_no_answer():
    page = with_text(blank(), "Hull", at=(200, 150))
    page[:, 100:108] = 0

    (strip,) = lines_of(place_of(page, blank(), TALL_ZONE)).strips

    assert strip.shape[0] < 80
