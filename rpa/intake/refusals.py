"""Why a document can't be taken in, in words: one sentence for each stable code."""

from collections.abc import Callable, Mapping
from typing import Final

from rpa.domain.errors import DocumentRefusedError
from rpa.i18n import _

WHY: Final[Mapping[str, Callable[..., str]]] = {
    "empty": lambda: _("The file is empty. Ask for the document again."),
    "damaged": lambda: _("The document is damaged and can't be read. Ask for it again."),
    "damaged-page": lambda page: _(
        "Page {page} of the document is damaged. Ask for the document again.", page=page
    ),
    "incomplete": lambda: _("The file stops before its end. Ask for the document again."),
    "encrypted": lambda: _("The document asks for a password. Ask for one without a password."),
    "no-pages": lambda: _("The document has no pages. Ask for the document again."),
    "too-large": lambda limit: _(
        "The file is larger than {limit} MB. Ask for it in parts or with fewer pixels.",
        limit=limit,
    ),
    "too-many-pages": lambda pages, limit: _(
        "The document has {pages} pages; the limit is {limit}. Ask for it in parts.",
        pages=pages,
        limit=limit,
    ),
    "page-too-large": lambda page, limit: _(
        "Page {page} has more than {limit} million pixels. Ask for a scan at 300 dpi.",
        page=page,
        limit=limit,
    ),
    "too-slow": lambda limit: _(
        "The document takes more than {limit} seconds to read. Ask for a printed or scanned copy.",
        limit=limit,
    ),
    "too-demanding": lambda: _(
        "The document needs more memory than is allowed. Ask for a printed or scanned copy."
    ),
    "dynamic-form": lambda: _(
        "The PDF is a dynamic XFA form that only its own program can show. Ask for a printed copy."
    ),
    "portfolio": lambda: _("The PDF is a folder of other files. Ask for each file on its own."),
    "animated": lambda: _("The image moves. Ask for a PDF or for single images."),
    "other-side": lambda: _(
        "The fronts and the backs of the pile don't belong together: their counts differ, or they "
        "aren't both PDF or both TIFF. Scan the pile again."
    ),
    "page-count": lambda pages, every: _(
        "The delivery has {pages} pages, which doesn't make whole documents of {every}. "
        "Check the pile and scan it again.",
        pages=pages,
        every=every,
    ),
    "all-blank": lambda: _("Every page is blank or a separator sheet. Check the pile."),
    "office-file": lambda: _("The file is an office document. Ask for it as a PDF."),
    "winmail": lambda: _(
        "The attachment is a winmail.dat: Outlook packed the documents in a form of its own. Ask "
        "for the message again in plain text or HTML, or for the documents as PDF."
    ),
    "archive-file": lambda: _("The file is a compressed folder. Ask for its documents as PDF."),
    "image-kind": lambda: _("This kind of image isn't taken in. Ask for a PDF, TIFF, JPEG or PNG."),
    "web-page": lambda: _("The file is a web page. Ask for it as a PDF."),
    "text-file": lambda: _("The file is plain text. Ask for it as a PDF."),
    "program": lambda: _("The file is a program. Do not open it; delete it."),
    "unknown-kind": lambda: _("The file isn't a PDF, an image or an e-mail."),
    "message": lambda: _("The file is an e-mail: its attachments are read, not the message."),
    "no-document": lambda: _("The e-mail carries no document. Ask for the document again."),
    "too-nested": lambda: _("The e-mail holds too many messages or parts inside each other."),
    "unreadable": lambda: _("The file may not be read by this program. Check its permissions."),
    "link": lambda: _("The file is a link to another place; links aren't followed."),
}
"""From a refusal's code to its sentence; a lambda's arguments are the refusal's."""


def refusal(code: str, **arguments: object) -> DocumentRefusedError:
    """Return the error for ``code``, with its sentence in the current language."""
    return DocumentRefusedError(WHY[code](**arguments), code=code)
