from dataclasses import replace
from io import BytesIO

import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp

from rpa.domain.signature import SignatureLevel
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.api import Place
from rpa.testing.hostile_pdfs import one_page_pdf
from rpa.testing.signatures import credential, signing_request

URL = "https://verification.example.gouv.qc.ca/d/7f3c9a1b2d"
REASON = "Attestation de conformité délivrée en vertu de l’article 17 de la Loi " * 3


@pytest.fixture(scope="module")
def signer():
    return PyHankoSigner(timestamp_url=None)


@pytest.fixture
def signed(signer, pki, now):
    def made(pdf=None, *, name="sceau", **more):
        base = signing_request(pdf or one_page_pdf(contents=b"null"), credential(pki, name), now)
        return signer.sign(replace(base, verify_url=URL, **more)).pdf

    return made


def picture(pdf, *, scale=3.0):
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    return document[0].render(scale=scale, grayscale=True).to_numpy()


def shown_text(pdf):
    """Return what the appearance says, by its own font's way back to Unicode."""
    with pikepdf.open(BytesIO(pdf)) as document:
        form = document.Root.AcroForm.Fields[0].AP.N
        said = form.Resources.Font.F.ToUnicode.read_bytes().decode("ascii")
        pairs = [line.split() for line in said.splitlines() if line.count("<") == 2]
        letters = {
            code[1:-1]: bytes.fromhex(text[1:-1]).decode("utf-16-be") for code, text in pairs[1:]
        }
        shown = [
            bytes(operands[0]).hex().upper()
            for operands, operator in pikepdf.parse_content_stream(form)
            if str(operator) == "Tj"
        ]
    return [
        "".join(letters[codes[at : at + 4]] for at in range(0, len(codes), 4)) for codes in shown
    ]


def test_a_seal_says_who_in_what_quality_when_where_and_why_in_french(signed):
    said = shown_text(signed(role="Direction du service"))

    assert said[:5] == [
        "Scellé par",
        "Organisme de démonstration – sceau",
        "Direction du service",
        "2026-11-24 10:12 HNE, Québec",
        "Motif : Confirmation",
    ]


def test_a_persons_signature_is_worded_as_such_in_english(signed):
    said = shown_text(signed(name="superviseur", language="en"))

    assert said[:2] == ["Signed by", "Marie Tremblay (démonstration)"]
    assert "2026-11-24 10:12 EST, Québec" in said
    assert "Time stated by the signer." in said


def test_no_trusted_time_is_ever_claimed_on_the_face(pki, now, authority):
    signer = PyHankoSigner(timestamp_url=authority)
    base = signing_request(one_page_pdf(), credential(pki), now, level=SignatureLevel.B_T)
    place = Place(1, (50, 50, 550, 200))

    said = " ".join(shown_text(signer.sign(replace(base, place=place)).pdf))

    assert "Heure déclarée par le signataire; l’horodatage contenu dans le document" in said


@pytest.mark.parametrize("extra", [b"", b"/Rotate 90", b"/Rotate 180", b"/Rotate 270"])
def test_the_code_is_read_and_the_box_stands_below_left_however_the_page_is_turned(signed, extra):
    page = picture(signed(one_page_pdf(contents=b"null", page_extra=extra)))

    found = zxingcpp.read_barcodes(page)
    rows, columns = np.where(page < 250)
    height, width = page.shape
    assert [code.text for code in found] == [URL]
    assert abs(found[0].orientation) <= 2
    assert rows.min() > height * 0.75
    assert columns.max() < width * 0.55


def test_boxes_keep_to_the_crop_box_and_to_points_whatever_the_unit(signed):
    cropped = signed(one_page_pdf(contents=b"null", page_extra=b"/CropBox[100 100 500 700]"))
    large = one_page_pdf(contents=b"null", box=b"[0 0 306 396]", page_extra=b"/UserUnit 2")

    assert [code.text for code in zxingcpp.read_barcodes(picture(cropped))] == [URL]
    with pikepdf.open(BytesIO(signed(large))) as document:
        widget = document.Root.AcroForm.Fields[0]
        wide = float(widget.Rect[2]) - float(widget.Rect[0])
        assert float(widget.AP.N.BBox[2]) == pytest.approx(2 * wide, abs=0.1)


def test_a_long_reason_is_shown_whole_and_in_a_small_box_it_is_cut_with_an_ellipsis(signed):
    whole = " ".join(shown_text(signed(reason=REASON)))
    cut = shown_text(signed(reason=REASON, place=Place(1, (50, 50, 160, 90))))

    assert REASON.strip() in whole
    assert cut[-1].endswith("…")


def test_a_code_too_small_to_be_read_is_not_drawn(signed):
    tiny = signed(place=Place(1, (50, 50, 120, 70)))

    assert zxingcpp.read_barcodes(picture(tiny, scale=6)) == []
    assert shown_text(tiny)[0].startswith("Organisme")


def test_an_invisible_seal_draws_nothing(signed):
    assert picture(signed(visible=False)).min() == 255


def test_who_hears_the_page_is_told_the_same(signed):
    with pikepdf.open(BytesIO(signed(role="Direction"))) as document:
        widget = document.Root.AcroForm.Fields[0]

        assert str(widget.TU) == "Signature de Organisme de démonstration – sceau"
        assert str(widget.Contents) == (
            "Scellé par Organisme de démonstration – sceau, Direction, 2026-11-24 10:12 HNE, "
            "Québec, Confirmation"
        )
