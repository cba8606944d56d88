"""What the boxes of signatures show on their pages: empty ones, and those that are signed now."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.sign.signers.cms_embedder import SigAppearanceSetup

from rpa.i18n import language_of
from rpa.signing.adapters.appearance import (
    FaceStyle,
    drawn_face,
    face_of,
    time_written,
    waiting_face,
)
from rpa.signing.adapters.fonts import found_font, typeface
from rpa.signing.adapters.opening import OpenedPdf
from rpa.signing.adapters.pages import PageView, entry_of, target, view_of
from rpa.signing.api import SigningRequest


def load_looks(language: str, *, zone: ZoneInfo, font: Path | None) -> None:
    """Read the font, and how times are written, so that forks of this process share them.

    Raises:
        ToolUnavailableError: There is none.
    """
    typeface(found_font(font))
    time_written(datetime(2026, 1, 1, tzinfo=zone), zone, language_of(language))


def signed_look(
    document: OpenedPdf,
    field: Any,
    request: SigningRequest,
    certificate: x509.Certificate,
    *,
    zone: ZoneInfo,
    font: Path | None,
) -> SigAppearanceSetup:
    """Return what draws a signature into its field's box."""
    view = view_of_field(document, field)
    style = FaceStyle(
        face=face_of(request, certificate, zone),
        font=font,
        rotation=view.rotation,
        unit=view.unit,
        is_spoken=not (document.fields.signed and request.field in document.fields.named),
    )
    return SigAppearanceSetup(style=style, timestamp=request.signed_at, name=None)


def show_who_signs(
    document: OpenedPdf, widget: Any, view: PageView, tooltip: str, *, font: Path | None
) -> None:
    """Draw the empty field: PDF/A asks that every widget with a size has an appearance."""
    left, bottom, right, top = (float(edge) for edge in widget["/Rect"])
    size = ((right - left) * view.unit, (top - bottom) * view.unit)
    shown = drawn_face(
        document.writer,
        waiting_face(tooltip),
        size,
        rotation=view.rotation,
        font=found_font(font),
    )
    look = generic.DictionaryObject({pdf_name("/N"): shown})  # type: ignore[no-untyped-call]
    widget[pdf_name("/AP")] = look


def view_of_field(document: OpenedPdf, field: generic.DictionaryObject) -> PageView:
    """Return what is seen of the page that a field's widget stands on."""
    kids: Any = entry_of(field, "/Kids")
    widget: Any = kids[0] if isinstance(kids, generic.ArrayObject) and kids else field
    page = entry_of(widget, "/P") if isinstance(widget, generic.DictionaryObject) else None
    if isinstance(page, generic.DictionaryObject) and "/Parent" in page:
        return view_of(page)
    for page_ref in document.pages:
        listed = entry_of(target(page_ref), "/Annots")
        if isinstance(listed, generic.ArrayObject) and any(target(one) is widget for one in listed):
            return view_of(target(page_ref))
    return view_of(target(document.pages[-1]))
