from rpa.ocr.unknown.anchors import findings, invoice_anchors
from rpa.ocr.unknown.segments import rows_of, upright
from rpa.testing.typed_words import lines_of_text, page_text


def told(page):
    found = findings(rows_of(upright(page)), invoice_anchors())
    return {finding.name: finding.value.text for finding in found}


def test_the_issuer_s_address_stands_under_its_name_registrations_left_out():
    lines = (
        "BOOK TA SDN BHD", "(789417-W)", "NO.53, JALAN SAGU 18,", "81100 JOHOR BAHRU, JOHOR.",
        "Tel: 07-3507405", "RECEIPT",
    )  # fmt: skip
    found = told(lines_of_text(lines))
    assert found["address"] == "NO.53, JALAN SAGU 18, 81100 JOHOR BAHRU, JOHOR."


def test_the_client_is_told_with_an_address_that_is_not_the_issuer_s():
    page = page_text(
        (100, 100, "Contoso Ltd."),
        (100, 200, "Bill to:"), (300, 200, "Fabrikam"),
        (300, 240, "345 Willow Street"),
        (300, 280, "Larch, TX, 98342"),
        (100, 400, "Total 12.00"),
    )  # fmt: skip
    found = told(page)
    assert (found["client"], found["client_address"]) == (
        "Fabrikam",
        "345 Willow Street Larch, TX, 98342",
    )
    assert "address" not in found


def test_name_and_address_on_one_line_are_told_apart():
    found = told(lines_of_text(("QualityHosting AG - Uferweg 40 - D-63571 Gelnhausen", "Rechnung")))
    assert found["issuer"] == "QualityHosting AG"
    assert found["address"] == "Uferweg 40 - D-63571 Gelnhausen"


def test_without_any_address_none_is_told():
    assert told(lines_of_text(("Café du Coin", "Total 12,00"))).keys() == {"issuer", "total"}
    assert told(page_text()) == {}
