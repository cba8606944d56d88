"""Pictures of pages, drawn in children that may die."""

import io
import os
import signal
from contextlib import suppress

import pytest
from PIL import Image

from rpa.documents.adapters.pdfium_pages import WIDE, PdfiumPictures
from rpa.domain.errors import DocumentRefusedError
from rpa.testing.hostile_pdfs import locked_pdf, pdf_of_many_pages


@pytest.fixture(scope="module")
def pictures():
    pictures = PdfiumPictures(children=1)
    yield pictures
    pictures.close()


def test_a_page_is_drawn_with_its_text(pictures):
    pdf = pdf_of_many_pages(3)

    seen = pictures.page(pdf, 2)

    assert pictures.count(pdf) == 3
    assert seen.text == "Formulaire"
    drawn = Image.open(io.BytesIO(seen.png))
    assert drawn.size == (seen.width, seen.height)
    assert seen.width == WIDE
    assert drawn.convert("L").getextrema()[0] < 50


@pytest.mark.parametrize("number", [0, 4])
def test_a_page_that_is_not_there_is_refused(pictures, number):
    with pytest.raises(DocumentRefusedError):
        pictures.page(pdf_of_many_pages(3), number)


@pytest.mark.parametrize("pdf", [b"no pdf", locked_pdf(user="secret")], ids=["no pdf", "locked"])
def test_what_can_t_be_drawn_is_refused_with_the_way_out(pictures, pdf):
    with pytest.raises(DocumentRefusedError, match="viewer"):
        pictures.count(pdf)


def test_a_child_that_dies_is_replaced(pictures):
    pdf = pdf_of_many_pages(2)
    pictures.count(pdf)
    for child in list(pictures._pool._processes):
        os.kill(child, signal.SIGKILL)

    with suppress(DocumentRefusedError):  # whoever asks at this moment is told to try a viewer
        pictures.count(pdf)
    assert pictures.count(pdf) == 2
