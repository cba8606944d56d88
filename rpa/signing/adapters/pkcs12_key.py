"""Keys from PKCS#12 files (RFC 7292)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from asn1crypto import algos, pkcs12, x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import (
    PKCS12KeyAndCertificates,
    load_pkcs12,
)
from cryptography.x509 import Certificate

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.certificates import read_certificates
from rpa.signing.adapters.issuers import is_root, issuers_of
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.mechanisms import digest_of, mechanism_for
from rpa.signing.adapters.probing import HASHES, rsa_arguments
from rpa.signing.api import Pkcs12Credential

_KEY_BAGS: Final = frozenset({"key_bag", "pkcs8_shrouded_key_bag"})


@dataclass(frozen=True, slots=True)
class Pkcs12Key:
    """A key that was read from a PKCS#12 file and lives in this process."""

    certificate: x509.Certificate = field(repr=False)
    chain: tuple[x509.Certificate, ...] = field(repr=False)
    mechanism: algos.SignedDigestAlgorithm = field(repr=False)
    digest: str
    _sign: Callable[[bytes], bytes] = field(repr=False)

    def sign(self, data: bytes) -> bytes:
        """Return the raw signature over ``data``."""
        return self._sign(data)


def open_pkcs12(credential: Pkcs12Credential) -> Pkcs12Key:
    """Read a key with its certificate and chain.

    Raises:
        ToolUnavailableError: No PKCS#12, a wrong passphrase, no key or several, no certificate of
            the key, or a key that can't sign documents.
        OSError: The file cannot be read.
    """
    file = credential.path.name
    opened = _opened(credential.path.read_bytes(), credential.passphrase, file)
    if opened.cert is None:
        raise ToolUnavailableError(
            _(
                "The signing key {file} comes without the certificate of its key. "
                "Export it again, together with its certificate.",
                file=file,
            ),
            code="credential-no-certificate",
        )
    certificate = _asn1(opened.cert.certificate)
    mechanism = mechanism_for(certificate.public_key)
    pool = [_asn1(other.certificate) for other in opened.additional_certs]
    issuers = issuers_of(certificate, [*pool, *read_certificates(credential.chain)])
    chain = tuple(issuer for issuer in issuers if not is_root(issuer))
    sign = _signing(opened.key, mechanism)
    return Pkcs12Key(certificate, chain, mechanism, digest_of(mechanism), sign)


def _opened(content: bytes, passphrase: str, file: str) -> PKCS12KeyAndCertificates:
    keys = _count_keys(content, file)
    if keys > 1:
        raise ToolUnavailableError(
            _(
                "The signing key {file} holds {count} keys: which one signs cannot be told. "
                "Export one key alone.",
                file=file,
                count=keys,
            ),
            code="credential-several-keys",
        )
    try:
        opened = load_pkcs12(content, passphrase.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm) as exc:
        raise ToolUnavailableError(
            _(
                "The signing key {file} cannot be opened: the passphrase is wrong, or the file is "
                "damaged.",
                file=file,
            ),
            code="credential-closed",
        ) from exc
    if opened.key is None:
        raise ToolUnavailableError(
            _("{file} holds certificates but no key. Export the key with them.", file=file),
            code="credential-no-key",
        )
    return opened


def _count_keys(content: bytes, file: str) -> int:
    """Count the keys that can be seen without the passphrase: nearly always all of them."""
    try:
        safe = pkcs12.Pfx.load(content, strict=True).authenticated_safe
        plain = [part["content"] for part in safe if part["content_type"].native == "data"]
        bags = [bag for part in plain for bag in pkcs12.SafeContents.load(bytes(part))]
        return sum(bag["bag_id"].native in _KEY_BAGS for bag in bags)
    except MALFORMED as exc:
        raise ToolUnavailableError(
            _(
                "{file} is no PKCS#12 file, or it is damaged. "
                "Name a file that ends in .p12 or .pfx, and copy it again.",
                file=file,
            ),
            code="credential-malformed",
        ) from exc


def _asn1(certificate: Certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _signing(key: Any, mechanism: algos.SignedDigestAlgorithm) -> Callable[[bytes], bytes]:
    if isinstance(key, EllipticCurvePrivateKey):
        return partial(key.sign, signature_algorithm=ECDSA(HASHES[digest_of(mechanism)]()))
    if isinstance(key, Ed25519PrivateKey):
        return key.sign
    padding, digest = rsa_arguments(mechanism)
    return partial(key.sign, padding=padding, algorithm=digest)
