"""Every engine keeps the promises of ``OcrEngine``."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFont

from rpa.ocr.adapters.tesseract import TesseractEngine
from rpa.testing.ocr import KnowingEngine

LINES = ("2026-11-24", "Saint-Laurent", "1 234,50")


def drawn(text):
    image = Image.new("L", (700, 80), 255)
    font = ImageFont.truetype("DejaVuSans.ttf", 44)
    ImageDraw.Draw(image).text((15, 12), text, fill=0, font=font)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture(
    params=[
        pytest.param("knowing"),
        pytest.param("tesseract", marks=pytest.mark.tesseract),
    ]
)
def engine(request):
    if request.param == "tesseract":
        return TesseractEngine(languages="fra")
    return KnowingEngine({drawn(line): line for line in LINES})


def text_of(words):
    return " ".join(word.text for word in words)


def test_images_are_read_in_their_order(engine):
    read = engine.recognize([drawn(line) for line in LINES], lines=True)

    assert tuple(map(text_of, read)) == LINES


def test_a_blank_image_has_no_words_and_keeps_its_place(engine):
    read = engine.recognize([drawn(LINES[0]), drawn(""), drawn(LINES[1])], lines=True)

    assert [text_of(words) for words in read] == [LINES[0], "", LINES[1]]


def test_no_images_give_no_readings(engine):
    assert engine.recognize([], lines=True) == []


def test_words_have_a_box_and_a_confidence_between_nothing_and_one(engine):
    (words,) = engine.recognize([drawn(LINES[2])], lines=True)

    assert words
    assert all(0 <= word.confidence <= 1 for word in words)
    assert all(word.x0 < word.x1 and word.y0 < word.y1 for word in words)
    assert [word.x0 for word in words] == sorted(word.x0 for word in words)
