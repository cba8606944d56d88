from io import BytesIO

import pikepdf
import pytest
from PIL import Image, ImageChops

from rpa.testing.examples import example_documents
from rpa.testing.faxes import (
    FINE,
    STANDARD,
    FaxLine,
    document_pages,
    fax,
    filled_page,
    filled_pdf,
    grey_scan,
    text_zone,
    typed_page,
)

LETTER = ["Madame, Monsieur,", "Veuillez trouver ci-joint le relevé."]


@pytest.fixture(scope="module")
def page():
    return typed_page(LETTER)


@pytest.mark.parametrize("line", [FINE, STANDARD])
def test_a_fax_is_a_bilevel_group_4_tiff_that_says_its_resolution(page, line):
    with Image.open(BytesIO(fax([page], line, seed=1))) as tiff:
        assert tiff.mode == "1"
        assert tiff.info["compression"] == "group4"
        assert tiff.info["dpi"] == line.dpi
        assert tiff.size == (1734, 11 * line.dpi[1])


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_noise(page):
    sent = fax([page], seed=1)
    assert fax([page], seed=1) == sent
    assert fax([page], seed=2) != sent
    assert grey_scan([page], seed=1) == grey_scan([page], seed=1)


def test_every_page_is_sent(page):
    assert len(document_pages(fax([page, page, page], seed=1)).images) == 3


def test_a_page_sent_upside_down_is_turned_by_half(page):
    quiet = FaxLine(noise=0)
    with (
        Image.open(BytesIO(fax([page], quiet, seed=1))) as upright,
        Image.open(BytesIO(fax([page], FaxLine(noise=0, upside_down=True), seed=1))) as turned,
    ):
        back = turned.transpose(Image.Transpose.ROTATE_180)
        changed = ImageChops.difference(upright.convert("L"), back.convert("L"))
        assert sum(changed.histogram()[128:]) < 0.02 * sum(upright.convert("L").histogram()[:128])


def test_pages_for_a_reader_have_square_pixels(page):
    (image,) = document_pages(fax([page], STANDARD, seed=1)).images
    with Image.open(BytesIO(image.png)) as png:
        assert (png.size, image.dpi, image.bilevel) == ((1734, 2244), 204.0, True)


def test_a_grey_scan_is_a_pdf_of_letter_pages(page):
    with pikepdf.open(BytesIO(grey_scan([page, page], seed=1))) as pdf:
        assert [[round(float(side)) for side in p.mediabox] for p in pdf.pages] == [
            [0, 0, 612, 792]
        ] * 2


def test_values_are_written_inside_their_zones_only():
    form, blank = example_documents().known("changement-adresse")
    empty = filled_page(blank, form, {})
    filled = filled_page(blank, form, {"ville": "Saint-Jérôme"})
    zone = form.field("ville").zone.scaled(300 / 72)

    changed = ImageChops.difference(empty, filled).getbbox()

    assert changed is not None
    assert zone.holds(changed[0], changed[1])
    assert zone.holds(changed[2], changed[3])


def test_only_a_true_check_box_is_ticked():
    form, blank = example_documents().known("demande-remboursement")
    empty = filled_page(blank, form, {"avance_recue": "false"})
    ticked = filled_page(blank, form, {"avance_recue": "true"})

    assert ImageChops.difference(empty, filled_page(blank, form, {})).getbbox() is None
    assert ImageChops.difference(empty, ticked).getbbox() is not None


def test_a_digital_form_keeps_its_values_with_their_accents():
    _form, blank = example_documents().known("avis-absence")
    with pikepdf.open(BytesIO(filled_pdf(blank, {"nom": "Bélanger-Côté"}))) as pdf:
        values = {str(f.T): str(f.get("/V", "")) for f in pdf.Root.AcroForm.Fields}

    assert values["nom"] == "Bélanger-Côté"
    assert not values["prenom"]


def test_a_rectangle_of_a_pdf_form_field_becomes_a_zone_from_the_top():
    zone = text_zone((10, 700, 110, 720), page_height=792)

    assert (zone.x0, zone.y0, zone.x1, zone.y1) == (10, 72, 110, 92)


def test_the_twelve_documents_are_the_same_for_the_same_seed(drawn_examples, tmp_path):
    again = example_documents().draw_documents(tmp_path, seed=7)

    assert len(again) == 12
    assert [one.path.read_bytes() for one in again] == [
        one.path.read_bytes() for one in drawn_examples
    ]


def test_social_insurance_numbers_of_the_examples_pass_their_check():
    assert example_documents().luhn_digit("04645428") == "6"
