import json

import pytest

from rpa.domain.errors import DefinitionError
from rpa.domain.form import FieldDefinition, FieldKind, FormDefinition
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual
from rpa.domain.reading import FieldValue, Method, Reading
from rpa.ocr.scoring import Score, samples_in, scored

ZONE = Box(x0=0, y0=0, x1=9, y1=9)


def definition(name, kind):
    return FieldDefinition(name=name, label=Bilingual(fr=name, en=name), kind=kind, zone=ZONE)


FORM = FormDefinition(
    title="t", fields=(definition("nom", FieldKind.NAME), definition("jour", FieldKind.DATE))
)


def value(name, kind, text, *problems):
    return FieldValue(
        name=name, kind=kind, reading="", value=text, confidence=1, method=Method.OCR,
        problems=problems,
    )  # fmt: skip


def reading(nom, jour, *problems):
    fields = (value("nom", FieldKind.NAME, nom), value("jour", FieldKind.DATE, jour, *problems))
    return Reading(fields=fields, pages=1)


def test_a_value_is_right_when_it_means_what_was_written():
    score = scored(reading("Roy", "2026-11-24"), FORM, {"nom": "Roy", "jour": "24/11/2026"})

    assert (score.fields, score.right, score.accepted, score.accepted_wrong) == (2, 2, 2, 0)


def test_wrong_values_are_counted_by_field_and_by_whether_a_person_is_asked():
    truth = {"nom": "Roy", "jour": "2026-11-24"}

    score = scored(reading("Ray", "2026-11-21", "low-confidence"), FORM, truth)

    assert (score.right, score.accepted, score.accepted_wrong) == (0, 1, 1)
    assert score.wrong == {"nom": 1, "jour": 1}


def test_a_value_in_a_field_that_was_left_empty_is_wrong():
    assert scored(reading("Roy", None), FORM, {}).wrong == {"nom": 1}


def test_scores_add_up():
    one = scored(reading("Ray", None), FORM, {"nom": "Roy"})

    assert (one + one).wrong == {"nom": 2}
    assert sum([one, one], start=Score()).fields == 4


def test_samples_are_files_with_their_truth(tmp_path):
    (tmp_path / "a.tif").write_bytes(b"")
    (tmp_path / "a.json").write_text(json.dumps({"nom": "Roy", "jour": None}), "utf-8")
    (tmp_path / "b.tif").write_bytes(b"")

    assert samples_in(tmp_path) == {tmp_path / "a.tif": {"nom": "Roy", "jour": ""}}


@pytest.mark.parametrize(("text", "told"), [("{", "no JSON"), ("[]", "fields")])
def test_a_truth_that_is_none_is_named(tmp_path, text, told):
    (tmp_path / "a.tif").write_bytes(b"")
    (tmp_path / "a.json").write_text(text, "utf-8")

    with pytest.raises(DefinitionError, match=told):
        samples_in(tmp_path)


def test_a_folder_without_samples_says_what_to_put_there(tmp_path):
    with pytest.raises(DefinitionError, match=r"NAME\.json"):
        samples_in(tmp_path)
