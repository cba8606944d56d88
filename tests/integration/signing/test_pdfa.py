from dataclasses import replace
from io import BytesIO

import pikepdf
import pikepdf.pdfa
import pytest

from rpa.archive.adapters.ocrmypdf_pdf import OcrmypdfSearchablePdf
from rpa.domain.document import MediaType
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.api import FieldPlan
from rpa.testing.hostile_pdfs import one_page_pdf
from rpa.testing.pdfa import pdfa_claim, pdfa_findings
from rpa.testing.signatures import credential, signing_request


@pytest.fixture(scope="module")
def sign(pki, now):
    signer = PyHankoSigner(timestamp_url=None)

    def signed(pdf, *, visible=True):
        request = signing_request(pdf, credential(pki), now, visible=visible)
        prepared = signer.prepare(pdf, [FieldPlan("Second", tooltip="Marie")]).pdf
        first = signer.sign(replace(request, pdf=prepared, verify_url="https://example.org/v/1"))
        return signer.sign(replace(request, pdf=first.pdf, field="Second")).pdf

    return signed


def new_violations(before, after, flavour):
    """Return the rules that only the signed document breaks, by pikepdf's own checker.

    It knows no forms and says so as "unsupported", which is no violation.
    """
    reports = [pikepdf.pdfa.validate_written(BytesIO(pdf), flavour) for pdf in (before, after)]
    old, new = (
        {finding.rule for finding in report.findings if finding.kind != "unsupported"}
        for report in reports
    )
    return new - old


@pytest.mark.parametrize("visible", [True, False])
def test_a_letter_in_pdfa_3b_stays_it_with_a_visible_signature(sign, letter, visible):
    signed = sign(letter, visible=visible)

    assert pdfa_claim(letter) == pdfa_claim(signed) == "3b"
    assert pdfa_findings(letter, signed) == []
    assert new_violations(letter, signed, "3b") == set()


def test_a_searchable_pdfa_2b_stays_it_with_a_visible_signature(sign):
    before = OcrmypdfSearchablePdf().converted(one_page_pdf(), MediaType.PDF)

    signed = sign(before)

    assert pdfa_claim(signed) == "2b"
    assert pdfa_findings(before, signed) == []
    assert new_violations(before, signed, "2b") == set()


def test_documents_of_every_part_of_pdfa_stay_what_they_claim_to_be(sign, shared_data):
    folder = shared_data / "signing" / "tosign"
    claims = set()
    for name in (
        "icepdf--hello_pdfa1.pdf",
        "dss--pdfa2a-rgb.pdf",
        "pdfbox--PDFA3A.pdf",
        "verapdf--veraPDF_test_suite_6-6-2-3-1-t01-pass-t.pdf",
        "verapdf--TWG_test_suite_A003-pdfa1-pass-a.pdf",
    ):
        before = (folder / name).read_bytes()
        signed = sign(before)
        claims.add(pdfa_claim(signed))
        assert pdfa_claim(signed) == pdfa_claim(before)
        assert pdfa_findings(before, signed) == [], name

    assert {"1b", "2a", "2b", "3a"} <= claims


def test_the_checks_see_what_a_common_stamp_breaks(letter):
    with pikepdf.open(BytesIO(letter)) as document:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1)
        stamp = document.make_stream(b"1 0 0 1 k BT /F1 9 Tf (x) Tj ET")
        stamp.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(F1=font),
            ExtGState=pikepdf.Dictionary(G=pikepdf.Dictionary(ca=0.6)),
        )
        widget = document.make_indirect(
            pikepdf.Dictionary(
                FT=pikepdf.Name.Sig, F=2, Rect=[0, 0, 9, 9], AP=pikepdf.Dictionary(N=stamp)
            )
        )
        document.pages[-1].Annots = pikepdf.Array([widget])
        out = BytesIO()
        document.save(out)

    found = " ".join(pdfa_findings(letter, out.getvalue()))

    for clause in ("6.3.2", "transparency", "operator k", "6.2.11.3", "bytes before"):
        assert clause in found
