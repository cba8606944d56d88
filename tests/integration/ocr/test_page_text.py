"""Whole pages read by Tesseract, however they lie and whatever happened to them."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from rpa.domain.pages import PageImage
from rpa.ocr.adapters.page_text import PageReader
from rpa.ocr.adapters.pixels import as_png, grey
from rpa.ocr.api import Layout
from rpa.testing.faxes import FaxLine, Hand, document_pages, fax, typed_page
from rpa.testing.photos import forth, photographed

tesserocr_engine = pytest.importorskip("rpa.ocr.adapters.tesserocr_engine")
pytestmark = pytest.mark.tesseract
HAND = Hand("LiberationSans-Regular.ttf", 12)
LINES = (
    "Demande de remboursement pour frais de voyage",
    "Nom de la personne : Tremblay, domiciliée à Québec",
    "Adresse : 312 boulevard des Laurentides, appartement",
    "Montant total de la demande en dollars canadiens",
)
AT = (1500, 700)
"""Where the word that the tests look for is typed, in pixels at 300 dpi."""
SIZE = (2550, 1300)


@pytest.fixture(scope="module")
def engine():
    return tesserocr_engine.TesserocrEngine()


@pytest.fixture(scope="module")
def reader(engine):
    return PageReader(engine)


def letter():
    page = typed_page(LINES, hand=HAND)
    font = cv2.FONT_HERSHEY_SIMPLEX
    pixels = cv2.putText(np.array(page), "BORDEREAU", AT, font, 2, 0, 4, cv2.LINE_AA)
    return Image.fromarray(pixels).crop((0, 0, *SIZE))


def the_word(text):
    [word] = [w for w in text.words if "BORDEREAU" in w.text.upper()]
    return (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2


def middle():
    (width, height), _below = cv2.getTextSize("BORDEREAU", cv2.FONT_HERSHEY_SIMPLEX, 2, 4)
    return np.array([AT[0] + width / 2, AT[1] - height / 2])


def image_of(page, *, dpi=300.0):
    return PageImage(png=as_png(grey(page)), dpi=dpi, bilevel=False)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_word_is_told_where_it_stands_however_the_page_lies(reader, turn):
    delivered = letter().rotate(turn, expand=True)
    text = reader.read(image_of(delivered))

    x, y = middle()
    there = {
        0: (x, y),
        90: (y, SIZE[0] - x),
        180: (SIZE[0] - x, SIZE[1] - y),
        270: (SIZE[1] - y, x),
    }[turn]
    assert text.turn == turn
    assert (text.width, text.height) == delivered.size
    assert the_word(text) == pytest.approx(there, abs=12)


@pytest.mark.parametrize(("turn", "skew"), [(0, 3.0), (180, -2.0), (270, 1.5)])
def test_a_skewed_page_is_straightened_and_its_words_are_not_moved(reader, turn, skew):
    delivered = letter().rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
    there = cv2.getRotationMatrix2D((SIZE[0] / 2, SIZE[1] / 2), skew, 1) @ [*middle(), 1]
    delivered = delivered.rotate(turn, expand=True)
    x, y = there
    there = {0: (x, y), 180: (SIZE[0] - x, SIZE[1] - y), 270: (SIZE[1] - y, x)}[turn]

    text = reader.read(image_of(delivered))

    assert text.turn == turn
    assert text.skew == pytest.approx(-skew, abs=0.3)
    assert the_word(text) == pytest.approx(there, abs=14)


@pytest.mark.parametrize("upside_down", [False, True])
@pytest.mark.parametrize("dpi", [(204, 98), (204, 196)], ids=["standard", "fine"])
def test_a_fax_s_words_stand_where_they_were_sent_from(reader, dpi, upside_down):
    line = FaxLine(dpi=dpi, upside_down=upside_down, noise=0.0002)
    [image] = document_pages(fax([letter()], line, seed=3)).images

    text = reader.read(image)

    there = middle() * 204 / 300
    if upside_down:
        there = np.array([text.width, text.height]) - there
    assert text.turn == (180 if upside_down else 0)
    assert the_word(text) == pytest.approx(there, abs=10)


@pytest.mark.parametrize("turn", [0, 180])
def test_text_in_a_frame_tells_which_way_up_it_is(reader, turn):
    page = typed_page(LINES, hand=HAND).crop((0, 0, *SIZE))
    ImageDraw.Draw(page).rectangle((250, 270, 1900, 620), outline=0, width=8)

    text = reader.read(image_of(page.rotate(turn)))

    assert text.turn == turn
    assert {"Demande", "remboursement"} <= {word.text for word in text.words}


def test_a_photographed_sheet_s_words_are_told_on_the_photograph(reader):
    sheet = Image.new("L", (2550, 3300), 255)
    sheet.paste(letter())
    page = grey(sheet.resize((1275, 1650), Image.Resampling.BOX))
    text = reader.read(image_of(photographed(page), dpi=0.0))

    there = cv2.perspectiveTransform(np.array([[middle() / 2]]), forth(page))[0][0]
    assert the_word(text) == pytest.approx(there, abs=12)


def test_a_white_page_has_no_words(reader):
    text = reader.read(image_of(typed_page([])))
    assert (text.words, text.turn, text.treatment) == ((), 0, "")


def test_a_strip_has_no_words(reader):
    assert reader.read(image_of(np.full((3, 5000), 255, np.uint8))).words == ()


def part():
    return grey(typed_page([*LINES, *LINES], hand=HAND).crop((0, 200, 2000, 1000)))


def uneven(page):
    light = 0.25 + 0.75 * np.linspace(0, 1, page.shape[0])[:, np.newaxis]
    return (page / 255 * 0.6 + 0.4) * light * 235


def pale(page):
    return 228 + page / 255 * 20 + np.random.default_rng(1).normal(0, 1.5, page.shape)


def ruled(page):
    picture = Image.fromarray(page)
    draw = ImageDraw.Draw(picture)
    for y in range(0, page.shape[0], 38):
        draw.line((0, y, page.shape[1], y), fill=0, width=4)
    for x in range(60, page.shape[1], 260):
        draw.line((x, 0, x, page.shape[0]), fill=0, width=4)
    return picture


@pytest.mark.parametrize(
    ("spoiled", "treatment"),
    [(uneven, "flattened"), (pale, "stretched"), (ruled, "without-lines")],
)
def test_a_page_not_understood_is_treated_and_told(engine, reader, spoiled, treatment):
    image = image_of(spoiled(part()))
    quick = PageReader(engine, thorough=False).read(image)
    text = reader.read(image)

    assert text.treatment == treatment
    assert quick.treatment == ""
    assert right(text) > right(quick) + 10


def right(text):
    known = " ".join(LINES).split()
    return sum(word.text in known for word in text.words)


@pytest.mark.parametrize(
    "spoiled",
    [
        pytest.param(lambda page: 255 - page, id="inverse"),
        pytest.param(lambda page: np.pad(page, 80, constant_values=8), id="black borders"),
    ],
)
def test_what_the_engine_understands_is_left_as_it_is(reader, spoiled):
    text = reader.read(image_of(spoiled(part())))

    assert (text.treatment, text.turn) == ("", 0)
    assert right(text) >= 46


ENGLISH = (
    "Request for the reimbursement of travel expenses",
    "Name of the applicant and the place of residence",
    "Total amount of the claim, in Canadian dollars",
)


class Counting:
    """An engine that counts the pages it is asked to read."""

    def __init__(self, engine):
        self.engine, self.pages = engine, 0

    def recognize(self, images, *, layout):
        self.pages += len(images) if layout is Layout.PAGE else 0
        return self.engine.recognize(images, layout=layout)


@pytest.mark.parametrize(("lines", "pages"), [(LINES, (1, 0)), (ENGLISH, (0, 1)), ((), (1, 0))])
def test_a_page_is_read_once_and_in_its_own_language(lines, pages):
    french = Counting(tesserocr_engine.TesserocrEngine(languages="fra"))
    english = Counting(tesserocr_engine.TesserocrEngine(languages="eng"))
    fast = PageReader(french, thorough=False, english=english)

    read = fast.read(image_of(typed_page(lines, hand=HAND).crop((0, 0, *SIZE))))

    assert (french.pages, english.pages) == pages
    assert " ".join(word.text for word in read.words) == " ".join(lines)
