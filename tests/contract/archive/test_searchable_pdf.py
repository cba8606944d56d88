from io import BytesIO

import pytest
from PIL import Image

from rpa.archive.adapters.ocrmypdf_pdf import OcrmypdfSearchablePdf
from rpa.domain.document import MediaType
from rpa.testing.archive import QuickSearchablePdf


@pytest.fixture(
    params=[
        pytest.param(QuickSearchablePdf, id="quick"),
        pytest.param(OcrmypdfSearchablePdf, id="ocrmypdf", marks=pytest.mark.tesseract),
    ]
)
def searchable(request):
    return request.param()


def test_an_image_becomes_a_pdf(searchable):
    target = BytesIO()
    Image.new("L", (200, 200), "white").save(target, "PNG", dpi=(100, 100))

    assert searchable.converted(target.getvalue(), MediaType.PNG).startswith(b"%PDF-")


def test_it_says_what_it_is(searchable):
    assert searchable.name
