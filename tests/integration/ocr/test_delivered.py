"""Where on the delivered page a value stands: turned, in coarse mode, not on its first page."""

import numpy as np
import pytest

from rpa.bootstrap.forms import form_reading
from rpa.bootstrap.intake import open_decoder
from rpa.domain.model import ProcessId
from rpa.ocr.adapters.pixels import opened
from rpa.ocr.api import KnownForm
from rpa.testing.examples import example_documents
from rpa.testing.faxes import FaxLine, fax, filled_page, filled_pdf, typed_page

pytestmark = pytest.mark.tesseract
VALUES = {"nom": "Tremblay", "ville": "Amos", "code_postal": "H7G 2T8"}


@pytest.fixture(scope="module")
def known():
    form, blank = example_documents().known("changement-adresse")
    return KnownForm(ProcessId("changement-adresse"), form, blank)


@pytest.fixture(scope="module")
def reader():
    with form_reading() as opened_reader:
        yield opened_reader


def letters_in(image, place):
    """Return the share of ink in the middle of a place of a page image."""
    x0, y0, x1, y1 = (round(edge) for edge in (place.x0, place.y0, place.x1, place.y1))
    edge = round(0.3 * place.height)
    inside = opened(image.png)[y0 + edge : y1 - edge, x0 + edge : x1 - edge]
    return float(np.mean(inside < 128))


@pytest.mark.parametrize(
    "line",
    [
        FaxLine(),
        FaxLine(dpi=(204, 98)),
        FaxLine(skew_degrees=1.5),
        FaxLine(upside_down=True),
    ],
    ids=["as it is", "coarse", "askew", "upside down"],
)
def test_the_place_holds_the_answer_on_the_page_that_came(known, reader, line):
    pages = [
        typed_page(["Madame,", "Voici le formulaire."]),
        filled_page(known.blank, known.form, VALUES),
    ]
    document = open_decoder().pages(fax(pages, line, seed=4))

    values = {value.name: value for value in reader.read(document, known).fields}

    place = values["ville"].delivered
    assert place.page == 2
    assert (place.width, place.height) == opened(document.images[1].png).shape[::-1]
    assert letters_in(document.images[1], place.box) > 0.01
    assert letters_in(document.images[1], values["prenom"].delivered.box) < 0.005


def test_an_upright_page_keeps_its_places(known, reader):
    document = open_decoder().pages(fax([filled_page(known.blank, known.form, VALUES)], seed=4))

    for value in reader.read(document, known).fields:
        dpi = document.images[0].dpi
        there = value.delivered.box.scaled(72 / dpi)
        assert (there.x0, there.y0) == pytest.approx((value.box.x0, value.box.y0), abs=6)
        assert (there.x1, there.y1) == pytest.approx((value.box.x1, value.box.y1), abs=6)


def test_a_form_field_s_value_has_no_place():
    form, blank = example_documents().known("avis-absence")
    known = KnownForm(ProcessId("avis-absence"), form, blank)
    document = open_decoder().pages(filled_pdf(blank, {"nom": "Tremblay", "prenom": "Zoé"}))

    with form_reading() as reader:
        assert {value.delivered for value in reader.read(document, known).fields} == {None}
