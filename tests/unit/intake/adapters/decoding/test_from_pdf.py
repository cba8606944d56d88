"""Reading PDFs, in this process."""

import io
import warnings
import zlib

import pdfplumber
import pikepdf
import pytest
from PIL import Image

from rpa.intake.adapters.decoding.from_pdf import read_pdf
from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.program import PAGES, Work
from rpa.intake.adapters.decoding.refusal import Refusal
from rpa.testing.hostile_images import fax_page
from rpa.testing.hostile_pdfs import locked_pdf, one_page_pdf, pdf_of_many_pages, stream


def read(content, **limits):
    answer = read_pdf(Work(content, "pdf", PAGES, DecodeLimits(**limits)))
    images = [Image.open(io.BytesIO(png)) for png in answer.pieces]
    return answer.record, images


def scanned(image_object):
    drawn = stream(b"q 612 0 0 792 0 0 cm /X Do Q")
    return one_page_pdf(contents=drawn, more=[image_object])


def group4_object(*, keep=1.0):
    out = io.BytesIO()
    fax_page(1728, 1100).save(out, "TIFF", compression="group4", strip_size=10_000_000)
    with Image.open(io.BytesIO(out.getvalue())) as image:
        start, count = image.tag_v2[273][0], image.tag_v2[279][0]
    data = out.getvalue()[start : start + int(count * keep)]
    return stream(
        data,
        b"/Type/XObject/Subtype/Image/Width 1728/Height 1100/BitsPerComponent 1"
        b"/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 1728>>",
    )


def jpeg_object(*, keep=1.0):
    out = io.BytesIO()
    fax_page(640, 480).convert("L").save(out, "JPEG")
    data = out.getvalue()[: int(len(out.getvalue()) * keep)] + b"\xff\xd9"
    return stream(
        data,
        b"/Type/XObject/Subtype/Image/Width 640/Height 480/BitsPerComponent 8"
        b"/ColorSpace/DeviceGray/Filter/DCTDecode",
    )


def flate_object(*, keep=1.0):
    rows = zlib.compress(bytes(int(640 * 480 * keep)))
    return stream(
        rows,
        b"/Type/XObject/Subtype/Image/Width 640/Height 480/BitsPerComponent 8"
        b"/ColorSpace/DeviceGray/Filter/FlateDecode",
    )


def with_form(**values):
    pdf = pikepdf.open(io.BytesIO(one_page_pdf()))
    pdf.Root.AcroForm = pikepdf.Dictionary(
        Fields=pikepdf.Array([pdf.make_indirect(field) for field in values["fields"]])
    )
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def field(name, kind, **more):
    said = pikepdf.Dictionary(T=pikepdf.String(name), FT=pikepdf.Name(kind))
    for key, value in more.items():
        said["/" + key] = value
    return said


def test_a_page_is_drawn_at_300_dpi_with_its_words_where_they_stand():
    record, [image] = read(one_page_pdf())
    [[(text, x0, y0, x1, y1)]] = record["words"]
    scale = 300 / 72
    dark = image.point(lambda value: 255 * (value < 128)).getbbox()

    assert image.size == (2550, 3300)
    assert text == "Formulaire"
    assert x0 * scale - 2 <= dark[0] < dark[2] <= x1 * scale + 2
    assert y0 * scale - 2 <= dark[1] < dark[3] <= y1 * scale + 2


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_words_follow_a_turned_and_cropped_page(turn):
    extra = b"/Rotate %d/CropBox[50 500 400 792]" % turn
    record, [image] = read(one_page_pdf(page_extra=extra))
    [[(_text, x0, y0, x1, y1)]] = record["words"]
    scale = 300 / 72
    dark = image.point(lambda value: 255 * (value < 128)).getbbox()

    assert x0 * scale - 2 <= dark[0] < dark[2] <= x1 * scale + 2
    assert y0 * scale - 2 <= dark[1] < dark[3] <= y1 * scale + 2


def test_words_agree_with_pdfplumber():
    content = one_page_pdf(contents=stream(b"BT /F1 12 Tf 72 700 Td (Nom et adresse) Tj ET"))
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        other = pdf.pages[0].extract_words()

    [words] = read(content)[0]["words"]

    assert [word[0] for word in words] == [word["text"] for word in other]
    for word, seen in zip(words, other, strict=True):
        assert word[1] == pytest.approx(seen["x0"], abs=1)
        assert word[2] == pytest.approx(seen["top"], abs=4)


def test_a_page_without_words_has_none():
    assert read(one_page_pdf(contents=stream(b"")))[0]["words"] == [[]]


def test_a_large_page_is_drawn_less_finely_rather_than_refused():
    record, [image] = read(one_page_pdf(box=b"[0 0 3024 4032]"))

    assert record["images"][0]["dpi"] == pytest.approx(145, abs=1)
    assert image.width * image.height <= 50_100_000


@pytest.mark.parametrize("make", [group4_object, jpeg_object, flate_object])
def test_an_image_cut_short_inside_a_page_is_damage_not_white_paper(make):
    assert len(read(scanned(make()))[0]["pages"]) == 1

    with pytest.raises(Refusal) as refused:
        read(scanned(make(keep=0.5)))

    assert (refused.value.code, refused.value.arguments) == ("damaged-page", {"page": 1})


def test_a_page_of_one_fax_image_is_bilevel_and_others_are_not():
    assert read(scanned(group4_object()))[0]["images"][0]["bilevel"] is True
    assert read(scanned(jpeg_object()))[0]["images"][0]["bilevel"] is False
    assert read(one_page_pdf())[0]["images"][0]["bilevel"] is False


def test_form_values_have_full_names_and_the_state_of_ticks():
    inner = field("rue", "/Tx", V=pikepdf.String("rue Élisée"))
    del inner["/FT"]
    person = field("adresse", "/Tx", Kids=pikepdf.Array([inner]))
    widgets = pikepdf.Array([pikepdf.Dictionary(AS=pikepdf.Name("/Off"))])
    content = with_form(
        fields=[
            person,
            field("avance", "/Btn", V=pikepdf.Name("/Oui"), Kids=widgets),
            field("refus", "/Btn"),
            field("envoyer", "/Btn", Ff=1 << 16),
            field("motifs", "/Ch", V=pikepdf.Array(["Vacances", "Formation"])),
            field("vide", "/Tx"),
            field("signature", "/Sig"),
            field("visa", "/Sig", V=pikepdf.Dictionary(Type=pikepdf.Name.Sig)),
        ]
    )

    assert read(content)[0]["acroform"] == [
        ("adresse.rue", "rue Élisée"),
        ("avance", "Oui"),
        ("refus", "Off"),
        ("motifs", "Vacances\nFormation"),
        ("vide", ""),
        ("visa", "Yes"),
    ]


def shown_field(pdf, name):
    """Return a field with an appearance: a black square."""
    drawn = pdf.make_stream(
        b"0 0 20 20 re f",
        Type=pikepdf.Name("/XObject"),
        Subtype=pikepdf.Name("/Form"),
        BBox=pikepdf.Array([0, 0, 20, 20]),
    )
    shown = field(name, "/Tx", V=pikepdf.String("5"), Subtype=pikepdf.Name("/Widget"), F=4)
    shown.Rect = pikepdf.Array([100, 100, 120, 120])
    shown.AP = pikepdf.Dictionary(N=drawn)
    return pdf.make_indirect(shown)


def with_shown_field(*, xfa=False, listed=True):
    pdf = pikepdf.open(io.BytesIO(one_page_pdf()))
    shown = shown_field(pdf, "code")
    pdf.pages[0].Annots = pikepdf.Array([shown])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([shown] if listed else []))
    if xfa:
        pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pikepdf says that the field isn't listed
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("xfa", [False, True])
def test_what_was_typed_into_form_fields_is_drawn_also_where_there_is_xfa(xfa):
    _record, [image] = read(with_shown_field(xfa=xfa))

    assert image.getpixel((round(110 / 72 * 300), round((792 - 110) / 72 * 300))) == 0


def test_fields_that_stand_on_the_page_alone_have_their_values():
    assert read(with_shown_field(listed=False))[0]["acroform"] == [("code", "5")]


def test_a_form_that_holds_itself_is_damaged():
    pdf = pikepdf.open(io.BytesIO(one_page_pdf()))
    loop = pdf.make_indirect(field("a", "/Tx"))
    loop["/Kids"] = pikepdf.Array([loop])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([loop]))
    out = io.BytesIO()
    pdf.save(out)

    with pytest.raises(Refusal) as refused:
        read(out.getvalue())

    assert refused.value.code == "damaged"


@pytest.mark.parametrize(
    ("content", "code"),
    [(locked_pdf(user="x"), "encrypted"), (pdf_of_many_pages(201), "too-many-pages")],
)
def test_a_locked_or_endless_document_is_refused(content, code):
    with pytest.raises(Refusal) as refused:
        read(content)

    assert refused.value.code == code
