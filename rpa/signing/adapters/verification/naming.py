"""What a certificate calls its holder and its issuer, and what kind of signature it makes."""

from asn1crypto import x509

from rpa.domain.signature import SignatureKind
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.naming import common_name, is_seal
from rpa.signing.adapters.verification.candidates import Candidate


def kind_of(candidate: Candidate, certificate: x509.Certificate | None) -> SignatureKind:
    """Return whether it is a timestamp, an organisation's seal or a person's signature."""
    if candidate.is_timestamp:
        return SignatureKind.TIMESTAMP
    try:
        sealed = certificate is not None and is_seal(certificate)
    except MALFORMED:
        sealed = False
    return SignatureKind.SEAL if sealed else SignatureKind.SIGNATURE


def name_of(certificate: x509.Certificate | None) -> str:
    """Return the holder's common name; empty where there is none."""
    try:
        return common_name(certificate) if certificate is not None else ""
    except MALFORMED:
        return ""


def issuer_of(certificate: x509.Certificate | None) -> str:
    """Return the issuer's common name; empty where there is none."""
    try:
        if certificate is None:
            return ""
        native = certificate.issuer.native
        name = native.get("common_name") or certificate.issuer.human_friendly
        return name if isinstance(name, str) else ", ".join(name)
    except MALFORMED:
        return ""
