import pytest

from rpa.ocr.unknown.anchors import findings, invoice_anchors
from rpa.ocr.unknown.segments import rows_of, upright
from rpa.testing.typed_words import lines_of_text, page_text

INVOICE = (
    "Papeterie du Fleuve inc.",
    "125, rue Saint-Paul, Québec (Québec)",
    "Facture n° : F-2026-118",
    "Date de la facture : 2026-11-02",
    "Date d'échéance : 2026-12-02",
    "Sous-total 100,00 $",
    "TPS 5 % 5,00 $",
    "TVQ 9,975 % 9,98 $",
    "Total 114,98 $",
)


def told(page):
    found = findings(rows_of(upright(page)), invoice_anchors())
    return {finding.name: finding.canonical for finding in found}


def test_an_invoice_in_french_is_understood():
    assert told(lines_of_text(INVOICE)) == {
        "issuer": "Papeterie du Fleuve inc.",
        "address": "125, rue Saint-Paul, Québec (Québec)",
        "number": "F-2026-118",
        "date": "2026-11-02",
        "due_date": "2026-12-02",
        "net": "100.00",
        "tps": "5.00",
        "tvq": "9.98",
        "total": "114.98",
    }


def test_an_invoice_in_english_is_understood():
    lines = (
        "Contoso Ltd.",
        "Invoice No. 4821",
        "Invoice date: November 2, 2026",
        "Due date: 2026-12-02",
        "Subtotal $1,000.00",
        "VAT 20% on $ 1,000.00 $ 200.00",
        "Total due $1,200.00",
    )
    assert told(lines_of_text(lines)) == {
        "issuer": "Contoso Ltd.",
        "number": "4821",
        "date": "2026-11-02",
        "due_date": "2026-12-02",
        "net": "1000.00",
        "vat": "200.00",
        "total": "1200.00",
    }


def test_a_value_may_stand_under_its_anchor():
    page = page_text(
        (100, 100, "Invoice Date:"), (500, 100, "Due Date:"),
        (100, 130, "2026-11-02"), (500, 130, "2026-12-02"),
    )  # fmt: skip
    found = told(page)
    assert (found["date"], found["due_date"]) == ("2026-11-02", "2026-12-02")


@pytest.mark.parametrize(
    ("lines", "total"),
    [
        (("Total 12,00", "Total 15,00"), "15.00"),
        (("Total 12,00", "Total à payer 15,00", "Total 3,00"), "15.00"),
        (("Sous-total 12,00", "Total 15,00"), "15.00"),
        (("Total qty 3 45.00", "Total 15.00", "Total paid 20.00"), "15.00"),
        (("TOTAL RM 8.20",), "8.20"),
        (("Total (Incl. GST) 8,20", "GST summary total 0.46"), "8.20"),
    ],
)
def test_the_total_is_told_from_other_sums(lines, total):
    assert told(lines_of_text(("Magasin", *lines)))["total"] == total


@pytest.mark.parametrize(
    "lines",
    [("Total",), ("Total des points",), ("Date : bientôt",), ("Facture n° : à venir",), ()],
)
def test_an_anchor_without_a_value_finds_nothing(lines):
    assert told(lines_of_text(lines)).keys() <= {"issuer"}


def test_a_day_is_no_invoice_number():
    assert "number" not in told(lines_of_text(("Épicerie", "Invoice 2026-11-02")))


def test_any_date_is_better_than_none():
    assert told(lines_of_text(("Café", "24/12/2026 08:13")))["date"] == "2026-12-24"


@pytest.mark.parametrize(
    ("lines", "issuer"),
    [
        (("FACTURE", "Dupont SARL", "Paris"), "Dupont SARL"),
        (("Client :", "Boulangerie du Port"), "Boulangerie du Port"),
        (("Tax invoice", "Dion Realties Sdn Bhd (Co. No:20154-T)"), "Dion Realties Sdn Bhd"),
        (("Facture", "12345", "Quincaillerie du Coin", "Lévis"), "Quincaillerie du Coin"),
    ],
)
def test_the_issuer_is_a_company_near_the_top_and_never_a_title(lines, issuer):
    assert told(lines_of_text(lines))["issuer"] == issuer


def test_a_finding_knows_its_words_and_its_anchor():
    page = lines_of_text(("Magasin", "Total : 15,00 $"))
    [finding] = [
        f for f in findings(rows_of(upright(page)), invoice_anchors()) if f.name == "total"
    ]
    assert (finding.value.text, finding.anchor) == ("15,00 $", "Total")
    assert finding.value.box.x0 == 180
