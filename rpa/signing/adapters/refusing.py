"""Why a document is not signed: one code and one sentence for each reason."""

from collections.abc import Callable, Mapping
from typing import Final

from rpa.domain.errors import SignatureRefusedError
from rpa.i18n import _

REASONS: Final[Mapping[str, Callable[[], str]]] = {
    "pdf-empty": lambda: _("The file is empty. Ask for the document again."),
    "not-a-pdf": lambda: _("The file is not a PDF. Make a PDF of it, then sign that."),
    "pdf-damaged": lambda: _(
        "The PDF is damaged beyond mending. Ask for the document again, or print it to a new PDF."
    ),
    "pdf-damaged-signed": lambda: _(
        "The PDF is damaged and speaks of a signature, so it is not mended: that would break the "
        "signature. Ask for the document again."
    ),
    "pdf-not-shown": lambda: _(
        "The PDF is so damaged that no viewer here shows it: nobody could know what is signed. "
        "Ask for the document again."
    ),
    "pdf-repair-differs": lambda: _(
        "The PDF is damaged, and mended it would show something else than before. "
        "Print it to a new PDF, read that, and sign it."
    ),
    "pdf-readers-differ": lambda: _(
        "The PDF is damaged, and programs read it in different ways: what is signed would not be "
        "certain. Print it to a new PDF, read that, and sign it."
    ),
    "pdf-too-demanding": lambda: _(
        "Opening the PDF takes more time or memory than is allowed. Print it to a new PDF."
    ),
    "pdf-no-pages": lambda: _("The PDF has no pages. Ask for the document again."),
    "pdf-page-tree-loop": lambda: _(
        "The PDF's pages are listed in a circle. Ask for the document again."
    ),
    "pdf-encrypted": lambda: _(
        "The document is encrypted and does not open with the password given, or with none. "
        "Give its password, or sign an unprotected copy."
    ),
    "pdf-encrypted-certificate": lambda: _(
        "The document is encrypted for the holders of certain certificates, which is not "
        "supported. Sign an unprotected copy."
    ),
    "pdf-encryption": lambda: _(
        "The document's encryption is damaged or of an unknown kind. Sign an unprotected copy."
    ),
    "pdf-not-permitted": lambda: _(
        "The document's owner does not permit signing it. Give the owner's password, or ask the "
        "owner for a copy that may be signed."
    ),
    "pdf-dynamic-form": lambda: _(
        "The document is a dynamic XFA form: its pages are made by one vendor's program and can't "
        "show a signature. Print it to a new PDF, then sign that."
    ),
    "form-loop": lambda: _(
        "The form's fields are listed in a circle. Print the document to a new PDF."
    ),
    "document-locked": lambda: _(
        "A signature of the document locks it: no further signature is allowed."
    ),
    "document-certified": lambda: _(
        "The document is certified: a new visible signature field would break the certification. "
        "Sign in one of its empty fields, or invisibly."
    ),
    "no-such-page": lambda: _("The document has no such page to show the signature on."),
    "box-off-page": lambda: _("The signature's box does not lie on the page, or has no size."),
}


def refused(code: str) -> SignatureRefusedError:
    """Return the error with the sentence for ``code``."""
    return SignatureRefusedError(REASONS[code](), code=code)


def field_taken(field: str) -> SignatureRefusedError:
    """Return the error for a field that holds a signature already."""
    return SignatureRefusedError(
        _("The signature field {field} is signed already: nothing was changed.", field=field),
        code="field-taken",
    )


def field_locked(field: str) -> SignatureRefusedError:
    """Return the error for a field that an earlier signature locked."""
    return SignatureRefusedError(
        _("A signature of the document locks the field {field}: nothing was changed.", field=field),
        code="field-locked",
    )


def field_of_another_kind(field: str) -> SignatureRefusedError:
    """Return the error for a name that another kind of form field bears."""
    return SignatureRefusedError(
        _("The form field {field} is not for signatures. Name another one.", field=field),
        code="field-not-for-signatures",
    )
