"""Old signatures raised to higher levels, and kept provable for decades."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest

from rpa.domain.errors import SignatureRefusedError, ToolUnavailableError
from rpa.domain.signature import Indication, SignatureKind, SignatureLevel
from rpa.signing.adapters import certomancer_pki
from rpa.signing.adapters.preserving import MARGIN, PyHankoPreserver
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.devpki import revoke_in_development_pki
from rpa.testing.authorities import addressed_pki, held_lists


def preserver(now, *pkis, stamps=None):
    """Return a preserver that trusts all ``pkis`` and asks the last one for timestamps."""
    roots = [pki.root for pki in pkis]
    return PyHankoPreserver(
        timestamp_url=stamps or f"http://127.0.0.1:{pkis[-1].port}/tsa",
        trust_roots=roots,
        validator=PyHankoValidator(trust_roots=roots),
        now=lambda: now,
    )


def signed(pki, pdf, now, level=SignatureLevel.B_B, **changes):
    signer = PyHankoSigner(timestamp_url=f"http://127.0.0.1:{pki.port}/tsa", trust_roots=[pki.root])
    made = signer.sign(pki.request(pdf, now, level=level, visible=False, **changes))
    assert made.level is level
    return made.pdf


def test_a_plain_signature_is_raised_level_by_level_and_no_byte_of_it_is_touched(
    full_pki, letter, now
):
    keep = preserver(now, full_pki)
    held = held_lists(full_pki.folder, at=now)
    validator = PyHankoValidator(trust_roots=[full_pki.root], held=held)
    with full_pki.serving():
        pdf = signed(full_pki, letter, now)
        for level in (SignatureLevel.B_T, SignatureLevel.B_LT, SignatureLevel.B_LTA):
            raised = keep.raised(pdf, to=level)

            assert raised.level is level
            assert raised.pdf.startswith(pdf)
            assert keep.upkeep(raised.pdf).level is level
            report = validator.validate(raised.pdf, at=now)
            assert report.indication is Indication.TOTAL_PASSED
            pdf = raised.pdf


def test_a_level_that_is_reached_already_changes_nothing(full_pki, letter, now):
    with full_pki.serving():
        pdf = signed(full_pki, letter, now, SignatureLevel.B_LT)

        raised = preserver(now, full_pki).raised(pdf, to=SignatureLevel.B_T)

    assert raised.pdf == pdf
    assert raised.level is SignatureLevel.B_LT


def test_a_signature_lowered_for_want_of_an_authority_is_raised_later(full_pki, letter, now):
    signer = PyHankoSigner(
        timestamp_url=f"http://127.0.0.1:{full_pki.port}/tsa", trust_roots=[full_pki.root]
    )
    lowered = signer.sign(full_pki.request(letter, now, level=SignatureLevel.B_LTA))
    later = now + timedelta(days=2)
    with full_pki.serving(at=later):
        raised = preserver(later, full_pki).raised(lowered.pdf, to=lowered.wanted)

    assert lowered.level is SignatureLevel.B_B
    assert raised.level is SignatureLevel.B_LTA
    report = PyHankoValidator(trust_roots=[full_pki.root]).validate(raised.pdf, at=later)
    assert report.indication is Indication.TOTAL_PASSED


def test_documents_of_several_signers_are_raised_together(full_pki, letter, now):
    with full_pki.serving():
        once = signed(full_pki, letter, now)
        twice = signed(full_pki, once, now, name="superviseur", field="Signature2")

        raised = preserver(now, full_pki).raised(twice, to=SignatureLevel.B_LTA)

    assert preserver(now, full_pki).upkeep(raised.pdf).level is SignatureLevel.B_LTA
    report = PyHankoValidator(trust_roots=[full_pki.root]).validate(raised.pdf, at=now)
    assert [one.indication for one in report.signatures] == [Indication.TOTAL_PASSED] * len(
        report.signatures
    )


def test_an_encrypted_document_is_raised_as_well(full_pki, letter, now):
    target = BytesIO()
    with pikepdf.open(BytesIO(letter)) as pdf:
        pdf.save(target, encryption=pikepdf.Encryption(owner="o", user=""))
    with full_pki.serving():
        once = signed(full_pki, target.getvalue(), now, field="Signature1", password="o")

        raised = preserver(now, full_pki).raised(once, to=SignatureLevel.B_LTA)

    assert raised.pdf.startswith(once)
    report = PyHankoValidator(trust_roots=[full_pki.root]).validate(raised.pdf, at=now)
    assert report.indication is Indication.TOTAL_PASSED


def test_a_signature_whose_certificate_was_revoked_later_is_raised_if_a_timestamp_proves_it(
    letter, now, tmp_path
):
    pki = addressed_pki(tmp_path, now=now)
    later = now + timedelta(days=10)
    with pki.serving():
        stamped = signed(pki, letter, now, SignatureLevel.B_T)
        plain = signed(pki, letter, now)
    revoke_in_development_pki(pki.folder, "sceau", now=now + timedelta(days=5))
    with pki.serving(at=later):
        raised = preserver(later, pki).raised(stamped, to=SignatureLevel.B_LTA)
        with pytest.raises(SignatureRefusedError) as caught:
            preserver(later, pki).raised(plain, to=SignatureLevel.B_LTA)

    assert raised.level is SignatureLevel.B_LTA
    report = PyHankoValidator(trust_roots=[pki.root]).validate(raised.pdf, at=later)
    assert report.indication is Indication.TOTAL_PASSED
    assert caught.value.reason == "certificate-revoked"


def test_a_broken_signature_is_not_preserved(full_pki, letter, now):
    with full_pki.serving():
        pdf = bytearray(signed(full_pki, letter, now))
        pdf[len(letter) // 2] ^= 1

        with pytest.raises(SignatureRefusedError) as caught:
            preserver(now, full_pki).raised(bytes(pdf), to=SignatureLevel.B_LTA)

    assert caught.value.reason == "nothing-to-preserve"


@pytest.mark.parametrize("content", [b"", b"no PDF at all"])
def test_what_holds_no_signature_has_no_upkeep(full_pki, now, content):
    with pytest.raises(SignatureRefusedError):
        preserver(now, full_pki).upkeep(content)


def test_an_unsigned_document_has_no_upkeep(full_pki, letter, now):
    with pytest.raises(SignatureRefusedError) as caught:
        preserver(now, full_pki).upkeep(letter)

    assert caught.value.reason == "nothing-to-preserve"


def test_an_authority_that_is_down_changes_nothing(full_pki, letter, now):
    with full_pki.serving():
        pdf = signed(full_pki, letter, now)

    with pytest.raises(ToolUnavailableError):
        preserver(now, full_pki).raised(pdf, to=SignatureLevel.B_LTA)


def test_what_is_due_comes_before_the_timestamp_ends_and_says_why(full_pki, letter, now):
    keep = preserver(now, full_pki)
    with full_pki.serving():
        plain = signed(full_pki, letter, now)
        archived = keep.raised(plain, to=SignatureLevel.B_LTA).pdf
    # Beyond the horizon of ETSI TS 119 312 only the certificate counts.
    late = datetime(2031, 6, 1, tzinfo=UTC)
    with full_pki.serving(at=late):
        renewed = preserver(late, full_pki).raised(archived, to=SignatureLevel.B_LTA).pdf

    assert keep.upkeep(plain).due is None
    assert keep.upkeep(archived).due == datetime(2029, 1, 1, tzinfo=UTC) - MARGIN
    assert "EC 256" in keep.upkeep(archived).reason
    stamp_ends = now - timedelta(days=1) + timedelta(days=3650)
    assert keep.upkeep(renewed).due == stamp_ends.replace(microsecond=0) - MARGIN
    assert "horodatage" in keep.upkeep(renewed).reason


def later_pki(folder, year, monkeypatch):
    """Return a PKI of that year, its authorities under names of their own."""
    names = {key: f"{name} {year}" for key, name in certomancer_pki.AUTHORITIES.items()}
    monkeypatch.setattr(certomancer_pki, "AUTHORITIES", names)
    return addressed_pki(folder / str(year), now=datetime(year, 1, 1, tzinfo=UTC))


def test_a_document_is_total_passed_after_two_decades_if_it_was_renewed_and_only_then(
    full_pki, letter, now, tmp_path, monkeypatch
):
    second = later_pki(tmp_path, 2035, monkeypatch)
    third = later_pki(tmp_path, 2044, monkeypatch)
    with full_pki.serving():
        sealed = signed(full_pki, letter, now, SignatureLevel.B_LTA)
    in_2035, in_2044, in_2049 = (datetime(year, 6, 1, tzinfo=UTC) for year in (2035, 2044, 2049))
    with full_pki.serving(at=in_2035), second.serving(at=in_2035):
        keep = preserver(in_2035, full_pki, second)
        once = keep.raised(sealed, to=SignatureLevel.B_LTA).pdf
    with second.serving(at=in_2044), third.serving(at=in_2044):
        keep = preserver(in_2044, full_pki, second, third)
        twice = keep.raised(once, to=SignatureLevel.B_LTA).pdf

    validator = PyHankoValidator(
        trust_roots=[full_pki.root, second.root, third.root],
        held=held_lists(third.folder, at=in_2049),
    )
    renewed, neglected = (validator.validate(pdf, at=in_2049) for pdf in (twice, sealed))
    assert twice.startswith(once)
    assert once.startswith(sealed)
    assert renewed.indication is Indication.TOTAL_PASSED
    assert len([s for s in renewed.signatures if s.kind is SignatureKind.TIMESTAMP]) == 3
    assert neglected.indication is not Indication.TOTAL_PASSED
