"""Places for signatures that a blank has, proposed."""

from io import BytesIO

import pikepdf
import pytest

from rpa.domain.form import FieldKind
from rpa.ocr.adapters.proposal import proposed_form


def blank(*drawn, words):
    """Return a page with these operators, and words at points from its bottom left."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        texts = [f"BT /F 10 Tf {x} {y} Td ({text}) Tj ET" for text, x, y in words]
        page.Contents = pikepdf.Stream(pdf, "\n".join([*drawn, *texts]).encode())
        out = BytesIO()
        pdf.save(out)
    return out.getvalue()


LINE = "160 100 m 400 100 l S"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        pytest.param([("Signature :", 100, 102)], "signature", id="before the line"),
        pytest.param(
            [("Signature du demandeur", 200, 88)], "signature_du_demandeur", id="under it"
        ),
    ],
)
def test_a_line_that_is_signed_on_is_proposed(words, name):
    [field] = proposed_form(blank(LINE, words=[("Demande", 100, 700), *words])).fields

    assert (field.name, field.kind, field.required) == (name, FieldKind.SIGNATURE, False)
    assert field.zone.y1 == pytest.approx(692, abs=1)
    assert field.zone.x0 == pytest.approx(160, abs=1)


def test_a_box_beside_the_word_is_for_a_signature():
    box = "160 100 200 40 re S"
    words = [("Demande", 100, 700), ("Signature", 105, 115)]

    [field] = proposed_form(blank(box, words=words)).fields

    assert field.kind is FieldKind.SIGNATURE


def test_a_line_for_a_date_is_none():
    box = "160 300 200 20 re S"
    words = [("Demande", 100, 700), ("Date de la signature", 60, 102), ("Nom", 120, 305)]

    fields = proposed_form(blank(box, LINE, words=words)).fields

    assert [field.kind for field in fields] == [FieldKind.NAME]
