import pytest

from rpa.domain.form import FieldKind
from rpa.domain.kinds import Writing
from rpa.ocr.parsers import Change, Parsed, folded, parse


def read(kind, text, **written):
    return parse(FieldKind(kind), text, from_pixels=True, writing=Writing(**written))


def typed(kind, text, **written):
    return parse(FieldKind(kind), text, from_pixels=False, writing=Writing(**written))


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
        ("0O'Bomsawin", "O'Bomsawin"),
        ("D0UCET", "DOUCET"),
        ("ROU55EAU", "ROUSSEAU"),
        ("8oucher", "Boucher"),
        ("R0b", "Rob"),
        ("J. - P. Côté", "J.-P. Côté"),
        ("M. A. de la Rue", "M. A. de la Rue"),
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


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("nam", "TE5T 54I2 28I6", "TEST54122816"),
        ("nam", "T|E|S|T|5|4|1|2|2|8|1|6", "TEST54122816"),
        ("neq", "117O 26O 500", "1170260500"),
        ("permanent-code", "7REM 2411 O4O1", "TREM24110401"),
        ("driver-licence", "T1234-241104-O1", "T123424110401"),
        ("bn", "12302 6635 RC OOO1", "123026635RC0001"),
        ("account", "OOO11-815-123456-7", "00011-815-1234567"),
        ("account", "815-00011-1234567", "00011-815-1234567"),
        ("iban", "FR76 3OOO 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
        ("ssn", "536-90-439g", "536-90-4399"),
        ("ein", "9l-1144442", "91-1144442"),
        ("nir", "2 95 1O 99 126 111 93", "295109912611193"),
        ("siret", "732 829 320 OO074", "73282932000074"),
        ("zip", "9O210", "90210"),
        ("phone", "418 643-l234 poste 1Z", "+14186431234;ext=12"),
        ("phone", "418 643 1234 poste: 12", "+14186431234;ext=12"),
        ("time", "l4 h 3O", "14:30"),
        ("time", "minuit", "00:00"),
        ("percent", "9,975 %", "9.975"),
        ("date", "l5 rnars 2O26", "2026-03-15"),
    ],
)
def test_signs_that_the_mask_does_not_allow_are_their_look_alikes(kind, text, value):
    assert read(kind, text).value == value


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        ("nam", "TEST54132816", "not-a-nam"),
        ("neq", "1170260501", "checksum"),
        ("neq", "4470260500", "not-a-neq"),
        ("bn", "123026635ZZ0001", "not-a-bn"),
        ("account", "00011-815-123", "not-an-account"),
        ("iban", "FR7630006000011234567890188", "checksum"),
        ("ssn", "078-05-1120", "not-an-ssn"),
        ("time", "25:00", "not-a-time"),
        ("time", "13:00 pm", "not-a-time"),
        ("number", "douze", "not-a-number"),
        ("percent", "%", "not-a-percentage"),
        ("address", "12", "not-an-address"),
        ("phone", "418 643-1234 poste abc", "not-a-phone-number"),
    ],
)
def test_a_value_that_cannot_be_has_a_problem(kind, text, problem):
    assert read(kind, text) == Parsed(None, problem)


def test_every_correction_is_on_record_with_its_place():
    assert read("neq", "117O26O500").changes == (Change(3, "O", "0"), Change(6, "O", "0"))
    assert read("name", "0O'Bomsawin").changes == (Change(0, "0O'", "O'"),)


def test_a_number_that_only_an_unlikely_exchange_makes_right_is_doubted():
    parsed = read("sin", "04B 4S4 286")

    assert (parsed.is_proven, parsed.is_doubtful) == (False, True)


def test_a_check_digit_whose_method_is_not_published_raises_a_doubt_only():
    assert read("nam", "TEST54122816").is_proven
    assert read("nam", "TEST54122817") == Parsed("TEST54122817", is_doubtful=True)
    assert typed("nam", "TEST54122817") == Parsed("TEST54122817")


@pytest.mark.parametrize(
    ("text", "written", "value", "problem"),
    [
        ("1,234", {}, "1.234", "ambiguous-number"),
        ("1,234", {"decimal": "point"}, "1234", ""),
        ("1,234", {"decimal": "comma"}, "1.234", ""),
        ("(3,5)", {}, "-3.5", ""),
        ("1 234,5", {}, "1234.5", ""),
    ],
)
def test_a_number_with_two_meanings_is_settled_by_its_declared_mark(text, written, value, problem):
    parsed = typed("number", text, **written)

    assert (parsed.value, parsed.problem) == (value, problem)


@pytest.mark.parametrize(
    ("text", "value", "is_doubtful"),
    [
        ("(45,00)", "-45.00", False),
        ("45,00-", "-45.00", True),
        ("1'234.50", "1234.50", False),
        ("45,00 S", "45.00", False),
        ("1,234,50", "1234.50", True),
        ("-0,00", "0.00", False),
    ],
)
def test_amounts_below_nothing_and_odd_marks(text, value, is_doubtful):
    parsed = read("amount", text)

    assert (parsed.value, parsed.is_doubtful) == (value, is_doubtful)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1035 rue De La Chevrotière app 4, Québec", "1035, rue De La Chevrotière, app. 4, Québec"),
        ("85, ler Rang", "85, 1er Rang"),
        ("l2 , rue Principale", "12, rue Principale"),
        ("123-B boul. Laurier #4", "123-B, boul. Laurier, app. 4"),
        ("425 1/2 rue St-Jean", "425 1/2, rue St-Jean"),
        ("100, 8e Avenue bur. 200", "100, 8e Avenue, bureau 200"),
        ("C.P. 12, Succ. A", "C.P. 12, Succ. A"),
        ("12, rue de la Porte 4", "12, rue de la Porte 4"),
        ("12, rue Morin, porte 4", "12, rue Morin, porte 4"),
    ],
)
def test_an_address_is_number_street_unit_and_municipality(text, value):
    parsed = read("address", text)

    assert (parsed.value, parsed.is_doubtful) == (value, False)


def test_an_address_without_number_or_way_is_doubted_in_pixels_only():
    assert read("address", "Saint-Jérôme").is_doubtful
    assert not typed("address", "Saint-Jérôme").is_doubtful


@pytest.mark.parametrize(
    ("text", "country", "value"),
    [("75OO8", "FR", "75008"), ("90210-1234", "US", "90210-1234"), ("902101234", "US", None)],
)
def test_a_postal_code_is_of_the_declared_country(text, country, value):
    expected = "90210-1234" if value is None else value

    assert read("postal-code", text, country=country).value == expected


def test_a_phone_number_is_of_the_declared_country():
    assert read("phone", "01 42 68 53 00", country="FR").value == "+33142685300"
