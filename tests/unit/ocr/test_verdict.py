import pytest

from rpa.domain.form import FieldDefinition, FieldKind
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual
from rpa.domain.reading import Method
from rpa.ocr.calibration import Calibration, Fitted
from rpa.ocr.diacritics import Mark
from rpa.ocr.evidence import FEATURES, Opinion, Seen
from rpa.ocr.verdict import Judge, absent, judged, native

ZONE = Box(x0=1, y0=2, x1=3, y1=4)


def field(kind="text", **said):
    label = Bilingual(fr="c", en="f")
    return FieldDefinition(name="champ", label=label, kind=FieldKind(kind), zone=ZONE, **said)


FIT = Fitted(
    weights={
        "constant": -4.0,
        "share": 4.0,
        "second": 4.0,
        "first-confidence": 0.5,
        "lost-marks": -3.0,
        "touches-print": -0.5,
        "proven": 2.0,
    },
    thresholds={"0.05": 0.5, "0.005": 0.95},
    samples=1000,
    errors=20,
    expected_calibration_error=0.0,
)
JUDGE = Judge(Calibration(engines={"two": FIT, "one": FIT}))


def opinions(*texts, confidence=0.95):
    """Return opinions; the last one is that of the second engine."""
    said = [Opinion(text, confidence) for text in texts]
    return [*said[:-1], Opinion(texts[-1], confidence, by_second=True)]


def verdict(definition, said, **more):
    return judged(definition, said, judge=more.pop("judge", JUDGE), **more)


def test_readings_that_agree_are_trusted():
    value = verdict(field("date"), opinions(*["2026-11-24"] * 5))

    assert (value.value, value.problems, value.method) == ("2026-11-24", (), Method.OCR)
    assert value.confidence > 0.95


def test_a_value_that_readings_dispute_is_asked_about():
    value = verdict(field("amount"), opinions("605,07", "606,07", "606,07", "606,07", "605,07"))

    assert value.value == "606.07"
    assert value.problems == ("low-confidence",)


def test_readings_that_are_no_value_of_the_kind_count_against_the_others():
    sure = verdict(field("date"), opinions(*["2026-11-24"] * 5))
    less = verdict(field("date"), opinions(*["2026-11-24"] * 3, "2026-77-24", "néant"))

    assert less.value == sure.value
    assert less.confidence < sure.confidence


def test_a_failed_check_digit_leaves_no_value_and_says_why():
    value = verdict(field("sin"), opinions(*["046 454 287"] * 5))

    assert value.value is None
    assert value.reading == "046 454 287"
    assert value.problems == ("checksum", "low-confidence")


def test_a_passed_check_digit_outweighs_weak_readings():
    weak = opinions(*["046 454 286"] * 5, confidence=0.4)

    assert verdict(field("sin"), weak).confidence > verdict(field("text"), weak).confidence


def test_an_accent_that_all_readings_lost_but_the_picture_shows_is_asked_about():
    dots = (Mark(10, 0), Mark(20, 0))

    assert verdict(field("name"), opinions(*["Loic"] * 5), seen=Seen(dots)).problems
    assert not verdict(field("name"), opinions(*["Loïc"] * 5), seen=Seen(dots)).problems


def test_the_picture_decides_between_accents():
    marks = (Mark(10, 0), Mark(50, 0.8))
    readings = opinions("Marie-Eve", "Marie-Ëve", "Marie-Eve", "Marie-Ëve", "Marie-Eve")

    assert verdict(field("name"), readings, seen=Seen(marks)).value == "Marie-Ève"


def test_an_answer_that_runs_into_print_is_trusted_less():
    clear = verdict(field(), opinions(*["gare"] * 5))
    touching = verdict(field(), opinions(*["gare"] * 5), seen=Seen(touches_print=True))

    assert touching.confidence < clear.confidence


def test_ink_that_nobody_can_read_is_unreadable_not_missing():
    assert verdict(field(), opinions("", "", confidence=0)).problems == (
        "unreadable",
        "low-confidence",
    )
    assert verdict(field(), []).problems == ("unreadable", "low-confidence")


def test_one_reading_alone_is_not_enough():
    value = verdict(
        field("date"), [Opinion("2026-11-24", 0.95), *opinions("", "", "", confidence=0)]
    )

    assert value.problems == ("low-confidence",)


@pytest.mark.parametrize(("required", "problems"), [(True, ("missing",)), (False, ())])
def test_an_empty_field_is_missing_only_if_it_is_required(required, problems):
    value = absent(field(required=required), Method.OCR, confidence=0.98)

    assert (value.value, value.problems, value.confidence) == (None, problems, 0.98)


def test_a_value_from_the_file_itself_is_certain_unless_a_check_fails():
    good = native(field("date"), "2026-11-24", Method.ACROFORM)
    bad = native(field("date"), "demain", Method.ACROFORM)

    assert (good.confidence, good.problems) == (1.0, ())
    assert bad.value is None
    assert bad.problems == ("not-a-date", "low-confidence")


def test_the_threshold_is_the_fields_own():
    readings = opinions("rue A", "rue A", "rue A", "rue A", "rue B")

    assert verdict(field(threshold=0.5), readings).problems == ()
    assert verdict(field(threshold=0.9), readings).problems == ("low-confidence",)


def test_a_spelling_that_another_reading_has_too_is_believed():
    readings = opinions("Saint - Jérôme", "Saint-Jérôme", "Saint - Jérôme", "saint - Jérôme")

    assert verdict(field(), readings).value == "Saint-Jérôme"


def test_what_a_form_promises_says_from_where_on_a_value_is_accepted():
    readings = opinions("gare", "gare", "gaie")
    loose = Judge(JUDGE.calibration, promise=0.05)

    assert 0.5 < verdict(field(), readings).confidence < 0.95
    assert verdict(field(), readings).problems == ("low-confidence",)
    assert verdict(field(), readings, judge=loose).problems == ()


def test_the_numbers_behind_a_confidence_are_kept_and_hold_no_letter():
    value = verdict(field(), opinions("gare", "gare", "gare"))

    assert len(value.evidence) == len(FEATURES)
    assert "gare" not in str(value.evidence)
