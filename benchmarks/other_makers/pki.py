"""Keys, certificates and a time-stamping service for the makers to sign with."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

PASSWORD: Final = "secret"  # noqa: S105 - of keys made for one run
_START: Final = datetime(2026, 1, 1, tzinfo=UTC)
_END: Final = datetime(2036, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Pki:
    """Where the files are."""

    folder: Path

    def p12(self, kind: str = "rsa") -> Path:
        """Return the container of a kind of key."""
        return self.folder / f"{kind}.p12"

    @property
    def crl(self) -> Path:
        """The root's revocation list, in DER."""
        return self.folder / "root.crl"

    @property
    def certificate(self) -> Path:
        """The root, in DER."""
        return self.folder / "root.der"


def made_pki(folder: Path) -> Pki:
    """Make a root and signers with several kinds of keys."""
    folder.mkdir(parents=True, exist_ok=True)
    pki = Pki(folder)
    key: Any = rsa.generate_private_key(65537, 2048)
    root = _certificate("Makers Root", key, key, None, is_root=True)
    pki.certificate.write_bytes(root.public_bytes(serialization.Encoding.DER))
    (folder / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    pki.crl.write_bytes(_revocation_list(root, key))
    kinds: dict[str, Any] = {
        "rsa": rsa.generate_private_key(65537, 2048),
        "rsa3072": rsa.generate_private_key(65537, 3072),
        "p256": ec.generate_private_key(ec.SECP256R1()),
        "p521": ec.generate_private_key(ec.SECP521R1()),
        "brainpool": ec.generate_private_key(ec.BrainpoolP256R1()),
        "ed25519": ed25519.Ed25519PrivateKey.generate(),
    }
    for kind, own in kinds.items():
        _store(pki, kind, own, _certificate(f"Maker {kind}", own, key, root), root)
    clock: Any = rsa.generate_private_key(65537, 2048)
    stamping = _certificate("Makers Clock", clock, key, root, stamps=True)
    _pem(folder / "clock", clock, stamping)
    return pki


def _certificate(
    name: str, key: Any, issuing: Any, issuer: Any, *, is_root: bool = False, stamps: bool = False
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = ExtendedKeyUsageOID.TIME_STAMPING if stamps else ExtendedKeyUsageOID.EMAIL_PROTECTION
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_START)
        .not_valid_after(_END)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(_usage(is_root=is_root), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if not is_root:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=stamps)
    return builder.sign(issuing, hashes.SHA256())


def _usage(*, is_root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )


def _revocation_list(root: x509.Certificate, key: Any) -> bytes:
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(_START)
        .next_update(_END)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.DER)


def _store(pki: Pki, kind: str, key: Any, certificate: x509.Certificate, root: Any) -> None:
    # The oldest encryption, which every maker reads.
    sealing = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(2048)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(hashes.SHA1())  # noqa: S303
        .build(PASSWORD.encode())
    )
    content = pkcs12.serialize_key_and_certificates(b"maker", key, certificate, [root], sealing)
    pki.p12(kind).write_bytes(content)
    _pem(pki.folder / kind, key, certificate)


def _pem(path: Path, key: Any, certificate: x509.Certificate) -> None:
    written = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.with_suffix(".key.pem").write_bytes(written)
    path.with_suffix(".pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


@contextmanager
def clock_service(pki: Pki) -> Iterator[str]:
    """Serve timestamps (RFC 3161, 3.4) on this machine, inside the block."""
    key = serialization.load_pem_private_key((pki.folder / "clock.key.pem").read_bytes(), None)
    der = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    written = x509.load_pem_x509_certificate((pki.folder / "clock.pem").read_bytes())
    certificate = asn1.Certificate.load(written.public_bytes(serialization.Encoding.DER))
    root = asn1.Certificate.load(pki.certificate.read_bytes())
    clock = DummyTimeStamper(
        certificate, keys.PrivateKeyInfo.load(der), certs_to_embed=[root], fixed_dt=None
    )

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            content = clock.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def moment(days: int) -> datetime:
    """Return a day after the keys were made."""
    return _START + timedelta(days=days)
