"""Handwriting and print told apart."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from rpa.domain.reading import Written
from rpa.ocr.adapters.handwriting import written
from rpa.ocr.adapters.pixels import grey
from rpa.testing.faxes import TYPEFACES


def typed(text, face=TYPEFACES[1], size=46):
    font = ImageFont.truetype(face, size)
    image = Image.new("L", (round(font.getlength(text)) + 40, 90), 255)
    ImageDraw.Draw(image).text((20, 20), text, fill=0, font=font)
    return grey(np.asarray(image))


def wavering(text):
    """Return a text whose letters lean, rise and fall, as in a hand."""
    image, chance = Image.new("L", (60 + 48 * len(text), 130), 255), np.random.default_rng(7)
    for place, letter in enumerate(text):
        font = ImageFont.truetype(TYPEFACES[1], int(chance.integers(34, 62)))
        tile = Image.new("L", (90, 90), 0)
        ImageDraw.Draw(tile).text((45, 45), letter, fill=255, font=font, anchor="mm")
        tile = tile.rotate(float(chance.uniform(-28, 28)), Image.Resampling.BICUBIC)
        image.paste(0, (place * 48, 20 + int(chance.integers(-10, 10))), tile)
    return grey(np.asarray(image))


@pytest.mark.parametrize("face", TYPEFACES)
@pytest.mark.parametrize(
    "text", ["Tremblay", "O'Neill", "G1R 4S9", "1 234,50", "2026-11-24", "TOTAL"]
)
def test_type_is_told_as_print(face, text):
    assert written([typed(text, face)]) is Written.PRINT


@pytest.mark.parametrize("text", ["Tremblay", "Quebec"])
def test_letters_that_lean_and_waver_are_told_as_a_hand(text):
    assert written([wavering(text)]) is Written.HAND


def test_a_joined_word_is_told_as_a_hand():
    x = np.linspace(0, 1, 300)
    y = 45 + 18 * np.sin(x * 40) + 5 * np.sin(x * 13)
    line = np.full((100, 340), 255, np.uint8)
    points = np.stack([20 + 300 * x, y], axis=1).astype(np.int32)
    cv2.polylines(line, [points], False, 0, 4)

    assert written([grey(line)]) is Written.HAND


@pytest.mark.parametrize("text", ["12", "A", ""])
def test_what_is_too_short_is_not_told(text):
    assert written([typed(text)]) is None
