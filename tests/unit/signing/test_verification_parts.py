import zlib
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import core
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from rpa.domain.signature import ChangeKind, Integrity
from rpa.signing.adapters.verification.crossrefs import MalformedTableError, section_at
from rpa.signing.adapters.verification.findings import Finding, Lock, Need, permitted
from rpa.signing.adapters.verification.lexer import MalformedObjectError, Name, Ref, item_at
from rpa.signing.adapters.verification.mathematics import verified
from rpa.signing.adapters.verification.updates import updates_after
from rpa.testing import signed_samples as samples


def read(written):
    return item_at(written, 0)[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"<</A 1/B[2 0 R(x)]>>", {"A": 1, "B": [Ref(2, 0), b"x"]}),
        (b"(a\\(b\\)\\101\\\nc(d))", b"a(b)Ac(d)"),
        (b"<48 65 6>", b"He`"),
        (b"/A#42", Name("AB")),
        (b"% note\n -1.5 ", -1.5),
        (b"true", True),
        (b"null", None),
    ],
)
def test_objects_are_read_as_the_standard_says(written, meant):
    assert read(written) == meant


@pytest.mark.parametrize(
    "written",
    [b"", b"<<", b"[1", b"(a", b"<</A>>", b"<</A 1/A 2>>", b"word", b"[" * 500, b"1" * 99],
)
def test_what_is_no_object_is_refused(written):
    with pytest.raises(MalformedObjectError):
        read(written)


def tail_of(objects, **table):
    pdf = samples.whole_pdf()
    return list(updates_after(samples.updated(pdf, objects, **table), len(pdf)))


@pytest.mark.parametrize("kind", ["table", "stream"])
def test_a_sound_update_hides_nothing(kind):
    (update,) = tail_of({5: samples.stream(b"q Q"), 40: b"<</Length 5>>"}, kind=kind)

    assert update.hidden == []
    assert {5, 40} <= update.touched


@pytest.mark.parametrize(
    "table",
    [
        {"kind": "none"},
        {"kind": "empty"},
        {"start": 9},
        {"end": b""},
        {"previous": 7},
        {"previous": None},
        {"unnamed": frozenset({5})},
        {"entries": {3: 20}},
    ],
)
def test_an_update_that_readers_may_see_differently_is_hidden(table):
    assert any(update.hidden for update in tail_of({5: samples.stream(b"q Q")}, **table))


def test_a_stream_with_a_wrong_length_is_hidden():
    lying = b"<</Length 2>>\nstream\nq Q q Q\nendstream"

    assert any(update.hidden for update in tail_of({5: lying}))


def test_blank_bytes_after_the_end_are_no_update():
    pdf = samples.whole_pdf()

    assert list(updates_after(pdf + b"\r\n \0\n", len(pdf))) == []


@pytest.mark.parametrize(
    "filtered",
    [
        ((0, 1, 0, 9, 0), (0, 1, 0, 14, 0)),
        ((1, 1, 255, 9, 247), (1, 1, 255, 14, 242)),
        ((2, 1, 0, 9, 0), (2, 0, 0, 5, 0)),
        ((3, 1, 0, 9, 252), (3, 1, 0, 10, 249)),
        ((4, 1, 255, 9, 247), (4, 0, 0, 5, 0)),
    ],
    ids=["none", "sub", "up", "average", "Paeth"],
)
def test_a_predictor_is_undone(filtered):
    content = zlib.compress(b"".join(map(bytes, filtered)))
    head = b"7 0 obj\n<</Type/XRef/W[1 2 1]/Index[1 2]/Size 8/Length %d/Filter/FlateDecode" % len(
        content
    )
    pdf = head + b"/DecodeParms<</Predictor 15/Columns 4>>>>\nstream\n" + content + b"\nendstream"

    section = section_at(pdf, 0, 0, len(pdf))

    assert [entry.offset for entry in section.entries.values()] == [9, 14]


@pytest.mark.parametrize(
    "pdf",
    [
        b"nothing",
        b"xref\n0 1\nrubbish",
        b"xref\n0 1\n0000000000 65535 f \n",
        b"7 0 obj\n<</Type/Page>>\nstream\n\nendstream",
        b"7 0 obj\n<</Type/XRef/W[9 9 9]/Size 1/Length 1>>\nstream\nx\nendstream",
    ],
)
def test_what_is_no_table_is_refused(pdf):
    with pytest.raises((MalformedTableError, MalformedObjectError)):
        section_at(pdf, 0, 0, len(pdf))


FILL = Finding(ChangeKind.FORM_VALUE, "name", Need.FILL, "name")
STAMP = Finding(ChangeKind.TIMESTAMP, "t", Need.PRESERVE, "t")
NOTE = Finding(ChangeKind.ANNOTATION, "page 1", Need.ANNOTATE)
SEEN = Finding(ChangeKind.SIGNATURE_FIELD, "s", Need.SIGN_UNSEEN, "s")


@pytest.mark.parametrize(
    ("level", "allowed"),
    [(None, (FILL, STAMP, SEEN)), (1, (STAMP,)), (2, (FILL, STAMP)), (3, (FILL, STAMP, NOTE))],
)
def test_each_level_allows_what_the_standard_says_and_no_more(level, allowed):
    lock = Lock(level)

    assert {one for one in (FILL, STAMP, SEEN, NOTE) if lock.permits(one)} == set(allowed)


@pytest.mark.parametrize(
    ("action", "fields", "allows"),
    [
        ("All", (), False),
        ("Include", ("name",), False),
        ("Include", ("other",), True),
        ("Exclude", ("name",), True),
        ("Exclude", ("other",), False),
        ("", (), True),
    ],
)
def test_a_lock_holds_the_fields_that_it_names(action, fields, allows):
    lock = Lock(action=action, fields=frozenset(fields), known=frozenset({"name", "other"}))

    assert lock.permits(FILL) is allows


def test_a_lock_says_nothing_of_fields_that_came_later():
    assert Lock(action="All", known=frozenset({"other"})).permits(FILL)


def test_what_nobody_can_permit_is_forbidden_without_any_lock():
    never = Finding(ChangeKind.CONTENT, "page 1", Need.NEVER)

    assert not permitted(never, [])
    assert permitted(FILL, [])


def bare_signature(covered):
    """Sign as PDF 1.3 did: a bare RSA signature, the certificate beside it."""
    key = rsa.generate_private_key(65537, 2048)
    name = pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, "Old")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        pyca.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    value = key.sign(covered, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - as PDF 1.3 did
    return core.OctetString(value).dump(), certificate.public_bytes(Encoding.DER)


def test_a_bare_rsa_signature_is_verified_with_the_certificate_beside_it():
    contents, certificate = bare_signature(b"onetwo")
    encoding = "adbe.x509.rsa_sha1"

    good = verified(contents + bytes(8), (b"one", b"two"), encoding, [certificate])
    changed = verified(contents, (b"one", b"tvo"), encoding, [certificate])
    alone = verified(contents, (b"one", b"two"), encoding)
    broken = verified(b"\x30\x00", (b"one", b"two"), encoding, [certificate])

    assert (good.integrity, good.is_weak) == (Integrity.VALID, True)
    assert changed.sub_indication == "HASH_FAILURE"
    assert alone.sub_indication == "NO_SIGNING_CERTIFICATE_FOUND"
    assert broken.integrity is Integrity.INVALID


def test_an_encoding_that_is_not_known_is_no_proof_either_way():
    assert verified(b"\x30\x00", (b"one",), "ETSI.RFC4998").integrity is Integrity.INDETERMINATE
    assert verified(b"\x30\x00", (b"one",), "ETSI.CAdES.detached").integrity is Integrity.INVALID
