from pathlib import Path

import pytest

from rpa.bots.api import FilingRequest, Target
from rpa.bots.templates import Placeholders, Texts
from rpa.domain.errors import DefinitionError, TargetRefusedError
from rpa.domain.form import FieldKind as Kind

KINDS = {
    "nom": Kind.NAME,
    "jour": Kind.DATE,
    "total": Kind.AMOUNT,
    "telephone": Kind.PHONE,
    "cp": Kind.POSTAL_CODE,
    "nas": Kind.SIN,
    "vide": Kind.DATE,
    "lignes.1.montant": Kind.AMOUNT,
    "lignes.2.montant": Kind.AMOUNT,
    "lignes.10.montant": Kind.AMOUNT,
}
VALUES = {
    "nom": "Œuvray–Lefrançois",
    "jour": "1950-07-03",
    "total": "1234.50",
    "telephone": "+14186431234",
    "cp": "G1R 4S9",
    "nas": "046454286",
    "lignes.2.montant": "1.00",
    "lignes.10.montant": "2.00",
}


@pytest.fixture
def texts():
    target = Target(url="http://host/app/", username="commis", password="papier")
    return Texts(FilingRequest("K-1", VALUES, KINDS, Path("bot.yaml"), target))


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{nom}", "Œuvray–Lefrançois"),
        ("{nom.upper}", "ŒUVRAY–LEFRANÇOIS"),
        ("{nom.ascii}", "OEuvray-Lefrancois"),
        ("{jour.day}/{jour.month}/{jour.year}", "3/7/1950"),
        ("{jour.day2}{jour.month2}", "0307"),
        ("{jour.fr}", "03/07/1950"),
        ("{jour.iso}", "1950-07-03"),
        ("{total.plain}", "1234.50"),
        ("{total.comma}", "1234,50"),
        ("{telephone.digits}", "4186431234"),
        ("{telephone.national}", "418 643-1234"),
        ("{nom.ascii.upper}", "OEUVRAY-LEFRANCOIS"),
        ("{nom.urlencoded}", "%C5%92uvray%E2%80%93Lefran%C3%A7ois"),
        ("{jour:DD/MM/YYYY}", "03/07/1950"),
        ("{jour:J-M-AA}", "3-7-50"),
        ("{jour:YYYYMMDD}", "19500703"),
        ("{jour.month_fr} {jour.month_en}", "juillet July"),
        ("{total.whole} {total.cents}", "1234 50"),
        ("{lignes.2.montant.comma}", "1,00"),
        ("{cp.compact}", "G1R4S9"),
        ("{cp.first}|{cp.last}", "G1R|4S9"),
        ("{nas.spaced}", "046 454 286"),
        ("{url}/a?r={key}", "http://host/app/a?r=K-1"),
        ("{url}/a?r={key.urlencoded}&u={username.upper}", "http://host/app/a?r=K-1&u=COMMIS"),
        ("{username}:{password}", "commis:papier"),
        ("{{nom}}", "{nom}"),
    ],
)
def test_a_placeholder_shows_the_value_as_the_target_wants_it(texts, template, text):
    assert texts.text(template) == text


def test_a_missing_value_is_empty_in_every_view(texts):
    assert texts.text("[{vide}{vide.day}]") == "[]"


def test_a_row_names_its_cells_and_its_number(texts):
    row = texts.for_row("lignes", 2)

    assert row.text("L{row}/{row0}: {row.montant.comma}") == "L2/1: 1,00"


def test_only_rows_with_values_are_filled_in_the_order_of_their_numbers(texts):
    assert texts.filled_rows("lignes") == (2, 10)


@pytest.mark.parametrize(
    "template",
    ["{inconnu}", "{nom.day}", "{jour.jour}", "{row}", "{row.montant}", "{", "a}b", "{}"],
)
def test_a_placeholder_that_means_nothing_is_an_error(template):
    with pytest.raises(DefinitionError) as caught:
        Placeholders(KINDS).check(template)

    assert caught.value.reason == "placeholder"


def test_a_value_that_is_not_canonical_is_an_error_that_does_not_quote_it(texts):
    request = texts.request
    wrong = FilingRequest("K", {"jour": "3 mai"}, KINDS, request.definition, request.target)

    with pytest.raises(TargetRefusedError, match="field jour") as caught:
        Texts(wrong).text("{jour.day}")

    assert "mai" not in str(caught.value)
