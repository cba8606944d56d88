"""What a certificate's owner and issuer are called where a person reads or hears it."""

from typing import Final

from asn1crypto import x509

from rpa.i18n import _, language_of, speaking
from rpa.signing.api import SigningRequest

LONGEST_TEXT: Final = 600
"""Characters of one statement that are shown; the signature itself holds all of it."""


def tooltip_of(request: SigningRequest, certificate: x509.Certificate) -> str:
    """Return what a new field is called for people who hear the page."""
    with speaking(language_of(request.language)):
        return _("Signature of {name}", name=short(common_name(certificate)))


def common_name(certificate: x509.Certificate) -> str:
    """Return the subject's common name, or the whole subject where it has none."""
    subject = certificate.subject.native
    name = subject.get("common_name") or certificate.subject.human_friendly
    return name if isinstance(name, str) else ", ".join(name)


def is_seal(certificate: x509.Certificate) -> bool:
    """Say whether the certificate is an organisation's: no person's names, its name first."""
    subject = certificate.subject.native
    if "organization_identifier" in subject:
        return True
    organization = subject.get("organization_name")
    is_person = "given_name" in subject or "surname" in subject
    return (
        not is_person and bool(organization) and common_name(certificate).startswith(organization)
    )


def issuer_name(certificate: x509.Certificate) -> str:
    """Return the issuer's common name, else its organisation's."""
    named = certificate.issuer.native
    name = named.get("common_name") or named.get("organization_name") or ""
    return name if isinstance(name, str) else ", ".join(name)


def short(text: str) -> str:
    """Return ``text`` on one line, cut where it is too long to be shown."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
