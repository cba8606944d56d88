import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pikepdf.pdfa
import pytest

from rpa.domain.errors import DocumentRefusedError, SignatureRefusedError, ToolUnavailableError
from rpa.domain.signature import Coverage, Indication, SignatureLevel
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.api import Pkcs12Credential
from rpa.signing.devpki import create_development_pki
from rpa.testing.signatures import credential, served_pki, signed_pdf, signing_request


@pytest.fixture
def signer(authority):
    return PyHankoSigner(timestamp_url=authority)


@pytest.fixture
def validator(pki):
    return PyHankoValidator(trust_roots=[pki / "root.pem"])


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


@pytest.mark.parametrize("level", [SignatureLevel.B_LT, SignatureLevel.B_LTA])
def test_long_term_levels_carry_their_validation_data(letter, tmp_path, level):
    # Validation data is fetched by pyHanko, which reads the machine's clock for it.
    today = datetime.fromtimestamp(tmp_path.stat().st_mtime, tz=UTC)
    folder = tmp_path / "signing"
    free = 18_318 if level is SignatureLevel.B_LT else 18_319
    address = f"http://127.0.0.1:{free}"
    root = create_development_pki(folder, now=today, base_url=address)
    with served_pki(folder, port=free):
        signer = PyHankoSigner(timestamp_url=f"{address}/tsa", trust_roots=[root])
        signed = signed_pdf(signer, signing_request(letter, credential(folder), today, level=level))

    report = PyHankoValidator(trust_roots=[root]).validate(signed, at=today + timedelta(minutes=1))
    assert report.indication is Indication.TOTAL_PASSED
    assert report.signatures[0].level is level
    assert b"/DSS" in signed


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


def test_an_encrypted_document_is_refused(signer, letter, pki, now):
    target = BytesIO()
    with pikepdf.open(BytesIO(letter)) as pdf:
        pdf.save(target, encryption=pikepdf.Encryption(owner="o", user=""))

    with pytest.raises(SignatureRefusedError) as caught:
        signer.sign(signing_request(target.getvalue(), credential(pki), now))

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


def test_an_authority_that_is_down_is_a_tool_that_is_unavailable(letter, pki, now):
    signer = PyHankoSigner(timestamp_url="http://127.0.0.1:9/tsa", timestamp_timeout_s=2)

    with pytest.raises(ToolUnavailableError) as caught:
        signer.sign(signing_request(letter, credential(pki), now, level=SignatureLevel.B_T))

    assert caught.value.reason == "timestamp-authority"


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
