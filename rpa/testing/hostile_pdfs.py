"""PDFs that are broken, locked or built to hurt whoever opens them; written by hand."""

import io
import zlib
from collections.abc import Sequence

import pikepdf

from rpa.testing.hostile_images import repeated_deflated, zeros_deflated

_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
_TEXT = b"BT /F1 24 Tf 72 700 Td (Formulaire) Tj ET"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def pdf_of(objects: Sequence[bytes], *, root: int = 1) -> bytes:
    """Return a PDF of these objects, numbered from 1, with a true cross-reference table."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        root,
        start,
    )
    return bytes(out)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """Return a stream object's body."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), extra, data)


def one_page_pdf(
    *,
    catalog: bytes = _CATALOG,
    box: bytes = b"[0 0 612 792]",
    contents: bytes | None = None,
    page_extra: bytes = b"",
    more: Sequence[bytes] = (),
) -> bytes:
    """Return a PDF of one page with a word on it; object 6 and later are ``more``."""
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox %s/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>%s>>" % (box, page_extra)
    )
    tree = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    drawn = stream(_TEXT) if contents is None else contents
    return pdf_of([catalog, tree, page, drawn, _FONT, *more])


def pdf_of_many_pages(pages: int) -> bytes:
    """Return a PDF of so many pages that share one content stream."""
    kids = b" ".join(b"%d 0 R" % (number + 5) for number in range(pages))
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 3 0 R"
        b"/Resources<</Font<</F1 4 0 R>>>>>>"
    )
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages)
    return pdf_of([_CATALOG, tree, stream(_TEXT), _FONT, *[page] * pages])


def pdf_without_pages() -> bytes:
    """Return a PDF whose page tree is empty."""
    return pdf_of([_CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"])


def pdf_whose_page_tree_is_a_loop() -> bytes:
    """Return a PDF whose page tree holds itself."""
    return pdf_of([_CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/Parent 2 0 R>>"])


def pdf_that_hides_a_page() -> bytes:
    """Return a PDF of two pages whose tree says it has one."""
    return pdf_of_many_pages(2).replace(b"/Count 2", b"/Count 1")


def pdf_with_a_spoiled_cross_reference() -> bytes:
    """Return a whole PDF whose cross-reference table is nonsense."""
    whole = one_page_pdf()
    start = whole.index(b"xref\n0") + 7
    return whole[:start] + b"x" * 60 + whole[start + 60 :]


def pdf_with_an_object_beyond_its_end() -> bytes:
    """Return a PDF whose table places an object that nobody needs far behind the last byte."""
    whole = one_page_pdf(more=[b"(nobody needs this)"])
    last = whole.rindex(b" 00000 n")
    return whole[: last - 10] + b"%010d" % 81607 + whole[last:]


def pdf_bomb() -> bytes:
    """Return a page whose instructions inflate twice, to four thousand million bytes."""
    packed = zlib.compress(zeros_deflated(4000), 9)
    return one_page_pdf(contents=stream(packed, b"/Filter[/FlateDecode/FlateDecode]"))


def pdf_that_takes_long() -> bytes:
    """Return a page whose instructions are thirty thousand million blanks that say nothing.

    The last filter skips them (ISO 32000-2, 7.4.2): they cost time, and no memory.
    """
    packed = zlib.compress(repeated_deflated(0x20, 30_000), 9)
    return one_page_pdf(
        contents=stream(packed, b"/Filter[/FlateDecode/FlateDecode/ASCIIHexDecode]")
    )


def pdf_with_a_spoiled_page() -> bytes:
    """Return a page whose instructions do not inflate."""
    return one_page_pdf(contents=stream(b"\x78\x9c" + b"\xff" * 200, b"/Filter/FlateDecode"))


def pdf_with_actions() -> bytes:
    """Return a readable PDF that would run JavaScript and start a program."""
    script = b"<</S/JavaScript/JS(app.alert\\('x'\\); this.exportDataObject\\({cName:'x'}\\);)>>"
    launch = b"/AA<</O<</S/Launch/F(/bin/sh)>>>>"
    catalog = b"<</Type/Catalog/Pages 2 0 R/OpenAction %s>>" % script
    return one_page_pdf(catalog=catalog, page_extra=launch)


def pdf_of_a_dynamic_form() -> bytes:
    """Return an XFA form whose page only says to wait."""
    catalog = b"<</Type/Catalog/Pages 2 0 R/NeedsRendering true/AcroForm<</Fields[]/XFA 6 0 R>>>>"
    return one_page_pdf(catalog=catalog, more=[stream(b"<xdp/>")])


def pdf_portfolio() -> bytes:
    """Return a PDF that is the cover of a folder of files."""
    return one_page_pdf(catalog=b"<</Type/Catalog/Pages 2 0 R/Collection<</View/D>>>>")


def pdf_that_draws_itself() -> bytes:
    """Return a page with a form that draws itself without end."""
    form = stream(
        b"/X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>"
    )
    return one_page_pdf(contents=stream(b"/X Do"), more=[form])


def pdf_with_a_huge_image() -> bytes:
    """Return a page with an image that says it has 3,600 million pixels."""
    image = stream(
        b"\x78\x9c\x03\x00\x00\x00\x00\x01",
        b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8"
        b"/ColorSpace/DeviceRGB/Filter/FlateDecode",
    )
    return one_page_pdf(contents=stream(b"q 612 0 0 792 0 0 cm /X Do Q"), more=[image])


def locked_pdf(*, user: str, owner: str = "owner") -> bytes:
    """Return a PDF that asks for the user's password, if one is given."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(one_page_pdf())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user=user, owner=owner), deterministic_id=False)
    return out.getvalue()
