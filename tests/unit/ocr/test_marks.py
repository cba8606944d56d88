"""What marks mean, from what was measured of them."""

import pytest

from rpa.domain.form import FieldDefinition, FieldKind
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual
from rpa.ocr.drawn import ringed_value, tick_values
from rpa.ocr.marks import Drawing, Loop, Meaning, Side, meaning_of_loop, meanings

ACROSS = frozenset((Side.LEFT, Side.RIGHT))


def drawing(share, length=1.2, span=0.8, beyond=0.0, **more):
    return Drawing(share=share, faint=share, span=span, length=length, beyond=beyond, **more)


CROSS = drawing(0.3, length=1.7)


@pytest.mark.parametrize(
    ("seen", "meaning"),
    [
        pytest.param(drawing(0.0), Meaning.EMPTY, id="nothing"),
        pytest.param(drawing(0.01, span=0.1), Meaning.EMPTY, id="dirt"),
        pytest.param(drawing(0.04), Meaning.UNCLEAR, id="hardly anything"),
        pytest.param(Drawing(0.0, 0.2, 0.0, 0.0, 0.0), Meaning.UNCLEAR, id="pencil"),
        pytest.param(drawing(0.07, length=0.4, span=0.25), Meaning.UNCLEAR, id="much dirt"),
        pytest.param(drawing(0.2), Meaning.TICKED, id="check"),
        pytest.param(CROSS, Meaning.TICKED, id="cross"),
        pytest.param(drawing(0.15, length=0.5, span=0.4), Meaning.TICKED, id="dot"),
        pytest.param(drawing(0.2, beyond=0.4), Meaning.TICKED, id="check that reaches out"),
        pytest.param(drawing(0.9, length=1.3), Meaning.TICKED, id="filled"),
        pytest.param(drawing(0.9, length=1.3, beyond=0.3), Meaning.CORRECTED, id="blackened"),
        pytest.param(drawing(0.5, length=3.0), Meaning.CORRECTED, id="scribbled over"),
        pytest.param(drawing(0.4, 1.7, sides=ACROSS), Meaning.CORRECTED, id="struck out"),
        pytest.param(drawing(0.15, 1.0, sides=ACROSS), Meaning.UNCLEAR, id="a line through"),
        pytest.param(drawing(0.1, 0.5, 0.4, 0.6), Meaning.UNCLEAR, id="a neighbour's stroke"),
        pytest.param(drawing(0.0, around=0.9), Meaning.UNCLEAR, id="a ring around the box"),
        pytest.param(drawing(0.2, kept=0.2), Meaning.UNCLEAR, id="the box is cut off"),
    ],
)
def test_a_mark_means(seen, meaning):
    assert meanings([seen]) == [meaning]


def test_a_filled_box_beside_crosses_was_corrected():
    assert meanings([CROSS, drawing(0.9, length=1.3)]) == [Meaning.TICKED, Meaning.CORRECTED]


def test_filled_boxes_among_themselves_are_ticks():
    assert meanings([drawing(0.9, length=1.3)] * 2) == [Meaning.TICKED] * 2


@pytest.mark.parametrize(
    ("loop", "meaning"),
    [
        (Loop(around=0.0, through=False), Meaning.EMPTY),
        (Loop(around=0.5, through=False), Meaning.UNCLEAR),
        (Loop(around=0.95, through=False), Meaning.TICKED),
        (Loop(around=0.95, through=True), Meaning.CORRECTED),
        (Loop(around=0.2, through=True), Meaning.UNCLEAR),
    ],
)
def test_a_line_around_a_word_means(loop, meaning):
    assert meaning_of_loop(loop) is meaning


def field(name="oui", **said):
    zone, label = Box(x0=0, y0=0, x1=9, y1=9), Bilingual(fr="l", en="l")
    return FieldDefinition(name=name, label=label, kind=FieldKind.CHECKBOX, zone=zone, **said)


def test_marks_become_values_with_a_reason_where_a_person_must_look():
    seen = [CROSS, drawing(0.0), drawing(0.9, beyond=0.3), drawing(0.05)]
    told = tick_values([field(f"f{number}") for number in range(4)], seen)

    assert [(value.value, value.problems) for value in told] == [
        ("true", ()),
        ("false", ()),
        ("false", ("corrected-mark",)),
        ("true", ("doubtful-mark",)),
    ]
    assert [value.reading.split()[0] for value in told][2] == "corrected"


def test_a_threshold_of_its_own_asks_about_every_mark():
    [value] = tick_values([field(threshold=0.99)], [CROSS])
    assert value.problems == ("low-confidence",)


def test_a_ringed_word_is_a_tick():
    assert ringed_value(field(), Loop(around=0.9, through=False)).value == "true"
