"""What a certificate is for: key usage, extended key usage, and who may sign documents.

The policy for signers: the key usage, where it is there, names digital signature or content
commitment (RFC 5280, 4.2.1.3); the extended key usage is not there, or names a purpose that is
for documents; and no authority signs documents with the key that issues certificates.
"""

from typing import Final

from asn1crypto import x509

AUTHORITY: Final = "signer-is-authority"
KEY_USAGE: Final = "key-usage"
EXTENDED_KEY_USAGE: Final = "extended-key-usage"
_SIGNING: Final = frozenset({"digital_signature", "non_repudiation"})
FOR_DOCUMENTS: Final = frozenset(
    {
        "2.5.29.37.0",  # any
        "1.3.6.1.5.5.7.3.4",  # e-mail protection
        "1.3.6.1.5.5.7.3.36",  # document signing (RFC 9336)
        "1.2.840.113583.1.1.5",  # Adobe's authentic documents
        "1.3.6.1.4.1.311.10.3.12",  # Microsoft's document signing
    }
)
"""Extended key usages of which one is enough."""
_STAMPING: Final = "1.3.6.1.5.5.7.3.8"
OCSP_SIGNING: Final = "1.3.6.1.5.5.7.3.9"
_SHORT_TERM: Final = "0.4.0.194121.2.1"
"""``id-etsi-ext-valassured-ST-certs`` (ETSI EN 319 412-1, 5.2)."""


def unfit_to_sign(certificate: x509.Certificate) -> str:
    """Return why a certificate is not one to sign documents with, as a code; empty if it is."""
    if is_authority(certificate):
        return AUTHORITY
    usage = certificate.key_usage_value
    if usage is not None and not usage.native & _SIGNING:
        return KEY_USAGE
    purposes = purposes_of(certificate)
    return EXTENDED_KEY_USAGE if purposes is not None and not purposes & FOR_DOCUMENTS else ""


def unfit_to_stamp(certificate: x509.Certificate) -> str:
    """Return why a certificate is not a time-stamping authority's (RFC 3161, 2.3)."""
    return "" if _STAMPING in (purposes_of(certificate) or ()) else EXTENDED_KEY_USAGE


def may_answer(certificate: x509.Certificate) -> bool:
    """Say whether a certificate is an OCSP responder's (RFC 6960, 4.2.2.2)."""
    usage = certificate.key_usage_value
    if usage is not None and not usage.native & _SIGNING:
        return False
    return OCSP_SIGNING in (purposes_of(certificate) or ())


def may_list(certificate: x509.Certificate) -> bool:
    """Say whether a certificate may sign revocation lists (RFC 5280, 6.3.3 f)."""
    usage = certificate.key_usage_value
    return usage is None or "crl_sign" in usage.native


def is_authority(certificate: x509.Certificate) -> bool:
    """Say whether a certificate is one that issues others (RFC 5280, 4.2.1.9)."""
    constraints = certificate.basic_constraints_value
    return constraints is not None and bool(constraints["ca"].native)


def needs_no_status(certificate: x509.Certificate) -> bool:
    """Say whether a certificate tells that nobody need ask whether it was revoked.

    ``id-pkix-ocsp-nocheck`` (RFC 6960, 4.2.2.2.1), or the short term of ETSI EN 319 412-1, 5.2.
    """
    if certificate.ocsp_no_check_value is not None:
        return True
    extensions = certificate["tbs_certificate"]["extensions"]
    return any(one["extn_id"].dotted == _SHORT_TERM for one in extensions)


def purposes_of(certificate: x509.Certificate) -> frozenset[str] | None:
    """Return a certificate's extended key usages, as dotted numbers; None where it has none."""
    value = certificate.extended_key_usage_value
    return None if value is None else frozenset(one.dotted for one in value)
