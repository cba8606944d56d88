import shutil
import traceback
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from rpa.domain.errors import SetupError
from rpa.signing.adapters.health_check import HealthCheck
from rpa.signing.api import Pkcs12Credential
from rpa.signing.devpki import create_development_pki
from rpa.signing.health import Severity
from rpa.testing.authorities import free_port
from rpa.testing.signatures import credential, served_pki

YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def addressed(tmp_path_factory, now):
    """A PKI that is served where its certificates say."""
    folder, port = tmp_path_factory.mktemp("health"), free_port()
    create_development_pki(folder, now=now, base_url=f"http://127.0.0.1:{port}")
    return folder, port


@pytest.fixture
def check(addressed):
    """Return a function that makes a check at a moment, with the services at that moment."""
    folder, port = addressed
    with_services = []

    def made(at, *, trust=None, served=True, clock=None):
        if served:
            context = served_pki(folder, port=port, at=clock or at)
            with_services.append(context)
            context.__enter__()
        roots = [folder / "root.pem"] if trust is None else trust
        url = f"http://127.0.0.1:{port}/tsa"
        return HealthCheck(trust=roots, timestamp_url=url, warn_days=60, now=at)

    yield made
    for context in with_services:
        context.__exit__(None, None, None)


def codes(findings):
    return [(one.severity.value, one.code) for one in findings]


def of(check, folder, name="sceau"):
    return check.of_credential(name, partial(credential, folder, name))


class Authority:
    """A small authority of its own, for certificates that no honest one would make."""

    def __init__(self, folder, now, *, days=3650):
        self.folder, self.now = folder, now
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self.signed("Authority", self.key, days=days)
        self.root = folder / "authority.pem"
        self.root.write_bytes(self.certificate.public_bytes(Encoding.PEM))

    def signed(self, name, key, *extensions, days=730):
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = getattr(self, "certificate", None)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - timedelta(days=2))
            .not_valid_after(self.now + timedelta(days=days))
        )
        if issuer is None:
            builder = builder.add_extension(x509.BasicConstraints(True, None), critical=True)
        for extension in extensions:
            builder = builder.add_extension(extension, critical=True)
        return builder.sign(self.key, SHA256())

    def credential(self, *extensions, days=730):
        key = ec.generate_private_key(ec.SECP256R1())
        made = self.signed("Signer", key, *extensions, days=days)
        path = self.folder / "signer.p12"
        path.write_bytes(serialize_key_and_certificates(None, key, made, None, NoEncryption()))
        return Pkcs12Credential(path, "")


def usage(**said):
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
        "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: said.get(name, False) for name in names})


@pytest.mark.parametrize("name", ["sceau", "sceau-rsa", "superviseur", "claire"])
def test_a_good_credential_is_in_order_and_says_for_how_long(name, check, addressed, now):
    (finding,) = of(check(now), addressed[0], name)

    assert finding.severity is Severity.OK
    assert finding.days_left == 5 * 365 - 1
    assert finding.about == f"credential:{name}"


def test_the_end_of_a_certificate_is_warned_of_before_it_comes(check, addressed, now):
    folder, _port = addressed
    ends = now - timedelta(days=1) + 5 * YEAR

    (before,) = of(check(ends - timedelta(days=61)), folder)
    assert before.severity is Severity.OK
    (soon,) = of(check(ends - timedelta(days=30), served=False), folder)[:1]
    assert (soon.severity, soon.code, soon.days_left) == (Severity.WARNING, "certificate-ends", 30)
    (late,) = of(check(ends + timedelta(days=1), served=False), folder)
    assert (late.severity, late.code) == (Severity.ERROR, "certificate-expired")
    assert late.days_left < 0


def test_what_is_revoked_or_has_run_out_is_an_error(check, addressed, now):
    looked = check(now)

    assert codes(of(looked, addressed[0], "revoque")) == [("error", "certificate-revoked")]
    assert codes(of(looked, addressed[0], "expire")) == [("error", "certificate-expired")]


def test_a_responder_that_is_silent_is_a_warning(check, addressed, now):
    found = codes(of(check(now, served=False), addressed[0]))

    assert found == [("warning", "revocation-service")]


def test_a_chain_that_leads_nowhere_is_an_error(check, addressed, now):
    assert codes(of(check(now, trust=[]), addressed[0])) == [("error", "chain-untrusted")]


def test_an_issuer_that_ends_first_is_warned_of(tmp_path, now):
    authority = Authority(tmp_path, now, days=20)
    looked = HealthCheck(trust=[authority.root], timestamp_url=None, warn_days=60, now=now)

    found = looked.of_credential("signer", authority.credential)
    assert codes(found) == [("warning", "certificate-ends")]
    assert "Authority" in found[0].message
    assert codes(looked.of_trust()) == [("warning", "certificate-ends")]


@pytest.mark.parametrize(
    ("extensions", "expected"),
    [
        ([usage(key_encipherment=True)], [("error", "key-usage")]),
        ([usage(content_commitment=True)], [("ok", "well")]),
        (
            [x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])],
            [("warning", "extended-key-usage")],
        ),
        ([x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")])], [("ok", "well")]),
        ([], [("ok", "well")]),
    ],
)
def test_what_a_certificate_is_for_is_looked_at(extensions, expected, tmp_path, now):
    authority = Authority(tmp_path, now)
    looked = HealthCheck(trust=[authority.root], timestamp_url=None, warn_days=60, now=now)

    assert codes(looked.of_credential("s", lambda: authority.credential(*extensions))) == expected


def test_a_weak_key_is_an_error(keys, tmp_path, now):
    weak = keys["rsa-1024"]
    said = Pkcs12Credential(weak.exported(tmp_path / "weak.p12", "x"), "x")
    began = asn1.Certificate.load(weak.certificate_der()).not_valid_before
    looked = HealthCheck(
        trust=[weak.certificate], timestamp_url=None, warn_days=60, now=max(now, began)
    )

    assert ("error", "key-weak") in codes(looked.of_credential("weak", lambda: said))


def test_a_wrong_passphrase_is_told_without_it(check, addressed, now):
    said = Pkcs12Credential(addressed[0] / "sceau.p12", "the-wrong-one")

    (finding,) = check(now, served=False).of_credential("sceau", lambda: said)
    assert (finding.severity, finding.code) == (Severity.ERROR, "credential-closed")
    assert "the-wrong-one" not in f"{finding}"


def test_a_credential_that_asks_for_its_secret_is_left_alone(check, now):
    def asks():
        raise SetupError("only a person can", code="credential-asks")

    assert codes(check(now, served=False).of_credential("marie", asks)) == [
        ("ok", "credential-asks")
    ]


def test_a_key_in_a_token_is_tried(soft_token, check, now):
    looked = check(now)

    good = looked.of_credential("token", lambda: soft_token("sceau", "9471-pin"))
    wrong = looked.of_credential("token", lambda: soft_token("stranger", "9471-pin"))
    assert ("error", "chain-untrusted") in codes(good)  # its certificates are of another PKI
    assert codes(wrong) == [("error", "credential-mismatch")]


def test_the_authority_of_time_is_in_order(check, now):
    (finding,) = check(now).of_timestamps()

    assert (finding.severity, finding.code) == (Severity.OK, "well")
    assert finding.days_left == 10 * 365 - 1


def test_an_authority_of_time_that_differs_or_is_silent_is_told(check, now):
    assert codes(check(now, served=False).of_timestamps()) == [("warning", "timestamp-authority")]
    other = check(now, clock=now + timedelta(minutes=20)).of_timestamps()
    assert ("warning", "timestamps-clock") in codes(other)
    missing = HealthCheck(trust=[], timestamp_url=None, warn_days=60, now=now)
    assert codes(missing.of_timestamps()) == [("warning", "timestamps-missing")]


def test_an_authority_of_time_whose_certificate_ends_soon_is_warned_of(check, now):
    ends = now - timedelta(days=1) + 10 * YEAR

    assert ("warning", "certificate-ends") in codes(check(ends - timedelta(days=9)).of_timestamps())


def test_a_certificate_that_is_not_for_time_is_an_error(addressed, tmp_path, now):
    folder = Path(shutil.copytree(addressed[0], tmp_path / "pki", symlinks=True))
    authority = Authority(tmp_path, now)
    key = load_pem_private_key((folder / "pki" / "keys" / "tsa.pem").read_bytes(), None)
    both = [ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CLIENT_AUTH]
    made = authority.signed("Time and more", key, x509.ExtendedKeyUsage(both))
    (folder / "pki" / "certs" / "tsa.pem").write_bytes(made.public_bytes(Encoding.PEM))

    with served_pki(folder, at=now) as address:
        looked = HealthCheck(
            trust=[authority.root], timestamp_url=f"{address}/tsa", warn_days=60, now=now
        )
        found = codes(looked.of_timestamps())
    assert ("error", "timestamp-usage") in found


def test_a_development_root_is_never_trusted_in_silence(check, addressed, tmp_path, now):
    (tmp_path / "garbage.pem").write_text("no certificate")
    trust = [addressed[0] / "root.pem", tmp_path / "gone.pem", tmp_path / "garbage.pem"]

    found = check(now, trust=trust, served=False).of_trust()
    assert codes(found) == [
        ("error", "trust-unread"),
        ("error", "trust-unread"),
        ("warning", "development-root"),
    ]


def test_errors_of_any_kind_hold_no_passphrase(addressed, now):
    phrase = credential(addressed[0]).passphrase
    looked = HealthCheck(trust=[], timestamp_url=None, warn_days=60, now=now)

    def fails():
        said = credential(addressed[0])
        raise SetupError(f"about {said}")

    (finding,) = looked.of_credential("sceau", fails)
    assert phrase not in finding.message
    with pytest.raises(SetupError) as caught:
        fails()
    assert phrase not in "".join(traceback.format_exception(caught.value))
