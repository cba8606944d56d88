"""What verdicts and levels are called, for people who know nothing of signatures."""

from rpa.domain.signature import (
    Indication,
    Integrity,
    SignatureLevel,
    Trust,
)
from rpa.i18n import _


def level_words(level: SignatureLevel) -> str:
    """Return what a level means."""
    words = {
        SignatureLevel.B_B: _("the signature alone; its time is the signer's own word"),
        SignatureLevel.B_T: _("with the time of a time-stamping authority"),
        SignatureLevel.B_LT: _(
            "with the time of an authority, and proof that the certificate held"
        ),
        SignatureLevel.B_LTA: _("with everything it takes to be verified years from now"),
    }
    return words[level]


def integrity_words(integrity: Integrity) -> str:
    """Return whether the document is the one that was signed."""
    words = {
        Integrity.VALID: _("The document is the one that was signed."),
        Integrity.INDETERMINATE: _("It can't be told whether the document is the one signed."),
        Integrity.MODIFIED: _("The document was changed after it was signed."),
        Integrity.INVALID: _("A signature is broken or forged."),
        Integrity.UNSIGNED: _("The document bears no signature."),
        Integrity.UNREADABLE: _("The file can't be read."),
    }
    return words[integrity]


def trust_words(trust: Trust) -> str:
    """Return whether the signer's certificate can be believed."""
    words = {
        Trust.TRUSTED: _("The certificate is of an authority that is trusted here."),
        Trust.UNKNOWN_ISSUER: _("The certificate is of an authority that is not known here."),
        Trust.REVOCATION_UNKNOWN: _("Nothing says whether the certificate was revoked."),
        Trust.REVOKED: _("The certificate was revoked."),
        Trust.ON_HOLD: _("The certificate is suspended by its issuer."),
        Trust.EXPIRED: _("The certificate has expired, and nothing proves the time of signing."),
        Trust.NOT_YET_VALID: _("The certificate was not valid yet."),
        Trust.UNSUITABLE: _("The certificate is not for signing."),
        Trust.WEAK: _("A key or an algorithm behind the certificate can be forged."),
        Trust.UNCHECKED: _("The certificate could not be checked."),
    }
    return words[trust]


def verdict_class(indication: Indication, integrity: Integrity) -> str:
    """Return how a verdict is drawn: ``good``, ``open`` or ``bad``."""
    if integrity in (Integrity.MODIFIED, Integrity.INVALID):
        return "bad"
    if indication is Indication.TOTAL_PASSED and integrity is Integrity.VALID:
        return "good"
    return "bad" if indication is Indication.TOTAL_FAILED else "open"
