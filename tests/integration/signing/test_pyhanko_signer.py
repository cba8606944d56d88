import hashlib
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pikepdf.pdfa
import pytest
from asn1crypto import cms
from asn1crypto.parser import peek
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm

from rpa.domain.errors import DocumentRefusedError, SignatureRefusedError, ToolUnavailableError
from rpa.domain.signature import Coverage, Indication, Integrity, SignatureLevel
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.api import FieldPlan, Pkcs12Credential
from rpa.testing.authorities import held_lists
from rpa.testing.signatures import credential, signed_pdf, signing_request


@pytest.fixture
def signer(authority):
    return PyHankoSigner(timestamp_url=authority)


@pytest.fixture
def validator(pki, now):
    return PyHankoValidator(trust_roots=[pki / "root.pem"], held=held_lists(pki, at=now))


def said(command: list[str], pdf: bytes, folder: Path) -> str:
    file = folder / "signed.pdf"
    file.write_bytes(pdf)
    run = subprocess.run([*command, str(file)], capture_output=True, check=False, text=True)
    return run.stdout + run.stderr


def test_a_sealed_letter_passes_and_two_other_programs_agree(
    signer, validator, letter, pki, now, tmp_path
):
    signed = signed_pdf(signer, signing_request(letter, credential(pki), now))

    report = validator.validate(signed, at=now)
    pdfsig = said(["pdfsig"], signed, tmp_path)
    mutool = said(["mutool", "sign", "-v"], signed, tmp_path)
    assert signed.startswith(letter)
    assert report.indication is Indication.TOTAL_PASSED
    assert report.signatures[0].signer == "Organisme de démonstration – sceau"
    assert report.signatures[0].level is SignatureLevel.B_B
    assert report.signatures[0].signed_at == now
    assert report.signatures[0].coverage is Coverage.WHOLE_DOCUMENT
    assert "Signature is Valid" in pdfsig
    assert "Total document signed" in pdfsig
    assert "Not total document signed" not in pdfsig
    assert "unchanged since signing" in mutool


def test_a_timestamp_proves_the_time_of_signing(signer, validator, letter, pki, now):
    claimed = now - timedelta(hours=3)

    signed = signed_pdf(
        signer, signing_request(letter, credential(pki), claimed, level=SignatureLevel.B_T)
    )

    status = validator.validate(signed, at=now).signatures[0]
    assert status.is_timestamped
    assert status.level is SignatureLevel.B_T
    assert status.signed_at == now


def test_a_timestamp_keeps_a_signature_good_after_its_certificate_expired(
    signer, validator, letter, pki, now
):
    later = now + timedelta(days=6 * 365)
    plain = signed_pdf(signer, signing_request(letter, credential(pki), now))
    stamped = signed_pdf(
        signer, signing_request(letter, credential(pki), now, level=SignatureLevel.B_T)
    )

    assert validator.validate(plain, at=later).indication is Indication.INDETERMINATE
    assert validator.validate(stamped, at=later).indication is Indication.TOTAL_PASSED


def test_two_people_sign_one_after_the_other(signer, validator, letter, pki, now, tmp_path):
    once = signed_pdf(signer, signing_request(letter, credential(pki), now))

    twice = signed_pdf(
        signer, signing_request(once, credential(pki, "superviseur"), now, field="Signature2")
    )

    first, second = validator.validate(twice, at=now).signatures
    assert twice.startswith(once)
    assert [first.field, second.field] == ["Signature1", "Signature2"]
    assert second.signer == "Marie Tremblay (démonstration)"
    assert first.indication is second.indication is Indication.TOTAL_PASSED
    assert [first.coverage, second.coverage] == [Coverage.REVISION, Coverage.WHOLE_DOCUMENT]
    assert said(["pdfsig"], twice, tmp_path).count("Signature is Valid") == 2


def test_the_visible_signature_tells_who_and_when_in_local_time(signer, letter, pki, now, tmp_path):
    signed = signed_pdf(signer, signing_request(letter, credential(pki), now))

    (tmp_path / "signed.pdf").write_bytes(signed)
    run = subprocess.run(
        ["pdftotext", str(tmp_path / "signed.pdf"), "-"], capture_output=True, check=True
    )
    shown = run.stdout.decode()
    assert "Organisme de démonstration – sceau" in shown
    assert "2026-11-24 10:12 HNE" in shown


def test_an_invisible_signature_adds_no_font(signer, letter, pki, now):
    signed = signed_pdf(signer, signing_request(letter, credential(pki), now, visible=False))

    assert b"/FontFile2" not in signed[len(letter) :]


def test_the_signed_letter_still_claims_pdfa_and_breaks_no_rule_that_is_checked(
    signer, letter, pki, now
):
    signed = signed_pdf(signer, signing_request(letter, credential(pki), now))

    with pikepdf.open(BytesIO(signed)) as pdf:
        report = pikepdf.pdfa.check(pdf, "3b")
        assert pdf.open_metadata().pdfa_status == "3B"
    assert [finding for finding in report.findings if finding.kind == "violation"] == []


def test_a_field_that_is_signed_already_is_refused(signer, letter, pki, now):
    request = signing_request(letter, credential(pki), now)
    signed = signed_pdf(signer, request)

    with pytest.raises(SignatureRefusedError) as caught:
        signer.sign(replace(request, pdf=signed))

    assert caught.value.reason == "field-taken"


def test_an_encrypted_document_is_signed_with_its_password_and_refused_without(
    signer, letter, pki, now, tmp_path
):
    target = BytesIO()
    with pikepdf.open(BytesIO(letter)) as pdf:
        pdf.save(target, encryption=pikepdf.Encryption(owner="o", user="u"))
    request = signing_request(target.getvalue(), credential(pki), now)

    signed = signed_pdf(signer, replace(request, password="o"))
    with pytest.raises(SignatureRefusedError) as caught:
        signer.sign(request)

    assert "Signature is Valid" in said(["pdfsig", "-upw", "u"], signed, tmp_path)
    assert caught.value.reason == "pdf-encrypted"


@pytest.mark.parametrize("content", [b"", b"no PDF at all", b"%PDF-1.7\n%%EOF\n"])
def test_damaged_bytes_are_refused(signer, pki, now, content):
    with pytest.raises(SignatureRefusedError):
        signer.sign(signing_request(content, credential(pki), now))


def test_a_wrong_passphrase_is_told_without_showing_it(signer, letter, pki, now):
    wrong = Pkcs12Credential(pki / "sceau.p12", "not the passphrase")

    with pytest.raises(ToolUnavailableError) as caught:
        signer.sign(signing_request(letter, wrong, now))

    assert caught.value.reason == "credential-closed"
    assert "not the passphrase" not in caught.value.message


def test_a_key_that_was_opened_once_does_not_open_with_a_wrong_passphrase(signer, letter, pki, now):
    signer.sign(signing_request(letter, credential(pki), now, visible=False))

    with pytest.raises(ToolUnavailableError):
        signer.sign(signing_request(letter, Pkcs12Credential(pki / "sceau.p12", "guess"), now))


def test_a_renewed_credential_file_is_opened_anew(signer, letter, pki, now, tmp_path):
    file = tmp_path / "seal.p12"
    shutil.copy(pki / "sceau.p12", file)
    first = Pkcs12Credential(file, credential(pki).passphrase)
    signer.sign(signing_request(letter, first, now, visible=False))
    file.unlink()

    with pytest.raises(ToolUnavailableError) as caught:
        signer.sign(signing_request(letter, first, now, visible=False))

    assert caught.value.reason == "credential-missing"


@pytest.mark.parametrize(
    ("level", "code"),
    [(SignatureLevel.B_T, "level-needs-timestamp"), (SignatureLevel.B_LT, "level-needs-timestamp")],
)
def test_a_level_that_needs_an_authority_is_refused_without_one(letter, pki, now, level, code):
    with pytest.raises(SignatureRefusedError) as caught:
        PyHankoSigner(timestamp_url=None).sign(
            signing_request(letter, credential(pki), now, level=level)
        )

    assert caught.value.reason == code


def test_a_long_term_level_is_refused_without_trusted_roots(signer, letter, pki, now):
    with pytest.raises(SignatureRefusedError) as caught:
        signer.sign(signing_request(letter, credential(pki), now, level=SignatureLevel.B_LT))

    assert caught.value.reason == "level-needs-trust"


def test_a_flip_of_any_byte_is_noticed(signer, validator, letter, pki, now):
    signed = signed_pdf(
        signer, signing_request(letter, credential(pki), now, level=SignatureLevel.B_T)
    )
    found = re.search(rb"/ByteRange \[\d+ (\d+) (\d+) \d+", signed)
    assert found
    gap, rest = int(found[1]), int(found[2])
    used = gap + 1 + len(signed[gap + 1 : rest - 1].rstrip(b"0"))
    places = [
        *range(0, gap, 1_511),
        *range(gap, used, 211),
        *range(used, rest, 5_003),
        rest - 1,
        *range(rest, len(signed), 1_511),
    ]

    unnoticed = [place for place in places if _passes(validator, signed, place, now)]

    assert unnoticed == []


def _passes(validator, signed: bytes, place: int, now: datetime) -> bool:
    changed = bytearray(signed)
    changed[place] ^= 1
    try:
        report = validator.validate(bytes(changed), at=now)
    except DocumentRefusedError:
        return False
    return report.indication is Indication.TOTAL_PASSED


def attributes(pdf: bytes) -> dict[str, object]:
    """Return the signed attributes of the only signature by their names."""
    signature = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures[0]
    return {one["type"].native: one["values"][0] for one in signature.signer_info["signed_attrs"]}


def test_the_signature_names_its_certificate_and_role_and_leaves_the_time_to_the_pdf(
    signer, letter, pki, now
):
    request = signing_request(letter, credential(pki), now)
    signed = signed_pdf(signer, replace(request, role="Directrice des finances"))

    found = attributes(signed)
    certificate = PdfFileReader(BytesIO(signed)).embedded_signatures[0].signer_cert
    named = found["signing_certificate_v2"]["certs"][0]["cert_hash"].native
    assert named == hashlib.sha256(certificate.dump()).digest()
    claimed = found["signer_attributes_v2"]["claimed_attributes"].native
    assert claimed[0]["values"] == ["Directrice des finances"]
    assert "signing_time" not in found
    assert set(found) >= {"content_type", "message_digest", "cms_algorithm_protection"}


def test_the_cms_is_der_down_to_its_last_set(signer, letter, pki, now):
    signed = signed_pdf(signer, signing_request(letter, credential(pki), now))

    content = PdfFileReader(BytesIO(signed)).embedded_signatures[0].pkcs7_content
    info = cms.ContentInfo.load(content[: peek(content)])
    signer_info = info["content"]["signer_infos"][0]
    for found in (signer_info["signed_attrs"], info["content"]["certificates"]):
        parts = [part.dump() for part in found]
        assert parts == sorted(parts)
    assert info.copy().dump(force=True) == content[: peek(content)]


def test_openssl_verifies_what_was_signed(signer, letter, pki, now, tmp_path):
    signed = signed_pdf(signer, signing_request(letter, credential(pki), now))

    signature = PdfFileReader(BytesIO(signed)).embedded_signatures[0]
    _start, before, after, rest = signature.byte_range
    (tmp_path / "content").write_bytes(signed[:before] + signed[after : after + rest])
    content = signature.pkcs7_content
    (tmp_path / "cms.der").write_bytes(content[: peek(content)])
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any"]
    files = ["-in", "cms.der", "-content", "content", "-CAfile", str(pki / "root.pem")]
    run = subprocess.run(
        [*command, *files, "-out", "out"], cwd=tmp_path, capture_output=True, check=False
    )
    assert b"successful" in run.stderr


def test_a_certification_lets_later_signatures_in_and_nothing_else(
    signer, validator, letter, pki, now
):
    request = signing_request(letter, credential(pki), now)
    prepared = signer.prepare(letter, [FieldPlan("Signature1"), FieldPlan("Signature2")]).pdf
    certified = signed_pdf(signer, replace(request, pdf=prepared, certify=True))

    twice = signed_pdf(signer, replace(request, pdf=certified, field="Signature2"))
    with pytest.raises(SignatureRefusedError) as caught:
        signer.sign(replace(request, pdf=certified, field="Signature2", certify=True))

    reader = PdfFileReader(BytesIO(twice))
    assert reader.root["/Perms"]["/DocMDP"]["/Reference"][0]["/TransformParams"]["/P"] == 2
    assert reader.embedded_signatures[0].docmdp_level is MDPPerm.FILL_FORMS
    report = validator.validate(twice, at=now)
    assert report.indication is Indication.TOTAL_PASSED
    assert report.signatures[0].permission == "fill-forms"
    assert caught.value.reason == "certify-late"


def test_a_document_that_allows_no_change_is_not_signed_again(signer, letter, pki, now):
    locked = BytesIO()
    with pikepdf.open(BytesIO(signer.prepare(letter, [FieldPlan("Signature1")]).pdf)) as pdf:
        lock = pikepdf.Dictionary(Type=pikepdf.Name.SigFieldLock, Action=pikepdf.Name.All, P=1)
        pdf.Root.AcroForm.Fields[0].Lock = lock
        pdf.save(locked)
    request = signing_request(locked.getvalue(), credential(pki), now)
    signed = signed_pdf(signer, request)

    with pytest.raises(SignatureRefusedError) as caught:
        signer.sign(replace(request, pdf=signed, field="Signature2"))

    assert caught.value.reason == "document-locked"


def test_a_field_that_demands_another_kind_of_signature_is_left_alone(signer, letter, pki, now):
    asking = BytesIO()
    with pikepdf.open(BytesIO(signer.prepare(letter, [FieldPlan("Signature1")]).pdf)) as pdf:
        demand = pikepdf.Dictionary(Ff=2, SubFilter=[pikepdf.Name("/adbe.pkcs7.detached")])
        pdf.Root.AcroForm.Fields[0].SV = demand
        pdf.save(asking)

    with pytest.raises(SignatureRefusedError) as caught:
        signer.sign(signing_request(asking.getvalue(), credential(pki), now))

    assert caught.value.reason == "field-demands"


def test_three_sign_in_order_at_b_lta_and_none_breaks_another(full_pki, letter, now, tmp_path):
    names = ["Premier", "Deuxieme", "Troisieme"]
    validator = PyHankoValidator(trust_roots=[full_pki.root])
    with full_pki.serving() as address:
        signer = PyHankoSigner(timestamp_url=f"{address}/tsa", trust_roots=[full_pki.root])
        pdf = signer.prepare(letter, [FieldPlan(name, tooltip=name) for name in names]).pdf
        for count, name in enumerate(names, start=1):
            who = "superviseur" if count == 2 else "sceau"
            request = full_pki.request(pdf, now, who, field=name, level=SignatureLevel.B_LTA)
            made = signer.sign(replace(request, certify=count == 1))
            assert made.level is SignatureLevel.B_LTA
            assert made.pdf.startswith(pdf)
            pdf = made.pdf

            report = validator.validate(pdf, at=now)
            signed = [one for one in report.signatures if one.field in names]
            pdfsig = said(["pdfsig"], pdf, tmp_path)
            mutool = said(["mutool", "sign", "-v"], pdf, tmp_path)
            assert report.integrity is Integrity.VALID
            assert {one.indication for one in report.signatures} == {Indication.TOTAL_PASSED}
            assert [one.level for one in signed] == [SignatureLevel.B_LTA] * count
            assert pdfsig.count("Signature is Valid") == count
            assert "Invalid" not in pdfsig
            assert mutool.count("signature is valid") == count
            assert "invalid" not in mutool.lower()
