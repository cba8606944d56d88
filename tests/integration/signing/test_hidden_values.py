"""A field's look drawn anew so that the value it holds can't be seen, and honest ones beside it."""

import pytest

from rpa.domain.signature import Integrity
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.testing import signed_samples as samples

STATES = b"/ExtGState<</G<</ca 0>>/M<</SMask<</S/Alpha/G 12 0 R>>>>/O<</ca 1/SMask/None>>>>"
HIDDEN = {
    "white grey": (b"0 g", b"1 g"),
    "nearly white RGB": (b"0 g", b"0.97 .98 1 rg"),
    "no ink": (b"0 g", b"0 0 0 0 k"),
    "white by space": (b"0 g", b"/DeviceRGB cs 1 1 1 sc"),
    "a part in white": (b"(100) Tj", b"(1) Tj 1 g (00) Tj"),
    "written without paint": (b"0 g", b"3 Tr"),
    "written to clip": (b"0 g", b"7 Tr"),
    "transparent": (b"0 g", b"/G gs"),
    "masked": (b"0 g", b"/M gs"),
    "right of its box": (b"2 5 Td", b"65535 5 Td"),
    "left of its box": (b"2 5 Td", b"-300 5 Td"),
    "a part below its box": (b"(100) Tj", b"(1) Tj 0 -40 Td (00) Tj"),
    "lowered": (b"0 g", b"-600 Ts"),
    "in a box without area": (b"BBox[0 0 150 20]", b"BBox[0 0 0 20]"),
    "in a narrow box": (b"BBox[0 0 150 20]", b"BBox[0 0 9 20]"),
    "flattened": (b"BBox[0 0 150 20]", b"BBox[0 0 150 20]/Matrix[0 0 0 0 0 0]"),
    "without size": (b"12 Tf", b"0 Tf"),
    "too small": (b"12 Tf", b".1 Tf"),
    "scaled down": (b"q BT", b"q .01 0 0 .01 0 0 cm BT"),
    "squeezed": (b"0 g", b"1 Tz"),
    "clipped away": (b"q BT", b"q 0 0 1 1 re W n BT"),
    "in a layer": (b"/Tx BMC", b"/OC /X BDC"),
    "painted over": (b"ET Q", b"ET 1 g 20 0 90 20 re f Q"),
}
SEEN = {
    "in another colour": (b"0 g", b"0 0 1 rg"),
    "white put back": (b"q BT", b"q q 1 g 0 0 150 20 re f Q BT"),
    "a white ground first": (b"q BT", b"q 1 g 0 0 150 20 re f 0 g BT"),
    "in its clip": (b"q BT", b"q 1 1 148 18 re W n BT"),
    "by a matrix": (b"12 Tf 0 g 2 5 Td", b"1 Tf 0 g 12 0 0 12 2 5 Tm"),
    "moved and scaled": (b"q BT /F1 12 Tf", b"q .5 0 0 .5 1 2 cm BT /F1 24 Tf"),
    "in a box with a border": (b"BBox[0 0 150 20]", b"BBox[1 1 149 19]"),
    "opaque": (b"0 g", b"/O gs"),
    "filled and stroked": (b"0 g", b"2 Tr"),
}


def drawn(change):
    old, new = change
    look = samples.look(b"100").replace(b"/Resources<<", b"/Resources<<" + STATES)
    assert old in look
    text = look.replace(old, new, 1)
    start, end = text.index(b"stream\n") + 7, text.index(b"\nendstream")
    return text.replace(b"/Length 51", b"/Length %d" % (end - start))


def integrity_of(pdf, now):
    return PyHankoValidator(trust_roots=[]).validate(pdf, at=now).integrity


@pytest.fixture(scope="module")
def once():
    return samples.signed(samples.whole_pdf())


@pytest.fixture(scope="module")
def on_dark():
    """A form whose amount stands in white on a dark ground, as its own look says."""
    field = samples.text_field(b"amount", b"100", samples.AMOUNT_LOOK, b"/MK<</BG[0 0 .4]>>")
    objects = {samples.AMOUNT: field, samples.AMOUNT_LOOK: drawn(HIDDEN["white grey"])}
    return samples.signed(samples.whole_pdf(samples.objects() | objects))


@pytest.mark.parametrize("name", HIDDEN)
def test_a_look_that_hides_its_value_is_a_change(once, name, now):
    hidden = samples.updated(once, {samples.AMOUNT_LOOK: drawn(HIDDEN[name])})

    assert integrity_of(hidden, now) is Integrity.MODIFIED


@pytest.mark.parametrize("name", SEEN)
def test_a_look_that_shows_its_value_is_none(once, name, now):
    seen = samples.updated(once, {samples.AMOUNT_LOOK: drawn(SEEN[name])})

    assert integrity_of(seen, now) is Integrity.VALID


def test_white_is_not_seen_where_only_the_field_says_that_its_ground_is_dark(on_dark, now):
    anew = drawn((b"0 g", b"1 1 1 rg"))

    assert integrity_of(samples.updated(on_dark, {samples.AMOUNT_LOOK: anew}), now) is (
        Integrity.MODIFIED
    )


def test_white_stands_out_on_a_dark_ground(on_dark, now):
    anew = drawn((b"q BT /F1 12 Tf 0 g", b"q 0 0 .4 rg 0 0 150 20 re f BT /F1 12 Tf 1 g"))

    assert integrity_of(samples.updated(on_dark, {samples.AMOUNT_LOOK: anew}), now) is (
        Integrity.VALID
    )
