"""Signatures and stamps as field values."""

import pytest

from rpa.domain.form import FieldDefinition, FieldKind
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual
from rpa.domain.reading import Method, Written
from rpa.ocr.drawn import crossed, signature_value, stamp_value
from rpa.ocr.traces import Trace
from rpa.ocr.verdict import native

PLACE = Box(x0=10, y0=20, x1=90, y1=40)


def field(kind, **said):
    zone, label = Box(x0=0, y0=0, x1=200, y1=40), Bilingual(fr="l", en="l")
    return FieldDefinition(name="f", label=label, kind=FieldKind(kind), zone=zone, **said)


def trace(length=150.0, width=80.0, height=20.0, **more):
    usual = {
        "inside": 0.9,
        "letters": 2,
        "fullness": 0.1,
        "framed": False,
        "leans": False,
        "written": None,
        "box": PLACE,
    }
    return Trace(length=length, width=width, height=height, **{**usual, **more})


NOTHING = trace(length=0.0, width=0.0, height=0.0, box=None)


def test_strokes_of_some_length_are_a_signature_and_where_it_is_is_told():
    value = signature_value(field("signature"), trace())

    assert (value.value, value.problems, value.method) == ("true", (), Method.MARK)
    assert value.box == PLACE


@pytest.mark.parametrize(("required", "problems"), [(True, ("no-signature",)), (False, ())])
def test_a_signature_that_must_be_there_is_missed(required, problems):
    value = signature_value(field("signature", required=required), NOTHING)

    assert (value.value, value.problems) == ("false", problems)
    assert value.confidence > 0.9


@pytest.mark.parametrize(
    ("seen", "problem"),
    [
        pytest.param(trace(length=20.0), "doubtful-signature", id="a few specks"),
        pytest.param(trace(inside=0.2), "doubtful-signature", id="a stroke from a neighbour"),
        pytest.param(trace(framed=True), "stamped-over", id="a stamp"),
        pytest.param(trace(written=Written.PRINT), "typed-signature", id="a typed name"),
    ],
)
def test_what_may_be_no_signature_is_asked_about(seen, problem):
    assert signature_value(field("signature"), seen).problems == (problem,)


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(trace(framed=True), id="framed"),
        pytest.param(trace(letters=20, leans=True), id="leaning text"),
        pytest.param(trace(fullness=0.6), id="solid"),
    ],
)
def test_a_stamp_is_there(seen):
    value = stamp_value(field("stamp"), seen)
    assert (value.value, value.problems, value.box) == ("true", (), PLACE)


def test_a_stamp_that_must_be_there_is_missed():
    assert stamp_value(field("stamp"), NOTHING).problems == ("no-stamp",)
    assert stamp_value(field("stamp", required=False), NOTHING).problems == ()


@pytest.mark.parametrize("seen", [trace(), trace(length=20.0, width=10.0)])
def test_a_signature_where_a_stamp_belongs_is_asked_about(seen):
    assert stamp_value(field("stamp"), seen).problems == ("doubtful-stamp",)


def test_a_value_that_something_runs_across_is_kept_and_asked_about():
    value = crossed(native(field("text"), "Tremblay", Method.TEXT_LAYER))

    assert (value.value, value.problems) == ("Tremblay", ("crossed",))
    assert value.confidence <= 0.5


@pytest.mark.parametrize("kind", ["signature", "stamp"])
@pytest.mark.parametrize(("said", "value"), [("true", "true"), ("oui", "true"), ("non", "false")])
def test_a_person_says_whether_it_is_there(kind, said, value):
    assert native(field(kind), said, Method.PERSON).value == value


def test_a_name_typed_into_a_form_field_is_no_sure_signature():
    value = native(field("signature"), "Jean Tremblay", Method.ACROFORM)
    assert (value.value, value.problems[0]) == ("true", "typed-signature")


@pytest.mark.parametrize("kind", ["signature", "stamp"])
def test_what_must_be_there_is_missed_in_data_too(kind):
    assert native(field(kind), "Off", Method.ACROFORM).problems[0] == f"no-{kind}"
