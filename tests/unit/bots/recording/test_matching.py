import pytest

from rpa.bots.recording.matching import Matcher
from rpa.bots.recording.sample import Sample, flat, kinds_of, read_sample
from rpa.domain.errors import DefinitionError
from rpa.domain.form import FieldKind as Kind
from rpa.testing.recordings import sample_of

CASE = sample_of(
    {
        "nom": "D’Amours",
        "prenom": "Ève",
        "naissance": "1950-07-03",
        "montant": "1234.50",
        "code_postal": "G1R 4S9",
        "telephone": "+14186431234",
        "objet": "Fuite",
        "avance": "true",
        "urgent": "false",
    },
    nom=Kind.NAME,
    prenom=Kind.NAME,
    naissance=Kind.DATE,
    montant=Kind.AMOUNT,
    code_postal=Kind.POSTAL_CODE,
    telephone=Kind.PHONE,
    avance=Kind.CHECKBOX,
    urgent=Kind.CHECKBOX,
)


@pytest.mark.parametrize(
    ("typed", "template"),
    [
        ("D’Amours", "{nom}"),
        ("D’AMOURS", "{nom.upper}"),
        ("Ève", "{prenom}"),
        ("Eve", "{prenom.ascii}"),
        ("1234,50", "{montant.comma}"),
        ("G1R4S9", "{code_postal.compact}"),
        ("4186431234", "{telephone.digits}"),
        ("418 643-1234", "{telephone.national}"),
        ("ESSAI-0001", "{key}"),
    ],
)
def test_a_typed_value_is_told_as_its_field_and_view(typed, template):
    match = Matcher(CASE).typed(typed)

    assert match.template == template
    assert match.note == ""


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("03/07/1950", "DD/MM/YYYY"),
        ("07/03/1950", "MM/DD/YYYY"),
        ("19500703", "YYYYMMDD"),
        ("3-7-1950", "D-M-YYYY"),
        ("03.07.1950", "DD.MM.YYYY"),
    ],
)
def test_a_date_is_told_by_the_format_it_was_typed_in(typed, written):
    match = Matcher(CASE).typed(typed)

    assert (match.template, match.format) == ("{naissance}", written)


def test_a_date_whose_day_could_be_its_month_is_to_confirm():
    sample = sample_of({"jour": "2026-05-05"}, jour=Kind.DATE)

    assert "MM/DD/YYYY" in Matcher(sample).typed("05/05/2026").note


def test_a_value_typed_a_little_differently_is_found_and_to_confirm():
    match = Matcher(CASE).typed("d'amours")

    assert match.template == "{nom}"
    assert match.note


def test_two_fields_with_one_value_are_told_apart_by_the_label():
    sample = sample_of({"debut": "2026-12-01", "date_fin": "2026-12-01"})

    assert Matcher(sample).typed("2026-12-01", "Date de fin").template == "{date_fin}"
    assert "{date_fin}" in Matcher(sample).typed("2026-12-01").note


def test_of_fields_that_are_equal_the_next_one_is_taken_for_the_next():
    matcher = Matcher(sample_of({"rue": "Roy", "nom": "Roy"}))

    assert [matcher.typed("Roy").template, matcher.typed("Roy").template] == ["{rue}", "{nom}"]


def test_a_text_put_together_from_several_values_keeps_its_fixed_part():
    matcher = Matcher(CASE)

    assert matcher.typed("[ESSAI-0001] Fuite – Ève D'Amours").template == (
        "[{key}] {objet} – {prenom} {nom}"
    )
    assert matcher.unused() == [
        "naissance", "montant", "code_postal", "telephone", "avance", "urgent",
    ]  # fmt: skip


def test_what_is_not_of_the_case_is_a_constant_with_its_braces_doubled():
    match = Matcher(CASE).typed("{x} Québec")

    assert match.template == "{{x}} Québec"
    assert match.note


def test_a_text_too_short_to_prove_anything_needs_a_label_that_fits():
    sample = sample_of({"sexe": "F"})

    assert Matcher(sample).typed("F").template == "F"
    assert Matcher(sample).typed("F", "Sexe").template == "{sexe}"


def test_a_tick_is_the_forms_check_box_of_that_state():
    assert Matcher(CASE).ticked("Avance reçue", checked=True).template == "{avance}"
    assert Matcher(CASE).ticked("Urgent", checked=False).template == "{urgent}"
    assert Matcher(sample_of({"nom": "Roy"})).ticked("Accord", checked=True).template == "true"
    assert Matcher(CASE).ticked("Autre", checked=True).note


def test_a_field_whose_label_the_form_declares_is_known_by_it():
    sample = Sample(
        {"a": "12", "b": "12"}, {"a": Kind.INTEGER, "b": Kind.INTEGER}, {"b": ("Nombre d'heures",)}
    )

    assert Matcher(sample).typed("12", "Nombre d'heures :").template == "{b}"


def test_a_sample_is_a_flat_object_or_a_line_of_a_list_of_cases(tmp_path):
    path = tmp_path / "sample.json"
    path.write_text('{"key": "K", "fields": {"nom": "Roy", "age": 7, "lignes": [{"prix": 1.50}]},'
                    ' "files": {"document": "a.pdf"}}')  # fmt: skip
    assert read_sample(path) == (
        {"nom": "Roy", "age": "7", "lignes.1.prix": "1.50"}, ("document",),
    )  # fmt: skip

    path.write_text('{"nom": "Roy", "accord": true, "rien": null}')
    assert read_sample(path)[0] == {"nom": "Roy", "accord": "true", "rien": ""}
    path.write_text("[]")
    with pytest.raises(DefinitionError):
        read_sample(path)
    path.write_text("{")
    with pytest.raises(DefinitionError):
        read_sample(path)


def test_kinds_that_no_form_declares_are_guessed_from_the_values():
    values = flat({"jour": "2026-11-24", "prix": "12.00", "oui": True, "tel": "+14185551234"})

    assert kinds_of({**values, "nom": "Roy", "cp": "G1R 4S9", "mel": "a@b.ca"}) == {
        "jour": Kind.DATE,
        "prix": Kind.AMOUNT,
        "oui": Kind.CHECKBOX,
        "tel": Kind.PHONE,
        "nom": Kind.TEXT,
        "cp": Kind.POSTAL_CODE,
        "mel": Kind.EMAIL,
    }
