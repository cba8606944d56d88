"""Whether a raw signature was made by a certificate's key."""

from typing import Any, Final

from asn1crypto import algos, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.x509 import load_der_x509_certificate

from rpa.signing.adapters.mechanisms import digest_of

PROBE: Final = b"probe of a key: no document"
HASHES: Final[dict[str, type[HashAlgorithm]]] = {
    "sha256": SHA256,
    "sha384": SHA384,
    "sha512": SHA512,
}


def is_signed_by(
    certificate: x509.Certificate,
    mechanism: algos.SignedDigestAlgorithm,
    data: bytes,
    signature: bytes,
) -> bool:
    """Say whether the key of ``certificate`` made ``signature`` over ``data``."""
    try:
        key = load_der_x509_certificate(certificate.dump()).public_key()
        if isinstance(key, RSAPublicKey):
            key.verify(signature, data, *rsa_arguments(mechanism))
        elif isinstance(key, EllipticCurvePublicKey):
            key.verify(signature, data, ECDSA(HASHES[digest_of(mechanism)]()))
        elif isinstance(key, Ed25519PublicKey):
            key.verify(signature, data)
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, KeyError):
        return False
    return True


def rsa_arguments(mechanism: algos.SignedDigestAlgorithm) -> tuple[Any, HashAlgorithm]:
    """Return the padding and the digest that an RSA key is asked to use.

    Raises:
        KeyError: The digest is none of ours.
    """
    digest = HASHES[digest_of(mechanism)]()
    if mechanism["algorithm"].native != "rsassa_pss":
        return PKCS1v15(), digest
    asked = mechanism["parameters"]
    mask = asked["mask_gen_algorithm"]["parameters"]["algorithm"].native
    return PSS(MGF1(HASHES[mask]()), asked["salt_length"].native), digest
