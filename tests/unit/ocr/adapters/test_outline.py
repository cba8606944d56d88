"""Sheets photographed on tables are cut out; scans and blank pictures are left alone."""

import cv2
import numpy as np
import pytest
from PIL import Image

from rpa.ocr.adapters.outline import squared
from rpa.ocr.adapters.pixels import grey
from rpa.testing.faxes import typed_page
from rpa.testing.photos import CORNERS, photographed

PAGE = grey(typed_page(["Demande de remboursement"] * 12).resize((850, 1100)))
SCENE = photographed(PAGE)


def test_a_sheet_in_perspective_is_squared():
    sheet, back = squared(SCENE)

    assert back is not None
    height, width = sheet.shape
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float32)
    assert cv2.perspectiveTransform(corners, back)[0] == pytest.approx(np.array(CORNERS), abs=6)
    assert sheet.mean() > 200


def test_a_place_on_the_sheet_leads_back_to_the_picture():
    spotted = PAGE.copy()
    spotted[500:520, 300:320] = 0
    sheet, back = squared(photographed(spotted))
    height, width = sheet.shape
    where = np.array([[[310 / 850 * width, 510 / 1100 * height]]], np.float32)

    x, y = cv2.perspectiveTransform(where, back)[0][0]

    assert photographed(spotted)[round(y), round(x)] < 60
    assert SCENE[round(y), round(x)] > 150


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(PAGE, id="a scan"),
        pytest.param(np.full((1100, 850), 255, np.uint8), id="white"),
        pytest.param(np.full((1100, 850), 128, np.uint8), id="grey"),
        pytest.param(np.zeros((1100, 850), np.uint8), id="black"),
        pytest.param(np.full((1, 1), 255, np.uint8), id="a dot"),
        pytest.param(np.full((3, 5000), 255, np.uint8), id="a strip"),
        pytest.param(grey(255 - PAGE), id="white on black"),
    ],
)
def test_what_is_no_sheet_on_a_table_is_left_alone(picture):
    same, back = squared(picture)

    assert same is picture
    assert back is None


def test_a_round_thing_is_no_sheet():
    y, x = np.mgrid[:1000, :1000]
    plate = grey(np.where((x - 500) ** 2 + (y - 500) ** 2 < 400**2, 240, 40))

    assert squared(plate)[1] is None


def test_a_sheet_that_leaves_the_picture_keeps_all_its_words():
    scene = grey(Image.fromarray(SCENE).crop((0, 200, SCENE.shape[1], SCENE.shape[0])))
    sheet, back = squared(scene)

    if back is not None:
        assert sheet.size > 0.5 * PAGE.size
