"""Separator marks and blank pages, on drawn and spoiled sheets."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from rpa.intake.adapters.decoding.blank import is_blank
from rpa.intake.adapters.decoding.patches import patch_codes
from rpa.intake.adapters.decoding.sheets import barcodes
from rpa.testing.faxes import typed_page
from rpa.testing.hostile_images import fax_page
from rpa.testing.sheets import DPI, SPOILERS, coded_page, patch_sheet

PATCHES = {"NWNW": "T", "WNWN": "3", "WNNW": "2", "WWNN": "1", "NWWN": "4", "NNWW": "6"}
KINDS = ("code-39", "code-128", "qr-code", "data-matrix")
CODED = [
    (kind, name)
    for kind in KINDS
    for name in SPOILERS
    if (kind, name) != ("data-matrix", "faxed")  # its dots are finer than the lines
]


@pytest.fixture(scope="module")
def sheets():
    return {edges: patch_sheet(edges=edges) for edges in (1, 4)}


@pytest.fixture(scope="module")
def coded():
    return {kind: coded_page(kind, "PATCHT") for kind in KINDS}


@pytest.mark.parametrize(("letters", "name"), PATCHES.items())
def test_each_patch_code_is_read_from_the_nearer_edge(letters, name):
    assert patch_codes(patch_sheet(letters, edges=1), DPI) == [name]
    assert patch_codes(patch_sheet(letters), DPI) == [name]


@pytest.mark.parametrize("edges", [1, 4])
@pytest.mark.parametrize("name", SPOILERS)
def test_a_spoiled_separator_sheet_is_still_one(sheets, name, edges):
    image = SPOILERS[name](sheets[edges])

    assert patch_codes(image, image.width / 8.5 if name != "smaller" else DPI) == ["T"]


@pytest.mark.parametrize(("kind", "name"), CODED)
def test_a_spoiled_bar_code_is_still_read(coded, kind, name):
    image = SPOILERS[name](coded[kind])

    assert barcodes(image, image) == [(kind, "PATCHT")]


def test_bars_too_short_or_of_other_widths_are_no_patch_code():
    short = Image.new("L", (1700, 2200), 255)
    short.paste(patch_sheet(edges=1).crop((0, 400, 1700, 480)), (0, 400))
    wide = patch_sheet("WWWW")

    assert patch_codes(short, DPI) == []
    assert patch_codes(wide, DPI) == []


@pytest.mark.parametrize(
    "page",
    [lambda: typed_page(["abc"] * 40), lambda: fax_page().convert("L")],
    ids=["typed", "fax"],
)
def test_a_page_of_text_has_no_marks(page):
    image = page()

    assert patch_codes(image, 300) == []
    assert barcodes(image, image) == []


def paper(**shade):
    chance = np.random.default_rng(2)
    lit = np.linspace(shade.get("left", 235), shade.get("right", 235), 1700)[None, :]
    grain = chance.normal(0, shade.get("grain", 4), (2200, 1700))
    return Image.fromarray(np.clip(lit + grain, 0, 255).astype(np.uint8))


def specked(count):
    page = paper()
    chance = np.random.default_rng(3)
    for x, y in zip(chance.integers(0, 1690, count), chance.integers(0, 2190, count), strict=True):
        page.putpixel((int(x), int(y)), 0)
    return page


def holed():
    page = paper()
    pen = ImageDraw.Draw(page)
    for top in (300, 1100, 1900):
        pen.ellipse((10, top, 60, top + 50), fill=20)
    return page


PAPERS = {
    "paper": paper,
    "shaded": lambda: paper(left=180, right=245),
    "grainy": lambda: paper(grain=12),
    "specked": lambda: specked(400),
    "holed": holed,
}


@pytest.mark.parametrize("name", PAPERS)
def test_paper_specks_and_holes_are_blank(name):
    assert is_blank(PAPERS[name](), DPI)


@pytest.mark.parametrize(("text", "size", "grey"), [("ok", 24, 90), ("p. 2", 26, 120)])
def test_a_few_small_letters_are_not_blank(text, size, grey):
    page = paper()
    ImageDraw.Draw(page).text((800, 1200), text, fill=grey, font_size=size)

    assert not is_blank(page, DPI)


def test_a_signature_alone_is_not_blank():
    page = paper()
    ImageDraw.Draw(page).line([(400, 1500), (460, 1440), (500, 1530), (640, 1490)], 130, width=3)

    assert not is_blank(page, DPI)
