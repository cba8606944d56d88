"""What is asked of a reading, and the rules between fields."""

import pytest

from rpa.domain.form import FieldKind, FormDefinition
from rpa.domain.reading import FieldValue, Method, Reading
from rpa.review.questions import broken_rules, questions_of

LABEL = {"fr": "x", "en": "x"}
ZONE = {"x0": 0, "y0": 0, "x1": 1, "y1": 1}
FORM = FormDefinition.model_validate(
    {
        "title": "t",
        "fields": [
            {"name": "total", "label": LABEL, "kind": "amount", "zone": ZONE},
            {"name": "a", "label": LABEL, "kind": "checkbox", "zone": ZONE},
            {"name": "b", "label": LABEL, "kind": "checkbox", "zone": ZONE},
        ],
        "tables": [
            {
                "name": "lignes",
                "label": LABEL,
                "rows": 3,
                "first_row_y": 10,
                "row_height": 10,
                "columns": [
                    {"name": "montant", "label": LABEL, "kind": "amount", "x0": 0, "x1": 9}
                ],
            }
        ],
        "sums": [{"total": "total", "table": "lignes", "column": "montant"}],
        "groups": [{"one_of": ["a", "b"]}],
    }
)


def value(name, *problems):
    return FieldValue(
        name=name,
        kind=FieldKind.TEXT,
        reading="x",
        value="x",
        confidence=1,
        method=Method.OCR,
        problems=problems,
    )


def asked(*fields, rules=()):
    reading = Reading(fields=fields, pages=1, rules_broken=rules)
    return [(one.field, one.problem) for one in questions_of(reading)]


def test_a_field_is_asked_once_by_its_first_problem():
    assert asked(value("a", "checksum", "low-confidence"), value("b")) == [("a", "checksum")]


def test_a_broken_rule_asks_its_fields_unless_they_are_asked_already():
    found = asked(value("a", "missing"), value("b"), rules=("one-of:a,b", "sum:total"))

    assert found == [("a", "missing"), ("b", "one-of:a,b"), ("total", "sum:total")]


@pytest.mark.parametrize(
    ("total", "first", "second", "broken"),
    [
        ("12.50", "10.00", "2.50", False),
        ("12.50", "10.00", "2.51", True),
        ("0.30", "0.10", "0.20", False),
        ("x", "1", "2", True),
    ],
)
def test_a_column_adds_up_to_the_cent(total, first, second, broken):
    values = {"total": total, "lignes.1.montant": first, "lignes.3.montant": second, "a": "true"}

    assert ("sum:total" in broken_rules(FORM, values)) is broken


@pytest.mark.parametrize(
    ("a", "b", "broken"),
    [("true", "false", False), ("true", "true", True), ("false", "false", True)],
)
def test_exactly_one_box_of_a_group_is_ticked(a, b, broken):
    values = {"total": "0", "a": a, "b": b}

    assert ("one-of:a,b" in broken_rules(FORM, values)) is broken
