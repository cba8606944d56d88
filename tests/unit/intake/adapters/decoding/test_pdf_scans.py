"""PDF pages that are a scan, drawn, or both."""

import io

import numpy as np
import pikepdf
import pytest
from PIL import Image

from rpa.intake.adapters.decoding.from_image import read_image
from rpa.intake.adapters.decoding.from_pdf import read_pdf
from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.program import INSPECT, PAGES, Work
from rpa.testing.hostile_images import fax_page, fax_tiff
from rpa.testing.hostile_pdfs import one_page_pdf
from rpa.testing.scans import page, scanned_pdf


def read(content, wanted=PAGES):
    answer = read_pdf(Work(content, "pdf", wanted, DecodeLimits()))
    images = [np.asarray(Image.open(io.BytesIO(png))) for png in answer.pieces]
    return answer.record, images


def changed(content, change):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf, pdf.pages[0])
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def scan():
    return scanned_pdf([page(dpi=200)], dpi=(200, 200))


def test_a_scanned_page_is_the_scan_itself_at_its_own_resolution():
    record, [drawn] = read(scan())

    assert record["images"] == [{"dpi": 200, "bilevel": False}]
    assert drawn.shape == (2200, 1700)
    assert abs(drawn.astype(int) - np.asarray(page(dpi=200))).mean() < 1


def test_a_fax_in_a_pdf_is_the_same_page_as_the_fax_in_a_tiff():
    record, [drawn, _second] = read(scanned_pdf([fax_page(), fax_page()], dpi=(204, 98)))
    fax = read_image(Work(fax_tiff(2), "tiff", PAGES, DecodeLimits()))
    [plain, _other] = [np.asarray(Image.open(io.BytesIO(png))) for png in fax.pieces]

    pixels = [told["pixels"] for told in record["pages"]]
    assert pixels == [told["pixels"] for told in fax.record["pages"]]
    assert record["images"] == fax.record["images"]
    assert np.array_equal(drawn, plain)


def test_an_inspection_tells_the_same_as_a_reading():
    for content in (scan(), one_page_pdf()):
        assert read(content, INSPECT)[0]["pages"] == read(content)[0]["pages"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_turns_its_scan(turn):
    def rotate(_pdf, sheet):
        sheet.Rotate = turn

    record, [drawn] = read(changed(scan(), rotate))

    upright = np.rot90(np.asarray(page(dpi=200)), -turn // 90)
    assert record["pages"][0]["pixels"]
    assert abs(drawn.astype(int) - upright).mean() < 1


def with_text(mode):
    def write(pdf, sheet):
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        sheet.Resources.Font = pikepdf.Dictionary(F=font)
        words = f"BT {mode} Tr /F 40 Tf 100 300 Td (Lu par une machine) Tj ET".encode()
        sheet.contents_add(pikepdf.Stream(pdf, words))

    return write


def test_a_hidden_text_layer_leaves_a_scan_a_scan_and_is_read():
    record, [drawn] = read(changed(scan(), with_text(3)))

    assert record["pages"][0]["pixels"]
    assert [word[0] for word in record["words"][0]] == ["Lu", "par", "une", "machine"]
    assert drawn.shape == (2200, 1700)


def stamped(pdf, sheet):
    sheet.contents_add(pikepdf.Stream(pdf, b"0 g 100 100 200 200 re f"))


def annotated(pdf, sheet):
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[50, 50, 300, 300]
    )
    sheet.Annots = pikepdf.Array([pdf.make_indirect(note)])


def cropped(_pdf, sheet):
    sheet.CropBox = [0, 0, 300, 300]


def inverted(_pdf, sheet):
    sheet.Resources.XObject.S.Decode = [1, 0]


def smaller(pdf, sheet):
    sheet.Contents = pikepdf.Stream(pdf, b"q 300 0 0 400 100 100 cm /S Do Q")


def mirrored(pdf, sheet):
    sheet.Contents = pikepdf.Stream(pdf, b"q -612 0 0 792 612 0 cm /S Do Q")


def half_hidden(pdf, sheet):
    sheet.Contents = pikepdf.Stream(pdf, b"q 0 0 612 300 re W n 612 0 0 792 0 0 cm /S Do Q")


@pytest.mark.parametrize(
    "change",
    [with_text(0), stamped, annotated, cropped, smaller, mirrored, half_hidden],
    ids=["text", "stamp", "note", "cropped", "smaller", "mirrored", "half hidden"],
)
def test_a_page_that_shows_more_less_or_other_than_its_scan_is_drawn(change):
    record, [_drawn] = read(changed(scan(), change))

    assert record["pages"][0]["pixels"] is None
    assert record["images"][0]["dpi"] == 300


def test_an_inverted_scan_is_shown_as_a_viewer_shows_it():
    _record, [drawn] = read(changed(scan(), inverted))

    assert drawn.mean() < 60


def test_a_coarse_scan_is_drawn_finer():
    record, _images = read(scanned_pdf([page(dpi=100)], dpi=(100, 100)))

    assert record["images"] == [{"dpi": 300, "bilevel": False}]


def test_a_mixed_document_has_each_page_as_it_is():
    with (
        pikepdf.open(io.BytesIO(scan())) as scanned,
        pikepdf.open(io.BytesIO(one_page_pdf())) as typed,
        pikepdf.new() as mixed,
    ):
        mixed.pages.extend([scanned.pages[0], typed.pages[0]])
        out = io.BytesIO()
        mixed.save(out)

    record, _images = read(out.getvalue())

    assert [told["dpi"] for told in record["images"]] == [200, 300]
    assert [bool(told["pixels"]) for told in record["pages"]] == [True, False]
