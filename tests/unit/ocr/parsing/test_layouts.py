import pytest

from rpa.ocr.parsing.layouts import settled


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("HOM 3B9", "H0M 3B9"),
        ("Québec H0M9CO", "Québec H0M9C0"),
        ("benoit@exemple ,quebec", "benoit@exemple.quebec"),
        ("benoit@exemple quebec", "benoit@exemple.quebec"),
        ("a. b@exemple.ca", "a.b@exemple.ca"),
        ("239, 46", "239,46"),
        ("1 234. 50 $", "1 234.50 $"),
        ("AIma", "Alma"),
    ],
)
def test_what_has_a_known_layout_is_put_right_and_on_record(read, meant):
    text, changes = settled(read)

    assert text == meant
    assert changes


@pytest.mark.parametrize(
    "text",
    ["H0M 3B9", "rue I", "Il est là", "VILLE 123", "AB-482-KD", "a@b", "Lévis, 12 mai", "12, 345"],
)
def test_everything_else_stays(text):
    assert settled(text) == (text, ())
