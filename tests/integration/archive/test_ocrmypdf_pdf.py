import subprocess
from importlib.util import find_spec
from io import BytesIO

import pikepdf
import pikepdf.pdfa
import pytest
from PIL import Image, ImageDraw, ImageFont

from rpa.archive.adapters.ocrmypdf_pdf import OcrmypdfSearchablePdf
from rpa.documents.adapters.weasy_composer import WeasyComposer
from rpa.domain.document import MediaType
from rpa.domain.errors import ToolTimeoutError, ToolUnavailableError
from rpa.testing.letters import letter_request, letter_template
from rpa.testing.scans import image

pytestmark = pytest.mark.tesseract


def fax(*words: str) -> bytes:
    """Draw pages as a coarse fax has them: 204 dots across, 98 down, one bit each."""
    font = ImageFont.truetype("DejaVuSans.ttf", 80)
    pages = []
    for word in words:
        square = Image.new("L", (1728, 2200), "white")
        ImageDraw.Draw(square).text((150, 300), word, font=font, fill="black")
        pages.append(square.resize((1728, 1056)).convert("1"))
    target = BytesIO()
    pages[0].save(
        target,
        "TIFF",
        save_all=True,
        append_images=pages[1:],
        compression="group4",
        dpi=(204, 98),
    )
    return target.getvalue()


def text_of(pdf: bytes) -> str:
    run = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return run.stdout.decode()


def test_a_fax_comes_out_searchable_square_and_in_one_bit():
    made = OcrmypdfSearchablePdf().converted(fax("Déménagement", "Signature"), MediaType.TIFF)

    with pikepdf.open(BytesIO(made)) as pdf:
        report = pikepdf.pdfa.check(pdf, "2b")
        page, image = pdf.pages[0], next(iter(pdf.pages[0].get_images().values()))
        width, height = (float(edge) for edge in page.mediabox[2:])
        assert pdf.open_metadata().pdfa_status == "2B"
        assert len(pdf.pages) == 2
    assert report.passed, report.findings
    assert int(image.BitsPerComponent) == 1
    assert height / width == pytest.approx((1056 / 98) / (1728 / 204), rel=0.01)
    assert int(image.Height) / int(image.Width) == pytest.approx(height / width, rel=0.01)
    assert "Déménagement" in text_of(made)
    assert "Signature" in text_of(made)


def test_text_that_is_there_is_kept(tmp_path):
    letter = WeasyComposer().compose(letter_request(letter_template(tmp_path, "<p>Bonjour</p>")))

    made = OcrmypdfSearchablePdf().converted(letter, MediaType.PDF)

    with pikepdf.open(BytesIO(made)) as pdf:
        assert pikepdf.pdfa.check(pdf, "2b").passed
        assert not list(pdf.pages[0].get_images())
    assert "Bonjour" in text_of(made)


def test_a_form_keeps_what_was_filled_in():
    target = BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792))
        widget = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T="motif",
            V="Vacances",
            DA="/Helv 24 Tf 0 g",
            Rect=[72, 600, 400, 640],
            F=4,
        )
        field = pdf.make_indirect(widget)
        page.obj.Annots = pikepdf.Array([field])
        font = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        )
        pdf.Root.AcroForm = pikepdf.Dictionary(
            Fields=[field], DR={"/Font": {"/Helv": font}}, NeedAppearances=True
        )
        pdf.save(target)

    made = OcrmypdfSearchablePdf().converted(target.getvalue(), MediaType.PDF)

    with pikepdf.open(BytesIO(made)) as pdf:
        assert pikepdf.pdfa.check(pdf, "2b").passed
        assert "/AcroForm" not in pdf.Root
    assert "Vacances" in text_of(made)


def test_a_conversion_that_takes_too_long_is_stopped():
    with pytest.raises(ToolTimeoutError):
        OcrmypdfSearchablePdf(timeout_s=0.2).converted(fax("Lent"), MediaType.TIFF)


@pytest.mark.parametrize("media_type", [MediaType.PDF, MediaType.TIFF])
def test_damaged_bytes_are_told(media_type):
    with pytest.raises(ToolUnavailableError):
        OcrmypdfSearchablePdf().converted(b"%PDF-1.7 damaged", media_type)


@pytest.mark.parametrize("media_type", [MediaType.PDF, MediaType.TIFF])
def test_a_part_of_a_pile_is_kept_without_the_pages_of_others(media_type):
    pages = [Image.new("1", (width, 300), 1) for width in (200, 300, 400)]
    target = BytesIO()
    form = "PDF" if media_type is MediaType.PDF else "TIFF"
    how = {"resolution": 100} if form == "PDF" else {"dpi": (100, 100)}
    pages[0].save(target, form, save_all=True, append_images=pages[1:], **how)

    made = OcrmypdfSearchablePdf().converted(target.getvalue(), media_type, (3, 1))

    with pikepdf.open(BytesIO(made)) as pdf:
        assert [round(page.MediaBox[2]) for page in pdf.pages] == [288, 144]


@pytest.mark.parametrize("kind", ["webp", "bmp", "jpeg2000", "gif"])
def test_each_kind_of_image_has_a_searchable_copy(kind):
    made = OcrmypdfSearchablePdf().converted(image(kind, dpi=200), MediaType.PNG)

    with pikepdf.open(BytesIO(made)) as pdf:
        assert [round(size) for size in pdf.pages[0].MediaBox[2:]] == [612, 792]


@pytest.mark.skipif(find_spec("pi_heif") is None, reason="the extra `images` isn't installed")
def test_a_heic_has_a_searchable_copy(shared_data):
    content = (shared_data / "robust-scans" / "paperless-simple.heic").read_bytes()

    made = OcrmypdfSearchablePdf().converted(content, MediaType.HEIC)

    assert made.startswith(b"%PDF-")
