"""Text layers of PDFs: believed where the page shows what they say, else the pixels are read."""

import io

import pikepdf
import pytest

from rpa.bootstrap.intake import open_decoder
from rpa.ocr.adapters.page_text import PageReader
from rpa.ocr.document_text import document_text
from rpa.ocr.text_layer import believable
from rpa.testing.faxes import typed_page
from rpa.testing.hostile_pdfs import pdf_of, stream
from rpa.testing.scans import scanned_pdf

tesserocr_engine = pytest.importorskip("rpa.ocr.adapters.tesserocr_engine")
pytestmark = pytest.mark.tesseract
LINES = (
    "Bordereau de suivi des boues",
    "Producteur : Ville de Saint-Antonin",
    "Transporteur : Entreprises Gagnon",
    "Destination : usine de traitement",
    "Quantite estimee : douze tonnes",
)


def letters(shift=0):
    """Tables that say which letter each code of a font is."""
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Shift def\n"
        b"1 begincodespacerange <00> <ff> endcodespacerange\n"
        b"1 beginbfrange <21> <7c> <%04x> endbfrange\n"
        b"1 beginbfchar <20> <0020> endbfchar\n"
        b"endcmap end end" % (0x21 + shift)
    )


def digital(lines=LINES, *, shifts=(0,), top=700):
    """A PDF typed in as many fonts as there are ``shifts``, line after line in turn."""
    count = len(shifts)
    fonts = b"".join(b"/F%d %d 0 R" % (n, 5 + 2 * n) for n in range(count))
    text = b"".join(
        b"BT /F%d 12 Tf 72 %d Td (%s) Tj ET\n" % (n % count, top - 24 * n, line.encode("latin-1"))
        for n, line in enumerate(lines)
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<<%s>>>>>>" % fonts,
        stream(text),
    ]
    for number, shift in enumerate(shifts):
        font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode %d 0 R>>"
        objects += [font % (6 + 2 * number), stream(letters(shift))]
    return pdf_of(objects)


def scan_with_typed_header():
    """What scanners make that stamp a line of text on each page they scan."""
    scan = scanned_pdf([typed_page(LINES * 3)], dpi=(300, 300))
    with pikepdf.open(io.BytesIO(scan)) as pdf, pikepdf.open(io.BytesIO(digital())) as typed:
        page = pdf.pages[0]
        fonts = typed.make_indirect(typed.pages[0].Resources.Font)
        page.Resources.Font = pdf.copy_foreign(fonts)
        page.contents_add(b"BT /F0 9 Tf 72 770 Td (Scanned by office 4 on Monday) Tj ET")
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def engine():
    return tesserocr_engine.TesserocrEngine()


@pytest.fixture(scope="module")
def decoder():
    return open_decoder()


@pytest.fixture(scope="module")
def read(engine, decoder):
    def one(content):
        [page] = document_text(decoder.pages(content), PageReader(engine), engine)
        return page

    return one


def text_of(page):
    return " ".join(word.text for word in page.words)


def test_an_honest_layer_is_believed_and_stands_where_its_words_are_shown(read):
    page = read(digital())

    assert not page.from_pixels
    assert text_of(page) == " ".join(LINES)
    first = page.words[0]
    assert first.x0 == pytest.approx(72 * 300 / 72, abs=3)
    assert first.y1 == pytest.approx((792 - 700) * 300 / 72, abs=14)
    assert next(word.text for word in page.words if word.line == 1) == "Producteur"


def test_a_layer_whose_letters_are_shifted_by_two_is_not_believed(read):
    page = read(digital(shifts=(2,)))

    assert page.from_pixels
    assert "Bordereau" in text_of(page)
    assert "Dqtfgtgcw" not in text_of(page)


def test_one_font_of_two_that_lies_is_enough(read):
    page = read(digital(LINES * 2, shifts=(0, 2)))

    assert page.from_pixels
    assert "Transporteur" in text_of(page)


def test_a_scan_with_a_typed_header_is_read_as_pixels(read):
    page = read(scan_with_typed_header())

    assert page.from_pixels
    assert "Transporteur" in text_of(page)


def test_text_that_nobody_sees_is_not_believed(engine, decoder):
    document = decoder.pages(digital())
    white = decoder.pages(scanned_pdf([typed_page([])], dpi=(300, 300)))

    assert not believable(document.words[0], white.images[0], engine)


def test_a_layer_of_signs_alone_is_not_believed(read):
    assert read(digital(("- -", "* *"))).from_pixels


def test_a_typed_page_of_few_words_is_believed(read):
    assert not read(digital(("Annexe 4",))).from_pixels
