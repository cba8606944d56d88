"""Sound files of other makers are no forgeries, and their forged neighbours are."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest

from rpa.domain.signature import Integrity
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.adapters.verification.mathematics import verified
from rpa.testing import signed_samples as samples
from rpa.testing.foreign_envelopes import Maker, envelope, signed_by, spoiled
from rpa.testing.foreign_updates import forged_references, sound_references

AT = datetime(2026, 11, 28, tzinfo=UTC)
PLAIN_SHA256 = "0.4.0.127.0.7.1.1.4.1.3"
EVIDENCE = "1.2.840.113549.1.9.16.2.49"
OWN_NUMBER = "1.3.6.1.4.1.99999.1"
TOKEN = bytes.fromhex("300d060b2a864886f70d0109100104")
VALUE = b"\x04\x03abc"


@pytest.fixture(scope="module")
def judge():
    return PyHankoValidator(trust_roots=[])


def integrity_of(judge, pdf):
    return judge.validate(pdf, at=AT).integrity


SOUND = {
    "as the standards say": Maker(),
    "RSA": Maker(curve=""),
    "a modulus without its leading zero": Maker(curve="", has_negative_modulus=True),
    "plain ECDSA": Maker(algorithm=PLAIN_SHA256, is_plain=True),
    "plain ECDSA on a brainpool curve": Maker("brainpool", algorithm=PLAIN_SHA256, is_plain=True),
    "plain ECDSA with 521 bits": Maker(
        "secp521r1", "sha512", "0.4.0.127.0.7.1.1.4.1.5", is_plain=True
    ),
    "plain ECDSA with SHA-3": Maker(
        digest="sha3_256", algorithm="0.4.0.127.0.7.1.1.4.1.9", is_plain=True
    ),
    "plain values under the number of those in DER": Maker(is_plain=True),
    "values in DER under the number of plain ones": Maker(algorithm=PLAIN_SHA256),
    "RSA with SHA-3": Maker("", "sha3_256", "2.16.840.1.101.3.4.3.14"),
    "an unsigned attribute of the maker's own": Maker(unsigned=((OWN_NUMBER, VALUE),)),
    "the number of a signature algorithm in place of the digest's": Maker(
        digest_number="1.2.840.113549.1.1.11"
    ),
    "the number of a kind of key in place of ECDSA's": Maker(algorithm="1.2.840.10045.2.1"),
    "an empty set of digest algorithms": Maker(digest_set=()),
}
UNCERTAIN = {
    "attributes signed in the order in which they are sent, not sorted": Maker(
        sends_sorted=False, signs_sorted=False
    ),
    "RSA's number with a key on a curve": Maker(algorithm="1.2.840.113549.1.1.1"),
    "the number of plain ECDSA with an RSA key": Maker(curve="", algorithm=PLAIN_SHA256),
    "an evidence record": Maker(unsigned=((EVIDENCE, b"\x30\x00"),)),
    "a timestamp under an unknown number": Maker(unsigned=((OWN_NUMBER, TOKEN),)),
    "a set of other digest algorithms": Maker(digest_set=("sha512",)),
    "a signature algorithm that nobody here knows": Maker(algorithm="1.2.643.7.1.1.3.2"),
}
FORGED = {
    "attributes sorted after they were signed": Maker(signs_sorted=False),
    "attributes sorted only where they were signed": Maker(sends_sorted=False),
    "the number of a curve in place of an algorithm": Maker(algorithm="1.2.840.10045.3.1.7"),
    "another digest for the attributes than for the document": Maker(
        "", "sha256", "2.16.840.1.101.3.4.3.14"
    ),
}


@pytest.mark.parametrize("name", SOUND)
def test_what_other_makers_sign_soundly_is_valid(judge, name):
    assert integrity_of(judge, signed_by(SOUND[name])) is Integrity.VALID


@pytest.mark.parametrize("name", UNCERTAIN)
def test_what_is_not_known_here_is_no_forgery_and_no_proof(judge, name):
    assert integrity_of(judge, signed_by(UNCERTAIN[name])) is Integrity.INDETERMINATE


@pytest.mark.parametrize("name", FORGED)
def test_what_no_honest_maker_writes_is_a_forgery(judge, name):
    assert integrity_of(judge, signed_by(FORGED[name])) is Integrity.INVALID


@pytest.mark.parametrize("name", [*SOUND, *UNCERTAIN])
def test_no_leniency_lets_another_document_pass(judge, name):
    pdf = spoiled(signed_by({**SOUND, **UNCERTAIN}[name]))

    assert integrity_of(judge, pdf) is Integrity.INVALID


def test_attributes_out_of_order_are_told():
    maker = Maker(sends_sorted=False, signs_sorted=False)
    covered = b"what was signed"
    sound, unsorted = (
        verified(envelope(covered, one), (covered,), "adbe.pkcs7.detached")
        for one in (Maker(), maker)
    )

    assert sound.remarks == ()
    assert unsorted.remarks == ("attributes-not-sorted",)


def with_noise(pdf):
    """Return a signed file whose padding is no longer blank, as PDFBox leaves it."""
    return re.sub(rb"0{64}>", b"12345678" * 8 + b">", pdf, count=1)


def test_noise_after_a_signature_is_doubted_where_the_document_is_locked(judge):
    locked = BytesIO()
    with pikepdf.open(BytesIO(samples.whole_pdf())) as opened:
        opened.save(locked, encryption=pikepdf.Encryption(owner="owner", user="", R=6))
    sound = samples.signed(locked.getvalue(), samples.Hand(password=""))

    assert integrity_of(judge, sound) is Integrity.VALID
    assert integrity_of(judge, with_noise(sound)) is Integrity.INDETERMINATE
    assert integrity_of(judge, with_noise(ONCE)) is Integrity.INVALID


ONCE = samples.signed(samples.whole_pdf())


@pytest.mark.parametrize("name", dict(sound_references(ONCE)))
def test_odd_references_that_every_reader_follows_alike_hide_nothing(judge, name):
    assert integrity_of(judge, dict(sound_references(ONCE))[name]) is Integrity.VALID


@pytest.mark.parametrize("name", dict(forged_references(ONCE)))
def test_references_that_readers_may_follow_to_different_objects_hide_something(judge, name):
    report = judge.validate(dict(forged_references(ONCE))[name], at=AT)

    assert report.integrity is Integrity.MODIFIED
    assert "hidden-bytes" in report.warnings
