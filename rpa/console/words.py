"""What verdicts and levels are called, for people who know nothing of signatures."""

from rpa.domain.signature import (
    ChangeKind,
    Indication,
    Integrity,
    SignatureKind,
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
        Trust.REVOKED: _("The certificate was revoked."),
        Trust.EXPIRED: _("The certificate has expired, and nothing proves the time of signing."),
        Trust.NOT_YET_VALID: _("The certificate was not valid yet."),
        Trust.UNSUITABLE: _("The certificate is not for signing."),
        Trust.UNCHECKED: _("The certificate could not be checked."),
    }
    return words[trust]


def kind_words(kind: SignatureKind) -> str:
    """Return what kind of signature it is."""
    words = {
        SignatureKind.SIGNATURE: _("Signature"),
        SignatureKind.SEAL: _("Seal"),
        SignatureKind.TIMESTAMP: _("Timestamp"),
    }
    return words[kind]


def change_words(kind: ChangeKind) -> str:
    """Return what a later revision did."""
    words = {
        ChangeKind.SIGNATURE: _("another signature"),
        ChangeKind.TIMESTAMP: _("a timestamp"),
        ChangeKind.VALIDATION_DATA: _("proofs about certificates"),
        ChangeKind.SIGNATURE_FIELD: _("an empty field to sign in"),
        ChangeKind.FORM_VALUE: _("the value of a form field"),
        ChangeKind.ANNOTATION: _("an annotation"),
        ChangeKind.PAGE: _("pages added, removed or moved"),
        ChangeKind.CONTENT: _("what a page shows"),
        ChangeKind.METADATA: _("the document's description"),
        ChangeKind.STRUCTURE: _("the document's structure"),
        ChangeKind.HIDDEN_BYTES: _("bytes that no reader accounts for"),
    }
    return words[kind]


def indication_words(indication: Indication) -> str:
    """Return the verdict, as the standard names it."""
    words = {
        Indication.TOTAL_PASSED: _("total-passed"),
        Indication.INDETERMINATE: _("indeterminate"),
        Indication.TOTAL_FAILED: _("total-failed"),
    }
    return words[indication]


def warning_words(code: str) -> str:
    """Return what a reader should know though nothing is wrong."""
    words = {
        "form-filled": _("Fields of the form were filled in after a signature."),
        "hidden-bytes": _("Bytes were added that belong to no sound revision."),
        "weak-algorithm": _("A digest algorithm that can be forged was used (MD5 or SHA-1)."),
        "revocation-not-checked": _("Whether the certificate was revoked could not be checked."),
        "pdf-encrypted": _("The PDF is locked by a password: ask for a copy without one."),
        "pdf-unreadable": _("The file is no PDF that can be read."),
        "check-too-slow": _("The check took too long and was stopped."),
        "check-too-demanding": _("The check needed too much memory and was stopped."),
        "check-failed": _("The check met something that it does not know."),
    }
    return words.get(code, code)


def verdict_class(indication: Indication, integrity: Integrity) -> str:
    """Return how a verdict is drawn: ``good``, ``open`` or ``bad``."""
    if integrity in (Integrity.MODIFIED, Integrity.INVALID):
        return "bad"
    if indication is Indication.TOTAL_PASSED and integrity is Integrity.VALID:
        return "good"
    return "bad" if indication is Indication.TOTAL_FAILED else "open"
