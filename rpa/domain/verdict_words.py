"""What people call the parts of a verdict on a signed document, in the language that is spoken."""

from rpa.domain.signature import ChangeKind, Indication, SignatureKind
from rpa.i18n import _


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
        "attributes-not-sorted": _(
            "The attributes that were signed do not stand in the order that the standard demands."
        ),
        "algorithm-of-another-key": _(
            "The signature names an algorithm for another kind of key than the signer's."
        ),
        "bytes-after-signature": _("Bytes that mean nothing follow the signature in its place."),
        "revocation-not-checked": _("Whether the certificate was revoked could not be checked."),
        "revocation-not-needed": _(
            "The certificate tells that its revocation need not be checked: it is short-lived, or "
            "a responder's."
        ),
        "signer-is-authority": _(
            "The certificate is an authority's own: it issues certificates, it signs no documents."
        ),
        "key-usage": _("The certificate's key usage does not allow signatures."),
        "extended-key-usage": _(
            "The certificate is for another purpose (extended key usage), such as a web server's."
        ),
        "pdf-encrypted": _(
            "The PDF is locked by a password: give it, or ask for a copy without one."
        ),
        "pdf-unreadable": _("The file is no PDF that can be read."),
        "check-too-slow": _("The check took too long and was stopped."),
        "check-too-demanding": _("The check needed too much memory or crashed, and was stopped."),
        "check-failed": _("The check met something that it does not know."),
    }
    return words.get(code, code)
