import numpy as np
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
