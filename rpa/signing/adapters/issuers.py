"""From a certificate to its root: which certificate issued which."""

from collections.abc import Iterable

from asn1crypto import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509 import load_der_x509_certificate


def is_root(certificate: x509.Certificate) -> bool:
    """Say whether ``certificate`` issued itself."""
    return bool(certificate.self_signed != "no")


def issuers_of(
    certificate: x509.Certificate, pool: Iterable[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """Return who issued ``certificate``, and who issued them, nearest first, as far as known.

    A root, where the pool holds it, is the last. What else is in the pool is left out.
    """
    known = list(pool)
    found: list[x509.Certificate] = []
    last = certificate
    while not is_root(last):
        issuer = _issuer(last, known)
        if issuer is None or issuer in found:
            break
        found.append(issuer)
        last = issuer
    return tuple(found)


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Say whether ``issuer`` signed ``certificate``: by name, by key, and by its signature."""
    named: bool = certificate.issuer == issuer.subject
    wanted, has = certificate.authority_key_identifier, issuer.key_identifier
    if not named or (wanted is not None and has is not None and wanted != has):
        return False
    try:
        below = load_der_x509_certificate(certificate.dump())
        below.verify_directly_issued_by(load_der_x509_certificate(issuer.dump()))
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _issuer(
    certificate: x509.Certificate, pool: Iterable[x509.Certificate]
) -> x509.Certificate | None:
    """Return the issuer that is good the longest: authorities renew certificates over one key."""
    issuers = [one for one in pool if is_issued_by(certificate, one)]
    return max(issuers, key=lambda one: one.not_valid_after, default=None)
