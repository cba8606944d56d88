import pytest

from rpa.domain.form import (
    ColumnDefinition,
    FieldDefinition,
    FieldKind,
    FormDefinition,
    OneOfRule,
    SumRule,
    TableDefinition,
)
from rpa.domain.geometry import Box
from rpa.domain.model import Bilingual
from rpa.domain.reading import Method
from rpa.domain.rules import DatesRule, IdentityRule, RequiresRule
from rpa.ocr.calibration import shipped_calibration
from rpa.ocr.drawn import told
from rpa.ocr.evidence import Opinion
from rpa.ocr.rules import settled
from rpa.ocr.verdict import Judge, absent, judged, native

LABEL = Bilingual(fr="l", en="l")
ZONE = Box(x0=0, y0=0, x1=1, y1=1)
TICKS = ("oui", "non")
STRICT = Judge(shipped_calibration(), promise=1e-6)
"""Accepts nothing that was recognized."""


def form():
    columns = (
        ColumnDefinition(name="quoi", label=LABEL, x0=0, x1=1),
        ColumnDefinition(name="montant", label=LABEL, kind=FieldKind.AMOUNT, x0=1, x1=2),
    )
    table = TableDefinition(
        name="depenses", label=LABEL, rows=2, first_row_y=0, row_height=1, columns=columns
    )
    ticks = [
        FieldDefinition(name=name, label=LABEL, kind=FieldKind.CHECKBOX, zone=ZONE)
        for name in TICKS
    ]
    total = FieldDefinition(name="total", label=LABEL, kind=FieldKind.AMOUNT, zone=ZONE)
    return FormDefinition(
        title="t",
        fields=(total, *ticks),
        tables=(table,),
        sums=(SumRule(total="total", table="depenses", column="montant"),),
        groups=(OneOfRule(one_of=TICKS),),
    )


def values(**typed):
    typed = {"oui": "Yes", "non": "Off", **{k.replace("__", "."): v for k, v in typed.items()}}
    return [native(f, typed.get(f.name, ""), Method.ACROFORM) for f in form().all_fields()]


ONE_ROW = {"depenses__1__quoi": "repas", "depenses__1__montant": "12,00"}


def test_amounts_that_add_up_and_one_tick_break_no_rule():
    assert settled(form(), values(total="12,00", **ONE_ROW))[1] == ()


@pytest.mark.parametrize("total", ["21,00", "", "douze"])
def test_a_total_that_does_not_add_up_is_named(total):
    assert settled(form(), values(total=total, **ONE_ROW))[1] == ("sum:total",)


@pytest.mark.parametrize("ticks", [{"non": "Yes"}, {"oui": "Off"}])
def test_exactly_one_of_a_group_is_ticked(ticks):
    assert settled(form(), values(total="12,00", **ONE_ROW, **ticks))[1] == ("one-of:oui,non",)


def test_a_row_half_filled_names_the_cell_that_lacks():
    fields, broken = settled(form(), values(total="12,00", **ONE_ROW, depenses__2__quoi="taxi"))
    lacking = next(field for field in fields if field.name == "depenses.2.montant")

    assert broken == ("row:depenses.2",)
    assert lacking.problems == ("missing",)


def test_amounts_read_weakly_are_proven_by_their_sum():
    amounts = {"depenses.1.montant": "12,00", "total": "12,00"}
    weak = [
        judged(f, [Opinion(amounts[f.name], 0.9)], judge=STRICT)
        if f.name in amounts
        else native(f, "Yes" if f.name == "oui" else "", Method.ACROFORM)
        if f.kind is FieldKind.CHECKBOX
        else native(f, "repas" if f.name == "depenses.1.quoi" else "", Method.ACROFORM)
        for f in form().all_fields()
    ]
    before = {f.name: f for f in weak}["total"]
    after = {f.name: f for f in settled(form(), weak)[0]}["total"]

    assert before.problems == ("low-confidence",)
    assert (after.value, after.problems) == ("12.00", ())
    assert after.confidence >= 0.97


def test_fields_without_rules_come_back_as_they_were():
    plain = FormDefinition(title="t", fields=form().fields[:1])
    empty = [absent(plain.fields[0], Method.OCR)]

    assert settled(plain, empty) == (tuple(empty), ())


def person_form():
    kinds = {
        "nam": FieldKind.NAM,
        "ne": FieldKind.DATE,
        "nom": FieldKind.NAME,
        "conjoint": FieldKind.CHECKBOX,
        "nom_conjoint": FieldKind.NAME,
        "debut": FieldKind.DATE,
        "fin": FieldKind.DATE,
    }
    fields = tuple(
        FieldDefinition(name=name, label=LABEL, kind=kind, zone=ZONE, required=False)
        for name, kind in kinds.items()
    )
    return FormDefinition(
        title="t",
        fields=fields,
        identities=(IdentityRule(number="nam", birth_date="ne", family_name="nom"),),
        requires=(RequiresRule(when="conjoint", fields=("nom_conjoint",)),),
        dates=(DatesRule(start="debut", end="fin"),),
    )


def settled_person(**typed):
    form = person_form()
    said = [native(f, typed.get(f.name, ""), Method.ACROFORM) for f in form.all_fields()]
    fields, broken = settled(form, said)
    return {field.name: field for field in fields}, broken


def test_a_ticked_box_makes_its_fields_missing():
    fields, broken = settled_person(conjoint="Yes")

    assert broken == ("requires:conjoint,nom_conjoint",)
    assert fields["nom_conjoint"].problems == ("missing",)


def test_rules_on_fields_that_could_not_be_read_ask_nothing_more():
    fields, broken = settled_person(debut="2026-05-01", fin="hier")

    assert broken == ()
    assert fields["fin"].problems == ("not-a-date", "low-confidence")


def test_a_period_that_ends_before_it_starts_is_named():
    assert settled_person(debut="2026-05-02", fin="2026-05-01")[1] == ("dates:debut,fin",)


def test_a_health_insurance_number_and_a_birth_date_bear_each_other_out():
    form = person_form()
    weak = {"nam": "TEST54122816", "ne": "1954-12-28"}
    read = [
        judged(f, [Opinion(weak[f.name], 0.9), Opinion("x", 0.9)])
        if f.name in weak
        else native(f, "", Method.ACROFORM)
        for f in form.all_fields()
    ]
    after = {f.name: f for f in settled(form, read)[0]}

    assert after["nam"].confidence == after["ne"].confidence == 0.97
    assert settled_person(nam="TEST54122816", ne="1954-12-29")[1] == ("identity:nam,ne,nom",)


def marked(name, meaning, value="false"):
    field = next(f for f in form().fields if f.name == name)
    problem = {"corrected": "corrected-mark", "unclear": "doubtful-mark"}.get(meaning, "")
    return told(field, value=value == "true", reading=f"{meaning} 0.900", problem=problem)


def ticks_settled(*marks):
    group = FormDefinition(title="t", fields=form().fields[1:], groups=(OneOfRule(one_of=TICKS),))
    return settled(group, marks)


def test_a_correction_is_believed_where_one_answer_is_left():
    fields, broken = ticks_settled(marked("oui", "ticked", "true"), marked("non", "corrected"))

    assert broken == ()
    assert [field.problems for field in fields] == [(), ()]
    assert fields[1].reading == "corrected 0.900"


@pytest.mark.parametrize("other", [("empty", "false"), ("unclear", "true")])
def test_a_correction_is_asked_about_where_no_sure_answer_is_left(other):
    fields, _broken = ticks_settled(marked("oui", *other), marked("non", "corrected"))

    assert fields[1].problems == ("corrected-mark",)
