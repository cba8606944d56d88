import dataclasses
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest

from rpa.bootstrap.verifying import Terms, open_validator
from rpa.domain.errors import ToolUnavailableError
from rpa.domain.signature import (
    ChangeKind,
    Indication,
    Integrity,
    SignatureKind,
    SignatureLevel,
    Trust,
)
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.adapters.verification.contained import CheckLimits
from rpa.signing.adapters.verification.trusted import Authorities
from rpa.testing import signed_samples as samples
from rpa.testing.authorities import held_lists
from rpa.testing.signatures import credential, signed_pdf, signing_request


@pytest.fixture(scope="module")
def validator(pki, now):
    return PyHankoValidator(trust_roots=[pki / "root.pem"], held=held_lists(pki, at=now))


@pytest.fixture(scope="module")
def stranger():
    return PyHankoValidator(trust_roots=[])


@pytest.fixture(scope="module")
def sealed(letter, pki, now):
    return signed_pdf(
        PyHankoSigner(timestamp_url=None), signing_request(letter, credential(pki), now)
    )


def test_a_document_without_signature_is_unsigned_and_indeterminate(validator, letter, now):
    report = validator.validate(letter, at=now)

    assert report.signatures == ()
    assert report.integrity is Integrity.UNSIGNED
    assert report.indication is Indication.INDETERMINATE


def test_a_document_can_be_whole_and_signed_by_a_stranger(stranger, sealed, now):
    status = stranger.validate(sealed, at=now).signatures[0]

    assert (status.integrity, status.trust) == (Integrity.VALID, Trust.UNKNOWN_ISSUER)
    assert status.indication is Indication.INDETERMINATE
    assert status.sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"


def test_a_seal_of_a_known_root_is_total_passed_and_names_its_root(validator, sealed, now):
    report = validator.validate(sealed, at=now)

    (status,) = report.signatures
    assert report.indication is Indication.TOTAL_PASSED
    assert (status.kind, status.trust) == (SignatureKind.SEAL, Trust.TRUSTED)
    assert status.root
    assert status.issuer != status.root


def test_a_certificate_that_ran_out_without_a_proof_of_time_is_expired(validator, sealed, now):
    status = validator.validate(sealed, at=now + timedelta(days=40 * 365)).signatures[0]

    assert (status.integrity, status.trust) == (Integrity.VALID, Trust.EXPIRED)
    assert status.sub_indication == "OUT_OF_BOUNDS_NO_POE"


def test_a_revoked_certificate_is_told_by_a_list_that_the_caller_holds(full_pki, letter, now):
    request = full_pki.request(letter, now, "revoque")
    pdf = signed_pdf(PyHankoSigner(timestamp_url=None), request)
    held = held_lists(full_pki.folder, at=now)

    ignorant = PyHankoValidator(trust_roots=[full_pki.root]).validate(pdf, at=now)
    told = PyHankoValidator(trust_roots=[full_pki.root], held=held)
    status = told.validate(pdf, at=now).signatures[0]

    assert "revocation-not-checked" in ignorant.warnings
    assert (status.integrity, status.trust) == (Integrity.VALID, Trust.REVOKED)
    assert status.sub_indication == "REVOKED_NO_POE"


def test_a_list_that_is_out_of_date_still_tells_of_a_revocation(full_pki, letter, now):
    request = full_pki.request(letter, now, "revoque")
    pdf = signed_pdf(PyHankoSigner(timestamp_url=None), request)
    held = held_lists(full_pki.folder, at=now)

    told = PyHankoValidator(trust_roots=[full_pki.root], held=held)
    later = told.validate(pdf, at=now + timedelta(days=400)).signatures[0]

    assert (later.trust, later.sub_indication) == (Trust.REVOKED, "REVOKED_NO_POE")


@pytest.mark.parametrize("level", [SignatureLevel.B_LT, SignatureLevel.B_LTA])
def test_what_a_document_carries_outlives_its_next_update(full_pki, letter, now, level):
    with full_pki.serving() as address:
        signer = PyHankoSigner(timestamp_url=f"{address}/tsa", trust_roots=[full_pki.root])
        pdf = signed_pdf(signer, full_pki.request(letter, now, level=level))

    later = now + timedelta(days=3 * 365)
    report = PyHankoValidator(trust_roots=[full_pki.root]).validate(pdf, at=later)

    assert report.indication is Indication.TOTAL_PASSED
    assert report.signatures[0].level is level


def test_a_document_timestamp_over_a_plain_signature_proves_its_time(full_pki, letter, now):
    plain = full_pki.request(letter, now, level=SignatureLevel.B_LTA)
    with full_pki.serving() as address:
        signer = PyHankoSigner(timestamp_url=f"{address}/tsa", trust_roots=[full_pki.root])
        pdf = signed_pdf(signer, plain)

    report = PyHankoValidator(trust_roots=[full_pki.root]).validate(pdf, at=now)

    assert report.indication is Indication.TOTAL_PASSED
    assert report.signatures[0].level is SignatureLevel.B_LTA
    assert report.signatures[0].proved_at == now
    kinds = [change.kind for change in report.signatures[0].changes_after]
    assert ChangeKind.VALIDATION_DATA in kinds
    assert ChangeKind.TIMESTAMP in kinds


def test_a_page_added_later_fails_the_signature(validator, sealed, now):
    rewritten = BytesIO()
    with pikepdf.open(BytesIO(sealed)) as pdf:
        pdf.add_blank_page()
        pdf.save(rewritten)

    report = validator.validate(rewritten.getvalue(), at=now)

    assert report.indication is Indication.TOTAL_FAILED


def test_values_filled_in_later_are_said_and_pass_only_where_they_are_expected(now):
    blank = samples.signed(samples.whole_pdf())
    filled = samples.updated(
        blank,
        {
            samples.NAME: samples.text_field(b"name", b"Bob", samples.NAME_LOOK),
            samples.NAME_LOOK: samples.look(b"Bob"),
        },
    )
    certificate = samples.stranger().signing_cert

    def told(**wishes):
        return _trusting(certificate, **wishes).validate(filled, at=now)

    assert told().integrity is Integrity.VALID
    assert told().sub_indication == "FORM_FILLED_AFTER_SIGNING"
    assert told().indication is Indication.INDETERMINATE
    assert told().warnings[0] == "form-filled"
    assert told().changed_values == ("name",)
    assert told(expect_form_filling=True).indication is Indication.TOTAL_PASSED
    assert told(expect_form_filling=True).warnings[0] == "form-filled"


def _trusting(certificate, **wishes):
    made = PyHankoValidator(trust_roots=[], **wishes)
    made._authorities = Authorities([certificate])
    return made


@pytest.mark.parametrize("content", [b"", b"%PDF-", b"GIF89a", b"%PDF-1.7\nxref\n" + b"0" * 200])
def test_bytes_that_are_no_pdf_are_unreadable(validator, now, content):
    report = validator.validate(content, at=now)

    assert report.integrity is Integrity.UNREADABLE
    assert report.indication is Indication.INDETERMINATE
    assert report.warnings == ("pdf-unreadable",)


def test_an_encrypted_document_opens_with_the_password_given(letter, now):
    locked = BytesIO()
    with pikepdf.open(BytesIO(letter)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="geheim", R=6))
    content = locked.getvalue()

    closed = PyHankoValidator(trust_roots=[]).validate(content, at=now)
    opened = PyHankoValidator(trust_roots=[], passwords=["geheim"]).validate(content, at=now)

    assert (closed.integrity, closed.warnings) == (Integrity.UNREADABLE, ("pdf-encrypted",))
    assert opened.integrity is Integrity.UNSIGNED


def test_a_missing_root_is_told_at_once(tmp_path):
    with pytest.raises(ToolUnavailableError):
        PyHankoValidator(trust_roots=[tmp_path / "none.pem"])


def test_a_contained_check_says_the_same(pki, sealed, now):
    roots = [pki / "root.pem"]

    inside = open_validator(roots=roots, contained=False).validate(sealed, at=now)
    contained = open_validator(roots=roots).validate(sealed, at=now)

    assert contained == inside


def test_a_check_that_takes_too_long_is_stopped_and_ends_in_a_verdict(now):
    hasty = open_validator(roots=[], terms=Terms(limits=CheckLimits(wall_s=0.0001)))

    report = hasty.validate(_crowded(), at=now)

    assert report.integrity is Integrity.UNREADABLE
    assert report.warnings == ("check-too-slow",)


def test_a_check_that_needs_too_much_memory_ends_in_a_verdict(now):
    poor = open_validator(roots=[], terms=Terms(limits=CheckLimits(memory_bytes=1)))

    report = poor.validate(_crowded(), at=now)

    assert report.integrity is Integrity.UNREADABLE
    assert report.warnings == ("check-too-demanding",)


def _crowded() -> bytes:
    """Return a PDF with more objects than what earlier checks freed in the process can hold."""
    packed = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Crowd = [pdf.make_indirect(pikepdf.Dictionary()) for _ in range(50_000)]
        pdf.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return packed.getvalue()


def _bomb() -> bytes:
    packed = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Metadata = pdf.make_stream(bytes(80_000_000))
        pdf.save(packed, compress_streams=True, recompress_flate=True)
    return packed.getvalue()


HOSTILE = {
    "nested arrays": b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"\nendobj\ntrailer<</Root 1 0 R>>",
    "a loop of pages": samples.whole_pdf(
        samples.objects() | {samples.PAGES: b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"}
    ),
    "a loop of fields": samples.whole_pdf(
        samples.objects()
        | {samples.NAME: b"<</T(a)/FT/Sig/Kids[9 0 R]/Parent 9 0 R>>", 23: b"<</T(b)>>"}
    ),
    "two gigabytes": samples.whole_pdf(
        samples.objects() | {samples.CONTENTS: b"<</Length 2147483647>>\nstream\nx\nendstream"}
    ),
    "a large table": b"%PDF-1.7\nxref\n0 999999999\n0000000000 65535 f \ntrailer<</Size 9>>\n"
    b"startxref\n9\n%%EOF",
    "a bomb": _bomb(),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_files_end_in_a_verdict(name, now):
    validator = open_validator(roots=[], terms=Terms(limits=CheckLimits(wall_s=10)))

    report = validator.validate(HOSTILE[name], at=now)

    assert report.integrity in (Integrity.UNREADABLE, Integrity.UNSIGNED)


def test_a_signature_keeps_its_own_verdict_apart_from_that_of_its_document(now):
    twice = samples.signed(samples.signed(samples.whole_pdf()), samples.Hand("Second"))
    changed = samples.updated(twice, {samples.CONTENTS: samples.stream(b"q Q")})

    report = PyHankoValidator(trust_roots=[]).validate(changed, at=now)

    assert [one.integrity for one in report.signatures] == [Integrity.MODIFIED] * 2
    assert [one.revision for one in report.signatures] == [2, 3]
    last = report.revisions[-1]
    assert [(one.kind, one.permitted, one.where) for one in last.changes] == [
        (ChangeKind.CONTENT, False, "page 1")
    ]


def test_demands_never_show_passwords():
    assert "geheim" not in repr(Terms(passwords=("geheim",)))
    assert dataclasses.is_dataclass(Terms)
