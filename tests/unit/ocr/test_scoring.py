"""How well a form is read."""

import pytest

from rpa.domain.form import FieldDefinition, FieldKind, FormDefinition
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual
from rpa.domain.reading import Method, Reading
from rpa.ocr.scoring import scored
from rpa.ocr.verdict import native

FIELDS = tuple(
    FieldDefinition(
        name=name,
        label=Bilingual(fr="l", en="l"),
        kind=kind,
        zone=Box(x0=0, y0=0, x1=9, y1=9),
        required=False,
    )
    for name, kind in (("nom", FieldKind.NAME), ("oui", FieldKind.CHECKBOX))
)
FORM = FormDefinition(title="t", fields=FIELDS)


@pytest.mark.parametrize(
    ("nom", "oui", "truth", "wrong"),
    [
        ("Roy", "Yes", {"nom": "Roy", "oui": "true"}, {}),
        ("", "Off", {}, {}),
        ("Roi", "Off", {"nom": "Roy"}, {"nom": 1}),
        ("Roy", "Yes", {"nom": "Roy"}, {"oui": 1}),
    ],
)
def test_a_reading_is_scored_field_by_field(nom, oui, truth, wrong):
    said = {"nom": nom, "oui": oui}
    read = tuple(native(field, said[field.name], Method.ACROFORM) for field in FIELDS)

    score = scored(Reading(fields=read, pages=1), FORM, truth)

    assert (score.fields, score.right, dict(score.wrong)) == (2, 2 - len(wrong), wrong)
