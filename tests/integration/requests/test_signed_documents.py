"""Documents that several persons sign with real keys: whole and trusted after each signature."""

import json
import shutil
import subprocess

import pytest
import zxingcpp
from PIL import Image

from rpa.domain.errors import SignatureRefusedError, ToolUnavailableError
from rpa.domain.model import Digest
from rpa.domain.signature import Indication, Integrity, SignatureLevel, Trust
from rpa.domain.signature_request import RequestState, SigningRecord
from rpa.steps.signature_requests import (
    create_request,
    decline_requested,
    delegate,
    request,
    sign_requested,
)
from rpa.testing.office import employ, signing_office
from rpa.testing.requests import a_draft, a_person, opened_consent
from rpa.testing.signatures import credential, signing_request


def ask(tools, letter, *signers, **said):
    known = {"pdf": letter, "language": "fr", "level": SignatureLevel.B_B}
    return create_request(
        a_draft(tools, *signers, **{**known, **said}), by="person:chef", tools=tools
    )


def sign(request_id, person, tools):
    return sign_requested(request_id, opened_consent(request_id, person, tools), tools=tools)


def checked(made, tools):
    return tools.validator.validate(tools.store.get(made.current), at=tools.now())


def signatures(report):
    return [s for s in report.signatures if s.kind.value != "timestamp"]


def must_stand(report, count):
    """Assert that every signature so far passes, and that nothing forbidden came later."""
    made = signatures(report)
    assert len(made) == count
    assert {s.indication for s in made} == {Indication.TOTAL_PASSED}
    assert {s.trust for s in made} == {Trust.TRUSTED}
    assert report.integrity is Integrity.VALID
    assert all(change.permitted for s in report.signatures for change in s.changes_after)


def second_opinions(pdf, folder, missing):
    """Return what pdfsig and mutool say of each signature."""
    path = folder / "signed.pdf"
    path.write_bytes(pdf)
    for tool in ("pdfsig", "mutool"):
        if shutil.which(tool) is None:
            missing(f"missing: {tool}")
    poppler = subprocess.run(
        ["pdfsig", "-nocert", path], capture_output=True, text=True, check=False
    ).stdout
    mupdf = subprocess.run(
        ["mutool", "sign", "-v", path], capture_output=True, text=True, check=False
    )
    return poppler, mupdf.stdout + mupdf.stderr


def test_three_in_order_at_the_highest_level_stand_after_each_other(
    office, letter, tmp_path, missing
):
    people = ("marie", "claire", "jean")
    made = ask(office, letter, "marie:1", "claire:2", "jean:3", level=SignatureLevel.B_LTA)
    for count, person in enumerate(people, start=1):
        made = sign(made.request_id, person, office)
        report = checked(made, office)
        must_stand(report, count)
        assert {s.level for s in signatures(report)} == {SignatureLevel.B_LTA}
        poppler, mupdf = second_opinions(office.store.get(made.current), tmp_path, missing)
        assert poppler.count("Signature Validation: Signature is Valid.") >= count
        assert "Invalid" not in poppler
        assert "has been modified" not in mupdf
    assert made.state is RequestState.COMPLETED
    assert signatures(report)[0].permission == "fill-forms"
    assert [s.permission for s in signatures(report)[1:]] == ["", ""]


@pytest.mark.parametrize(
    ("stages", "order"),
    [
        ((1, 1, 1), ("jean", "marie", "claire")),
        ((2, 1, 1), ("jean", "claire", "marie")),
        ((1, 2, 2), ("marie", "jean", "claire")),
    ],
)
def test_in_parallel_and_mixed_each_field_is_signed_by_its_own_person(
    office, letter, stages, order
):
    names = ("marie", "claire", "jean")
    asked = [f"{name}:{stage}" for name, stage in zip(names, stages, strict=True)]
    made = ask(office, letter, *asked)
    for person in order:
        made = sign(made.request_id, person, office)
    report = checked(made, office)
    must_stand(report, 3)
    who = {s.field: s.signer for s in report.signatures}
    assert [who[s.field].split()[0] for s in made.signers] == ["Marie", "Claire", "Jean"]
    assert made.state is RequestState.COMPLETED


def test_the_code_on_each_signature_leads_to_the_request_on_the_console(office, letter, tmp_path):
    made = ask(office, letter, "marie:1", "claire:2")
    for person in ("marie", "claire"):
        made = sign(made.request_id, person, office)
    signed = tmp_path / "signed.pdf"
    signed.write_bytes(office.store.get(made.current))
    subprocess.run(["pdftoppm", "-r", "300", "-png", signed, tmp_path / "page"], check=True)
    with Image.open(next(tmp_path.glob("page*.png"))) as page:
        codes = [code.text for code in zxingcpp.read_barcodes(page.convert("L"))]
    assert codes == [f"https://console.example/v/{made.request_id}"] * 2


def test_each_record_fits_the_bytes_and_the_certificate_it_tells_of(office, letter):
    made = ask(office, letter, "marie", "claire:2", level=SignatureLevel.B_LT)
    opened = [made.current]
    for person in ("marie", "claire"):
        made = sign(made.request_id, person, office)
        opened.append(made.current)
    records = [SigningRecord.model_validate_json(office.store.get(s.record)) for s in made.signers]
    assert [(r.digest_before, r.digest_after) for r in records] == [
        (opened[0], opened[1]),
        (opened[1], opened[2]),
    ]
    assert office.store.get(opened[2]).startswith(office.store.get(opened[1]))
    assert office.store.get(opened[1]).startswith(office.store.get(opened[0]))
    first, second = records
    assert "Marie Tremblay" in first.signer
    assert "Claire Gagnon" in second.signer
    assert first.certificate_sha256 != second.certificate_sha256
    assert first.proved_at is not None
    assert first.level_reached is SignatureLevel.B_LT
    report = json.loads(office.store.get(second.validation))
    assert report["document"] == made.current


def test_a_delegate_signs_in_the_middle(office, letter):
    made = ask(office, letter, "marie:1", "claire:2")
    sign(made.request_id, "marie", office)
    delegate(made.request_id, "claire", "jean", "Absente.", office)
    made = sign(made.request_id, "jean", office)
    report = checked(made, office)
    must_stand(report, 2)
    assert report.signatures[-1].signer.startswith("Jean")
    assert made.signers[1].asked_of == ("claire",)


def test_a_document_that_another_house_signed_keeps_that_signature(office, letter, served):
    folder, _tsa = served
    seal = signing_request(letter, credential(folder, "sceau"), office.now(), field="Autre")
    signed = office.signer.sign(seal).pdf
    made = ask(office, signed, "marie", "claire")
    for person in ("claire", "marie"):
        made = sign(made.request_id, person, office)
    report = checked(made, office)
    must_stand(report, 3)
    assert all(s.permission == "" for s in report.signatures)


def test_what_one_signed_before_another_declined_still_stands(office, letter):
    made = ask(office, letter, "marie", "claire")
    sign(made.request_id, "marie", office)
    made = decline_requested(made.request_id, "claire", "Non.", office)
    must_stand(checked(made, office), 1)


def test_a_revoked_key_signs_nothing_on_record(office, letter):
    office.register.add_person(a_person("paul", credential="revoque"), actor="test")
    made = ask(office, letter, "paul", level=SignatureLevel.B_LT)
    with pytest.raises(SignatureRefusedError):
        sign(made.request_id, "paul", office)
    assert request(made.request_id, office).signers[0].record is None


def test_without_an_authority_the_level_is_lowered_on_record_or_waited_for(
    tmp_path, addressed, clock, letter
):
    nobody = "http://127.0.0.1:9/tsa"
    tools = signing_office(tmp_path, addressed.folder, clock, timestamp_url=nobody)
    employ(tools)
    made = ask(tools, letter, "marie", level=SignatureLevel.B_T)
    made = sign(made.request_id, "marie", tools)
    (signer,) = made.signers
    record = SigningRecord.model_validate_json(tools.store.get(signer.record))
    assert (record.level_wanted, record.level_reached) == (SignatureLevel.B_T, SignatureLevel.B_B)
    assert record.shortfall
    (entry,) = [e for e in tools.register.request_history(made.request_id) if e.kind == "signed"]
    assert entry.data["shortfall"] == record.shortfall_code != ""
    assert " " not in record.shortfall_code
    assert record.proved_at is None
    waiting = ask(tools, letter, "marie", level=SignatureLevel.B_T, on_failure="wait")
    with pytest.raises(ToolUnavailableError):
        sign(waiting.request_id, "marie", tools)
    assert request(waiting.request_id, tools).signers[0].record is None


@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-1.7 torn"])
def test_what_is_no_pdf_is_refused_before_anybody_is_asked(office, content):
    with pytest.raises(SignatureRefusedError):
        ask(office, content, "marie")
    assert office.register.requests() == []
    assert office.register.entries(kind="signature-requested") == []


def test_the_bytes_opened_are_the_bytes_signed(office, letter):
    made = ask(office, letter, "marie", "claire")
    consent = opened_consent(made.request_id, "claire", office)
    sign(made.request_id, "marie", office)
    with pytest.raises(SignatureRefusedError, match="one more signature"):
        sign_requested(made.request_id, consent, tools=office)
    assert consent.document == Digest(made.current)
