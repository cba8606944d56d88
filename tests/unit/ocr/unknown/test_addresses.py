import pytest

from rpa.ocr.unknown.addresses import address_among, is_code, without_contact, without_name


def among(*texts):
    part = address_among(texts)
    return list(texts[part]) if part else None


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        (("J. Roy", "48, rue du Pont", "Lévis (Québec) G0R 2T1", "Tél. : 418 555-01"), slice(1, 3)),
        (("Roy inc.", "C.P. 12", "Lévis QC", "G0R 2T1"), slice(1, 4)),
        (("Mairie", "1 place de la Comédie", "69001 Lyon", "France"), slice(1, 4)),
        (("Azure", "4557 De Silva St", "Fremont CA 94538"), slice(1, 3)),
        (("Coolblue B.V.", "Weena 664", "3012 CN Rotterdam"), slice(1, 3)),
        (("(789417-W)", "NO.53, JALAN 18,", "TAMAN DAYA,", "81100 JOHOR", "JOHOR."), slice(1, 5)),
        (("MENARA DION #02-03, LEVEL 2,", "27, JALAN SULTAN", "50250 KUALA LUMPUR."), slice(0, 3)),
        (("1, rue X, Lévis (Québec) G0R 2T1   Tel. 418-555-0134",), slice(0, 1)),
    ],
)  # fmt: skip
def test_an_address_is_told_from_its_street_to_its_code_or_country(lines, address):
    assert among(*lines) == list(lines[address])


@pytest.mark.parametrize(
    "lines",
    [
        ("Ville de Lévis", "Service des parcs"),
        ("12 novembre 2026", "Lévis (Québec)"),
        ("$5.00 OFF CARTON:",),
        ("GST no 123456789", "81100 Johor"),
        ("Total 48 120,00",),
        (),
    ],
)
def test_what_is_no_address_is_not_told(lines):
    assert among(*lines) is None


def test_a_name_before_and_a_telephone_behind_an_address_are_no_part_of_it():
    line = "Claims Centre, 310 Portage Avenue, Winnipeg, Manitoba R3C 0C4 Tel. 204 555-0110"
    assert without_contact(line)[without_name(line) :].startswith("310 Portage")
    assert without_contact(line).endswith("R3C 0C4")
    assert without_name("312, avenue des Érables, app. 4") == 0
    assert without_contact("8, rue de l'Hôtel 4, Lévis") == "8, rue de l'Hôtel 4, Lévis"


@pytest.mark.parametrize(
    ("text", "code"), [("G0R 2T1", True), ("G0R2To", True), ("Québec", False), ("12345", False)]
)
def test_a_canadian_code_is_known_by_itself(text, code):
    assert is_code(text) is code
