import pytest

from rpa.domain.form import FieldKind
from rpa.ocr.parsers import Parsed, folded, parse


def read(kind, text):
    return parse(FieldKind(kind), text, from_pixels=True)


def typed(kind, text):
    return parse(FieldKind(kind), text, from_pixels=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,50 $", "1234.50"),
        ("1\N{NO-BREAK SPACE}234,50", "1234.50"),
        ("$1,234.50", "1234.50"),
        ("12 345 678,90", "12345678.90"),
        ("289,00", "289.00"),
        ("289, 00", "289.00"),
        ("0,05", "0.05"),
        ("-12,00", "-12.00"),
        ("1O5,l0 $", "105.10"),
        ("45,00 CAD", "45.00"),
    ],
)
def test_an_amount_is_dollars_with_a_point(text, value):
    assert read("amount", text).value == value


@pytest.mark.parametrize("text", ["", "néant", "12 50", "1 25,00", "289,00 14,45", "12,5", "1,2,3"])
def test_what_is_no_amount_has_no_value(text):
    assert read("amount", text) == Parsed(None, "not-an-amount")


def test_an_amount_read_without_cents_is_doubted_for_its_comma_may_be_lost():
    assert read("amount", "12350").is_doubtful
    assert not typed("amount", "12350").is_doubtful


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("G1R 4S9", "G1R 4S9"),
        ("g1r4s9", "G1R 4S9"),
        ("GIR 4S9", "G1R 4S9"),
        ("G1R 459", "G1R 4S9"),
        ("JI1E 2X3", "J1E 2X3"),
        ("GA4R 2T8", "G4R 2T8"),
        ("GAR 2T8", "G4R 2T8"),
        ("G32Z 1M3", "G3Z 1M3"),
        ("]7Z 4v2", "J7Z 4V2"),
    ],
)
def test_a_postal_code_is_put_right_where_one_answer_is_left(text, value):
    assert read("postal-code", text).value == value


@pytest.mark.parametrize("text", ["D1R 4S9", "G1R 4S", "75008", "G1R 4S9 4S9", "W1A 1AA"])
def test_what_is_no_canadian_postal_code_has_no_value(text):
    assert read("postal-code", text).problem == "not-a-postal-code"


def test_a_typed_postal_code_is_not_corrected():
    assert typed("postal-code", "GIR 4S9").value is None
    assert typed("postal-code", "g1r4s9").value == "G1R 4S9"


@pytest.mark.parametrize(
    "text", ["418 643-1234", "(418) 643-1234", "1 418 643 1234", "+1 418.643.1234", "4I8 643-l234"]
)
def test_a_telephone_number_becomes_e164(text):
    assert read("phone", text).value == "+14186431234"


@pytest.mark.parametrize("text", ["643-1234", "018 643-1234", "418 643-12345", "bureau"])
def test_what_cannot_be_dialed_has_no_value(text):
    assert read("phone", text).problem == "not-a-phone-number"


def test_a_social_insurance_number_must_pass_its_check_digit():
    assert read("sin", "046 454 286") == Parsed("046454286", is_proven=True)
    assert read("sin", "O46-454-286").value == "046454286"
    assert read("sin", "046 454 287") == Parsed(None, "checksum")
    assert read("sin", "046 454 28") == Parsed(None, "not-a-sin")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Zoe.Cote@Exemple.QC.CA", "Zoe.Cote@exemple.qc.ca"),
        ("citoyen.327@courriel.example. com", "citoyen.327@courriel.example.com"),
        ("citoyen©courriel.example,com", "citoyen@courriel.example.com"),
        ("citoyen@courriel.éxample.com", "citoyen@courriel.example.com"),
    ],
)
def test_an_email_address_has_its_domain_in_lower_case(text, value):
    assert read("email", text).value == value


@pytest.mark.parametrize("text", ["citoyen", "a@b", "a@@b.ca", "a@b.c a@d.e"])
def test_what_is_no_email_address_has_no_value(text):
    assert read("email", text).problem == "not-an-email-address"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("O’Bomsawin", "O'Bomsawin"),
        ("0'’ Bomsawin", "O'Bomsawin"),
        ("Bélanger - Côté", "Bélanger-Côté"),
        ("Saint -Jérôme", "Saint-Jérôme"),
        ("Trembl0y", "Trembloy"),
        ("| Nguyen", "Nguyen"),
    ],
)
def test_a_name_has_one_kind_of_apostrophe_and_tight_hyphens(text, value):
    assert read("name", text).value == value


@pytest.mark.parametrize("text", ["G1R 4S9", "418", "--", "_"])
def test_what_is_no_name_has_no_value(text):
    assert read("name", text).problem == "not-a-name"


def test_a_name_that_starts_with_a_small_letter_shaped_as_its_capital_is_doubted():
    assert read("name", "zoé").is_doubtful
    assert not read("name", "de la Durantaye").is_doubtful
    assert not typed("name", "zoé").is_doubtful


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("85, ler Rang", "85, 1er Rang"),
        ("congrès de L'UMQ", "congrès de l'UMQ"),
        ("congrès de 1’UMQ", "congrès de l'UMQ"),
        ("chemin de là Côte", "chemin de la Côte"),
        ("|  rue  Principale _", "rue Principale"),
    ],
)
def test_misreadings_that_no_french_text_holds_are_put_right(text, value):
    parsed = read("text", text)

    assert parsed.value == value


def test_each_correction_is_counted():
    assert read("text", "85, ler Rang").corrections == 1
    assert read("text", "85, 1er Rang").corrections == 1 - 1
    assert read("date", "2O26-11-O1").corrections == 2


def test_a_text_that_french_hardly_writes_is_doubted():
    assert read("text", "Stationnement de la qare").is_doubtful
    assert not read("text", "Quinze briques").is_doubtful


def test_a_text_that_somebody_typed_is_taken_as_it_stands():
    assert typed("text", "ler  rang, qare") == Parsed("ler rang, qare")


@pytest.mark.parametrize(
    ("text", "value"), [("Off", "false"), ("/Off", "false"), ("", "false"), ("Yes", "true")]
)
def test_a_tick_box_of_a_digital_form_is_off_or_ticked(text, value):
    assert typed("checkbox", text).value == value


@pytest.mark.parametrize(("text", "value"), [("1204", "1204"), ("0042", "42"), ("l2O4", "1204")])
def test_an_integer_is_decimal_digits(text, value):
    assert read("integer", text).value == value


def test_what_is_no_integer_has_no_value():
    assert read("integer", "douze").problem == "not-an-integer"


def test_folding_leaves_one_kind_of_blank_apostrophe_and_hyphen():
    assert folded("  L’Île–\N{NO-BREAK SPACE}Perrot ") == "L'Île- Perrot"
