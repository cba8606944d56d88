"""Real faxes and the scans that break pipelines, each opened or refused for its true reason.

What is expected of each file was set down after looking at the file itself and at its pages.
"""

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from rpa.domain.errors import DocumentRefusedError
from rpa.intake.adapters.contained import ContainedDecoder

FOLDERS = ("fax-ccitt", "robust-scans")
TOLD = {
    "fax-ccitt/1pagefax-204x98.tif": "TIFF 1 1728x1146 204x98 bilevel",
    "fax-ccitt/CCITT-G4-300dpi-StripByteCounts0.tif": "TIFF 1 2480x3507 300x300 bilevel",
    "fax-ccitt/G32DS.tif": "TIFF 1 2464x3248 300x300 bilevel",
    "fax-ccitt/ccitt-too-many-changes.tif": "TIFF 1 24x153 0x0 bilevel",
    "fax-ccitt/group3_1d_fill.tif": "TIFF 1 6x4 0x0 bilevel",
    "fax-ccitt/group4.tif": "TIFF 1 6x4 0x0 bilevel",
    "fax-ccitt/itu1.tif": "TIFF 1 1728x2376 204x196 bilevel",
    "fax-ccitt/itu3.tif": "TIFF 1 1728x2376 204x196 bilevel",
    "fax-ccitt/itu5.tif": "TIFF 1 1728x2376 204x196 bilevel",
    "fax-ccitt/itu8.tif": "TIFF 1 1728x2376 204x196 bilevel",
    "fax-ccitt/pdfbox-ccittg3-garbage-padded-fields.tif": "TIFF 1 344x287 120x120 bilevel",
    "fax-ccitt/pdfbox-ccittg4multi.tif": "TIFF 3 344x287 120x120 bilevel",
    "fax-ccitt/pillow-g4-multi.tiff": "TIFF 3 3307x4677 400x400 bilevel",
    "fax-ccitt/pillow-g4_orientation_1.tif": "TIFF 1 590x88 96x96 bilevel",
    "fax-ccitt/pillow-g4_orientation_3.tif": "TIFF 1 590x88 96x96 bilevel",
    "fax-ccitt/pillow-g4_orientation_5.tif": "TIFF 1 590x88 96x96 bilevel",
    "fax-ccitt/pillow-g4_orientation_7.tif": "TIFF 1 590x88 96x96 bilevel",
    "fax-ccitt/spandsp-test1.tif": "TIFF 1 1240x1754 150x150 bilevel",
    "robust-scans/ocrmypdf-3small.pdf": "PDF 3 640x682 230.4x230.4",
    "robust-scans/ocrmypdf-aspect.pdf": "PDF 1 1500x1200 300x300",
    "robust-scans/ocrmypdf-docinfo_latin1_key.pdf": "PDF 1 2550x3300 300x300",
    "robust-scans/ocrmypdf-hugemono.pdf": "page-too-large",
    "robust-scans/ocrmypdf-invalid.pdf": "damaged",
    "robust-scans/ocrmypdf-livecycle.pdf": "dynamic-form",
    "robust-scans/ocrmypdf-multipage.pdf": "PDF 6 800x981 150x150",
    "robust-scans/ocrmypdf-no_contents.pdf": "PDF 1 3000x3000 300x300",
    "robust-scans/ocrmypdf-overlay.pdf": "PDF 1 2480x3509 300x300",
    "robust-scans/ocrmypdf-palette.pdf": "PDF 1 2000x2132 300x300",
    "robust-scans/ocrmypdf-poster.pdf": "PDF 1 5000x10000 200x200",
    "robust-scans/ocrmypdf-rotated_skew.pdf": "PDF 1 2550x3300 300x300 bilevel",
    "robust-scans/ocrmypdf-toc.pdf": "PDF 2 2480x3509 300x300",
    "robust-scans/ocrmypdf-vector.pdf": "PDF 1 2481x3508 300x300",
    "robust-scans/paperless-document.webp": "WEBP 1 1700x2200 200x200",
    "robust-scans/paperless-encrypted.pdf": "encrypted",
    "robust-scans/paperless-multi-page-digital.pdf": "PDF 3 2550x3300 300x300",
    "robust-scans/paperless-multi-page-images-alpha.tiff": "TIFF 3 2476x3204 300x300",
    "robust-scans/paperless-multi-page-images.tiff": "TIFF 3 2476x3204 300x300",
    "robust-scans/paperless-rotated.pdf": "PDF 4 2200x1700 206x206",
    "robust-scans/paperless-signed.pdf": "PDF 1 2550x3300 300x300",
    "robust-scans/paperless-simple.gif": "GIF 1 1436x408 0x0",
    "robust-scans/paperless-simple.heic": "HEIC 1 1345x447 0x0",
    "robust-scans/paperless-simple.jpg": "JPEG 1 1436x408 200x200",
    "robust-scans/tesseract-8071_093.3B.tif": "TIFF 1 3312x2550 300x300 bilevel",
    "robust-scans/tesseract-phototest.tif": "TIFF 1 640x480 200x200 bilevel",
}
"""Kind, pages, and the first page's pixels, dots to the inch and depth; or the refusal's code."""
BLANK = {"fax-ccitt/1pagefax-204x98.tif"}
"""Every line of this fax is coded as one white run."""
PASSWORD = "paperless"


@pytest.fixture(scope="module")
def decoder():
    return ContainedDecoder()


def test_every_file_there_is_read_or_refused_with_a_reason(decoder, shared_data):
    others = [
        path
        for folder in FOLDERS
        for path in (shared_data / folder).iterdir()
        if f"{folder}/{path.name}" not in TOLD
    ]

    for path in others:
        assert told(path.read_bytes(), decoder)


@pytest.mark.parametrize("name", TOLD)
def test_each_is_told_as_it_is(name, decoder, shared_data):
    if not (shared_data / name).exists():
        pytest.skip("not in this copy of the data")

    assert told((shared_data / name).read_bytes(), decoder) == TOLD[name]


def told(content, decoder):
    try:
        facts = decoder.inspect(content)
    except DocumentRefusedError as refused:
        return refused.reason
    page = facts.page_facts[0]
    depth = " bilevel" if page.bilevel else ""
    size = f"{page.width}x{page.height} {page.dpi_x:g}x{page.dpi_y:g}"
    return f"{facts.media_type.name} {facts.pages} {size}{depth}"


@pytest.mark.parametrize("name", [name for name in TOLD if name.startswith("fax-ccitt")])
def test_no_fax_comes_out_white_but_the_one_that_is(name, decoder, shared_data):
    content = (shared_data / name).read_bytes()

    white = [ImageStat.Stat(opened(page)).extrema[0][0] == 255 for page in pages(content, decoder)]

    assert white == [name in BLANK] * len(white)


def pages(content, decoder):
    return decoder.pages(content).images


def opened(page):
    return Image.open(io.BytesIO(page.png))


def test_a_page_stored_on_its_side_or_mirrored_comes_out_upright(decoder, shared_data):
    stored = sorted((shared_data / "fax-ccitt").glob("pillow-g4_orientation_*.tif"))
    upright, *turned = [opened(pages(path.read_bytes(), decoder)[0]) for path in stored]

    assert turned
    for page in turned:
        difference = ImageChops.difference(upright, page)
        assert ImageStat.Stat(difference).mean[0] < 1


def test_a_received_standard_resolution_fax_becomes_square(decoder, shared_data):
    content = (shared_data / "fax-ccitt" / "1pagefax-204x98.tif").read_bytes()

    [page] = pages(content, decoder)

    assert (page.dpi, page.bilevel) == (204.0, True)
    assert opened(page).size == (1728, round(1146 * 204 / 98))


def test_pixels_of_a_page_scanned_unevenly_become_square(decoder, shared_data):
    """The page's image has 200 by 100 dots to the inch and a mask that only a viewer applies."""
    content = (shared_data / "robust-scans" / "ocrmypdf-aspect.pdf").read_bytes()

    circle = opened(pages(content, decoder)[0]).point(lambda grey: 255 * (70 > grey > 50))
    circle = circle.crop((0, 0, 1500, 800))

    left, top, right, bottom = circle.getbbox()
    assert right - left == pytest.approx(bottom - top, rel=0.02)


def test_a_locked_file_opens_with_its_password(decoder, shared_data):
    content = (shared_data / "robust-scans" / "paperless-encrypted.pdf").read_bytes()

    assert decoder.inspect(decoder.unlocked(content, ["wrong", PASSWORD])).pages == 1
