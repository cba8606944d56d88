"""Every engine keeps the promises of ``OcrEngine``."""

import pytest
from PIL import Image, ImageDraw, ImageFont

from rpa.ocr.adapters.contained import ContainedEngine
from rpa.ocr.adapters.pixels import grey
from rpa.ocr.adapters.rapid_engine import RapidEngine
from rpa.ocr.adapters.tesseract import TesseractEngine
from rpa.ocr.adapters.tesserocr_engine import TesserocrEngine
from rpa.ocr.api import Layout
from rpa.testing.ocr import KnowingEngine

LINES = ("2026-11-24", "Saint-Laurent", "1 234,50")


def drawn(text):
    image = Image.new("L", (700, 80), 255)
    font = ImageFont.truetype("DejaVuSans.ttf", 44)
    ImageDraw.Draw(image).text((15, 12), text, fill=0, font=font)
    return grey(image)


ENGINES = {
    "knowing": lambda: KnowingEngine({drawn(line).tobytes(): line for line in LINES}),
    "tesseract": lambda: TesseractEngine(languages="fra"),
    "tesserocr": lambda: TesserocrEngine(languages="fra"),
    "rapidocr": RapidEngine,
    "tesserocr in a child": lambda: ContainedEngine("tesserocr", languages="fra"),
    "rapidocr in a child": lambda: ContainedEngine("rapidocr"),
}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=[pytest.mark.tesseract] if "tess" in name else [])
        for name in ENGINES
    ],
)
def engine(request):
    made = ENGINES[request.param]()
    yield made
    if isinstance(made, ContainedEngine):
        made.close()


def text_of(words):
    return " ".join(word.text for word in words)


def test_images_are_read_in_their_order(engine):
    read = engine.recognize([drawn(line) for line in LINES], layout=Layout.LINE)

    assert tuple(map(text_of, read)) == LINES


def test_a_blank_image_has_no_words_and_keeps_its_place(engine):
    read = engine.recognize([drawn(LINES[0]), drawn(""), drawn(LINES[1])], layout=Layout.LINE)

    assert [text_of(words) for words in read] == [LINES[0], "", LINES[1]]


def test_no_images_give_no_readings(engine):
    assert engine.recognize([], layout=Layout.LINE) == []


def test_words_have_a_box_and_a_confidence_between_nothing_and_one(engine):
    (words,) = engine.recognize([drawn(LINES[2])], layout=Layout.LINE)

    assert words
    assert all(0 <= word.confidence <= 1 for word in words)
    assert all(word.x0 < word.x1 and word.y0 < word.y1 for word in words)
    assert [word.x0 for word in words] == sorted(word.x0 for word in words)


def test_a_page_is_read_line_by_line_in_order(engine):
    if isinstance(engine, KnowingEngine):
        pytest.skip("knows single lines only")
    page = Image.new("L", (900, 400), 255)
    font = ImageFont.truetype("DejaVuSans.ttf", 36)
    for number, line in enumerate(LINES):
        ImageDraw.Draw(page).text((60, 60 + 100 * number), line, fill=0, font=font)

    (words,) = engine.recognize([grey(page)], layout=Layout.PAGE)

    assert text_of(words) == " ".join(LINES)
    assert len({word.line for word in words}) == len(LINES)
    first = words[0]
    assert abs(first.x0 - 60) < 20
    assert abs((first.y0 + first.y1) / 2 - 80) < 20
