"""What of handwriting may be taken without a person."""

import pytest

from rpa.domain.form import FieldDefinition, FieldKind
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual
from rpa.domain.reading import FieldValue, Written
from rpa.ocr.calibration import Calibration, Fitted
from rpa.ocr.evidence import Opinion, Seen
from rpa.ocr.handwriting import together
from rpa.ocr.verdict import Judge, judged

SURE = Fitted(
    weights={"constant": 8.0},
    thresholds={"0.005": 0.5},
    samples=1000,
    errors=1,
    expected_calibration_error=0.0,
)
JUDGE = Judge(Calibration(engines={"two": SURE, "one": SURE}))
HAND, PRINT = Seen(written=Written.HAND), Seen(written=Written.PRINT)


def field(kind, **said):
    zone, label = Box(x0=0, y0=0, x1=9, y1=9), Bilingual(fr="l", en="l")
    return FieldDefinition(name="f", label=label, kind=FieldKind(kind), zone=zone, **said)


def read(definition, *texts, seen=HAND, judge=JUDGE):
    *first, second = texts
    opinions = [*(Opinion(text, 0.99) for text in first), Opinion(second, 0.99, by_second=True)]
    return judged(definition, opinions, seen=seen, judge=judge)


@pytest.mark.parametrize(
    ("kind", "text"),
    [("sin", "046 454 286"), ("date", "2026-11-24"), ("postal-code", "G1R 4S9")],
)
def test_a_handwritten_value_that_proves_itself_is_taken_where_both_engines_agree(kind, text):
    value = read(field(kind), text, text, text)

    assert (value.problems, value.written) == ((), Written.HAND)


def test_a_handwritten_choice_is_taken():
    assert read(field("text", choices=("Oui", "Non")), "Oui", "Oui", "Oui").problems == ()


@pytest.mark.parametrize(
    ("kind", "text"),
    [("name", "Tremblay"), ("text", "rue Principale"), ("amount", "12,50"), ("integer", "1204")],
)
def test_other_handwriting_is_asked_about(kind, text):
    assert read(field(kind), text, text, text).problems == ("handwritten",)
    assert read(field(kind), text, text, text, seen=PRINT).problems == ()


def test_engines_that_differ_on_handwriting_are_asked_about():
    value = read(field("date"), "2026-11-24", "2026-11-24", "2026-11-21")
    assert "handwritten" in value.problems


def test_one_engine_alone_is_not_trusted_with_handwriting():
    one = Judge(JUDGE.calibration, "one")
    assert read(field("sin"), *["046 454 286"] * 3, judge=one).problems == ("handwritten",)


def test_short_answers_are_written_like_most_others():
    hand, print_ = Written.HAND, Written.PRINT

    assert together([hand, None, hand, print_]) == [hand, hand, hand, print_]
    assert together([print_, None, hand]) == [print_, None, hand]


def test_a_value_kept_before_there_was_a_hand_is_still_read():
    old = read(field("name"), "Roy", "Roy").model_dump(mode="json")
    del old["written"]

    assert FieldValue.model_validate(old).written is None
