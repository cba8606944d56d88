import io

import pikepdf
import pytest

from rpa.ocr.adapters.blanks import POINT, blank_pages


def blank_whose_field_draws_its_frame(*, xfa=False):
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(612, 792))
    frame = pdf.make_stream(
        b"2 w 1 1 98 18 re S",
        Type=pikepdf.Name("/XObject"),
        Subtype=pikepdf.Name("/Form"),
        BBox=pikepdf.Array([0, 0, 100, 20]),
    )
    field = pikepdf.Dictionary(T=pikepdf.String("numero"), FT=pikepdf.Name("/Tx"), F=4)
    field.Subtype = pikepdf.Name("/Widget")
    field.Rect = pikepdf.Array([100, 692, 200, 712])
    field.AP = pikepdf.Dictionary(N=frame)
    shown = pdf.make_indirect(field)
    page.Annots = pikepdf.Array([shown])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([shown]))
    if xfa:
        pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("xfa", [False, True])
def test_what_a_blanks_fields_draw_themselves_is_print(xfa):
    (page,) = blank_pages(blank_whose_field_draws_its_frame(xfa=xfa))

    left, middle = round(101 * POINT), round(90 * POINT)
    assert page.pixels[middle, left] < 100
    assert page.pixels[middle, left + 200] == 255
