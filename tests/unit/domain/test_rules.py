"""Rules between fields: when they hold, what they bear out, and what a form may declare."""

import pytest
from pydantic import ValidationError

from rpa.domain.form import FormDefinition
from rpa.domain.identity import letters_of
from rpa.domain.provinces import province_of_postal_code, province_of_text
from rpa.domain.rules import (
    AtLeastOneRule,
    AtMostOneRule,
    DatesRule,
    EqualRule,
    IdentityRule,
    OneOfRule,
    ProductRule,
    ProvinceRule,
    RequiresRule,
    SumRule,
    TogetherRule,
)

LABEL = {"fr": "x", "en": "x"}
ZONE = {"x0": 0, "y0": 0, "x1": 1, "y1": 1}
SUM = SumRule(total="net", parts=("a", "b"), less=("c",))
PRODUCT = ProductRule(product="montant", factors=("qte", "prix"))
NAM = IdentityRule(number="nam", birth_date="ne", family_name="nom", given_name="prenom")
PERSON = {"nam": "TREE54622816", "ne": "1954-12-28", "nom": "Tremblay", "prenom": "Ève"}
HOLDS = [
    (SUM, {"a": "10.00", "b": "5.50", "c": "0.50", "net": "15.00"}, True),
    (SUM, {"a": "10.00", "b": "5.50", "net": "15.00"}, False),
    (SUM, {"a": "0.10", "b": "0.20", "net": "0.30"}, True),
    (SUM, {}, True),
    (SUM, {"a": "x", "net": "1"}, False),
    (PRODUCT, {"qte": "3", "prix": "4.50", "montant": "13.50"}, True),
    (PRODUCT, {"qte": "0.333", "prix": "10.00", "montant": "3.33"}, True),
    (PRODUCT, {"qte": "3", "prix": "4.50", "montant": "13.51"}, False),
    (PRODUCT, {"montant": "13.51"}, True),
    (PRODUCT, {"qte": "3", "montant": "13.51"}, False),
    (PRODUCT, {"qte": "x", "prix": "1", "montant": "1"}, False),
    (OneOfRule(one_of=("a", "b")), {"a": "true", "b": "false"}, True),
    (OneOfRule(one_of=("a", "b")), {}, False),
    (AtMostOneRule(at_most_one=("a", "b")), {}, True),
    (AtMostOneRule(at_most_one=("a", "b")), {"a": "true", "b": "true"}, False),
    (AtLeastOneRule(at_least_one=("a", "b")), {"a": "true", "b": "true"}, True),
    (AtLeastOneRule(at_least_one=("a", "b")), {"a": "false"}, False),
    (DatesRule(start="a", end="b"), {"a": "2026-01-31", "b": "2026-02-01"}, True),
    (DatesRule(start="a", end="b"), {"a": "2026-02-01", "b": "2026-02-01"}, True),
    (DatesRule(start="a", end="b"), {"a": "2026-02-01", "b": "2025-12-31"}, False),
    (DatesRule(start="a", end="b"), {"a": "2026-02-01"}, True),
    (TogetherRule(together=("a", "b")), {"a": "x", "b": "y"}, True),
    (TogetherRule(together=("a", "b")), {"a": "false"}, True),
    (TogetherRule(together=("a", "b")), {"a": "x"}, False),
    (RequiresRule(when="a", fields=("b",)), {"a": "true"}, False),
    (RequiresRule(when="a", fields=("b",)), {"a": "true", "b": "x"}, True),
    (RequiresRule(when="a", fields=("b",)), {"a": "false"}, True),
    (EqualRule(equal=("a", "b")), {"a": "x", "b": "x"}, True),
    (EqualRule(equal=("a", "b")), {"a": "x"}, False),
    (EqualRule(equal=("a", "b")), {}, True),
    (NAM, PERSON, True),
    (NAM, {**PERSON, "ne": "1954-12-29"}, False),
    (NAM, {**PERSON, "nom": "Gagnon"}, False),
    (NAM, {**PERSON, "prenom": "Marie"}, False),
    (NAM, {"nam": "TREE54622816"}, True),
    (NAM, {"nom": "Gagnon"}, True),
    (IdentityRule(number="code", birth_date="ne"), {"code": "TREM28125401", **PERSON}, True),
    (ProvinceRule(postal_code="cp", province="p"), {"cp": "G1R 4S9", "p": "Québec"}, True),
    (ProvinceRule(postal_code="cp", province="p"), {"cp": "G1R 4S9", "p": "Ont."}, False),
    (ProvinceRule(postal_code="cp", province="p"), {"cp": "G1R 4S9", "p": "Bavière"}, True),
    (ProvinceRule(postal_code="cp", province="p"), {"cp": "K1A 0B1", "p": "QC"}, True),
]


@pytest.mark.parametrize(("rule", "values", "holds"), HOLDS)
def test_a_rule_holds_or_not(rule, values, holds):
    assert rule.holds(values) is holds


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (SUM, "sum:net"),
        (PRODUCT, "product:montant"),
        (OneOfRule(one_of=("a", "b")), "one-of:a,b"),
        (DatesRule(start="a", end="b"), "dates:a,b"),
        (RequiresRule(when="a", fields=("b", "c")), "requires:a,b,c"),
        (NAM, "identity:nam,ne,nom,prenom"),
    ],
)
def test_codes_are_stable(rule, code):
    assert rule.code == code


def test_a_rule_bears_out_the_values_that_a_misreading_would_break():
    assert SUM.bears_out({"a": "1", "net": "1"}) == ("a", "net")
    assert SUM.bears_out({"net": "0"}) == ()
    assert PRODUCT.bears_out({"qte": "3", "montant": "0"}) == ()
    assert NAM.bears_out(PERSON) == ("nam", "ne")
    assert NAM.bears_out({"nam": "x"}) == ()
    assert DatesRule(start="a", end="b").bears_out({"a": "x", "b": "x"}) == ()


@pytest.mark.parametrize(
    ("name", "letters"),
    [("O'Bomsawin", "OBO"), ("St-Pierre", "STP"), ("Côté", "COT"), ("Li", "LIX"), ("Œuvré", "OEU")],
)
def test_letters_of_a_name_have_no_accents_and_no_signs(name, letters):
    assert letters_of(name, 3) == letters


@pytest.mark.parametrize("text", ["QC", "qc", "Québec", "(Québec)", "Qué.", "PQ"])
def test_a_province_is_known_by_code_name_and_short_form(text):
    assert province_of_text(text) == "QC"


def test_what_is_no_province_is_none():
    assert province_of_text("Bavière") is None
    assert province_of_postal_code("") == ()


def form(**rules):
    kinds = {"a": "amount", "b": "amount", "box": "checkbox", "day": "date", "word": "text"}
    kinds |= {"box2": "checkbox", "code": "postal-code", "nam": "nam"}
    fields = [{"name": n, "label": LABEL, "kind": k, "zone": ZONE} for n, k in kinds.items()]
    column = {"label": LABEL, "kind": "number", "x0": 0, "x1": 1}
    columns = [{"name": name, **column} for name in ("qte", "prix", "montant")]
    table = {"name": "t", "label": LABEL, "rows": 2, "first_row_y": 0, "row_height": 1}
    tables = [{**table, "columns": columns}]
    return FormDefinition.model_validate(
        {"title": "t", "fields": fields, "tables": tables, **rules}
    )


def test_rules_on_a_table_are_rules_on_its_cells():
    said = form(
        sums=[{"total": "a", "table": "t", "column": "montant"}],
        products=[{"table": "t", "product": "montant", "factors": ["qte", "prix"]}],
    )

    assert [rule.code for rule in said.rules()] == [
        "sum:a",
        "product:t.1.montant",
        "product:t.2.montant",
    ]
    assert said.rules()[0].names() == ("t.1.montant", "t.2.montant", "a")


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"sums": [{"total": "a"}]}, "needs a table and its column, or parts"),
        ({"sums": [{"total": "a", "table": "t"}]}, "needs a table and its column, or parts"),
        ({"sums": [{"total": "a", "parts": ["word"]}]}, "cannot compare: word"),
        ({"products": [{"table": "t", "product": "x", "factors": ["qte", "prix"]}]}, "t.x"),
        ({"dates": [{"start": "day", "end": "a"}]}, "cannot compare: a"),
        ({"requires": [{"when": "box", "fields": ["lost"]}]}, "not declared: lost"),
        ({"groups": [{"at_most_one": ["box"]}]}, "at_most_one"),
        ({"identities": [{"number": "word"}]}, "cannot compare: word"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused_with_the_form(rules, told):
    with pytest.raises(ValidationError, match=told):
        form(**rules)


def test_every_rule_of_a_form_is_among_its_rules():
    said = form(
        groups=[{"at_least_one": ["box", "box2"]}, {"at_most_one": ["box", "box2"]}],
        together=[{"together": ["word", "day"]}],
        requires=[{"when": "box", "fields": ["word"]}],
        equal=[{"equal": ["a", "b"]}],
        provinces=[{"postal_code": "code", "province": "word"}],
        identities=[{"number": "nam", "birth_date": "day"}],
        dates=[{"start": "day", "end": "day"}],
    )

    assert [rule.code.partition(":")[0] for rule in said.rules()] == [
        "at-least-one",
        "at-most-one",
        "dates",
        "together",
        "requires",
        "equal",
        "identity",
        "province",
    ]
