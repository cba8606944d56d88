"""Empty signature fields, placed before anybody signs."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string

from rpa.late import late
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.opening import OpenedPdf, opened
from rpa.signing.adapters.pages import Box, entry_of, target, view_of
from rpa.signing.adapters.placing import box_of, page_of
from rpa.signing.adapters.refusing import field_of_another_kind, refused
from rpa.signing.adapters.tagging import tag_widget
from rpa.signing.api import FieldPlan, PreparedDocument

if TYPE_CHECKING:
    from rpa.signing.adapters.looks import show_who_signs
else:  # what is not seen needs no fonts
    show_who_signs = late("rpa.signing.adapters.looks", "show_who_signs")

PRINT_AND_LOCKED: Final = 0b10000100
"""The flags of a signature's widget: printed as PDF/A asks, and not to be moved."""
NOWHERE: Box = (0, 0, 0, 0)
"""The box of an invisible signature (ISO 32000-2, 12.7.5.5)."""


def prepared(
    pdf: bytes,
    fields: Sequence[FieldPlan],
    *,
    password: str | None = None,
    font: Path | None = None,
) -> PreparedDocument:
    """Return the document with an empty field for each plan, in one revision.

    Raises:
        SignatureRefusedError: It can't be signed, or a field can't be made; says why.
        ToolUnavailableError: There is no font, or the document needs mending and it can't be had.
    """
    try:
        document = opened(pdf, password=password)
        for plan in fields:
            if not document.check_field(plan.name, visible=True):
                add_field(document, plan, font=font)
        output = BytesIO()
        document.writer.write(output)  # type: ignore[no-untyped-call]
    except MALFORMED as exc:
        raise refused("pdf-damaged") from exc
    return PreparedDocument(output.getvalue(), document.repairs)


def add_field(
    document: OpenedPdf,
    plan: FieldPlan,
    *,
    visible: bool = True,
    signed_now: bool = False,
    font: Path | None = None,
) -> None:
    """Add a signature field to the revision that is being written.

    One that is ``signed_now`` is not drawn: its signature draws it.

    Raises:
        SignatureRefusedError: Its place is not on the document, or its name is in the way.
    """
    writer: Any = document.writer
    page_ref = page_of(document.pages, plan.place)
    page = target(page_ref)
    box = box_of(page, plan.place) if visible else NOWHERE
    widget = _widget(plan, page_ref, box)
    view = view_of(page)
    if visible and view.rotation:
        widget[pdf_name("/MK")] = _dictionary({"/R": _number(view.rotation)})
    if visible and not signed_now:
        show_who_signs(document, widget, view, plan.tooltip, font=font)
    reference = _inserted(writer, plan.name, widget)
    _annotate(document, page_ref, reference)
    if not document.fields.signed:
        # Later it would be a change that validators may hold against the earlier signatures.
        tag_widget(writer, page_ref, widget, reference)


def _widget(plan: FieldPlan, page_ref: Any, box: Box) -> generic.DictionaryObject:
    entries: dict[str, Any] = {
        "/Type": pdf_name("/Annot"),
        "/Subtype": pdf_name("/Widget"),
        "/FT": pdf_name("/Sig"),
        "/F": _number(PRINT_AND_LOCKED),
        "/Rect": generic.ArrayObject(map(_number, box)),
        "/P": page_ref,
    }
    if plan.tooltip:
        entries["/TU"] = generic.TextStringObject(plan.tooltip)
    return _dictionary(entries)


def _inserted(writer: Any, name: str, widget: generic.DictionaryObject) -> Any:
    """Put the field into the form under its name; each part before a point is a parent's."""
    *above, own = name.split(".")
    if not all((*above, own)):
        raise field_of_another_kind(name)
    siblings, parent = _form_fields(writer), None
    for part in above:
        parent = _child(siblings, part) or _parent(writer, siblings, part, parent)
        node = target(parent)
        if "/FT" in node and "/Kids" not in node:
            raise field_of_another_kind(name)
        if not isinstance(entry_of(node, "/Kids"), generic.ArrayObject):
            node[pdf_name("/Kids")] = generic.ArrayObject()
            writer.update_container(node)
        siblings = node["/Kids"]
    widget[pdf_name("/T")] = pdf_string(own)
    if parent is not None:
        widget[pdf_name("/Parent")] = parent
    reference = writer.add_object(widget)
    siblings.append(reference)
    writer.update_container(siblings)
    return reference


def _form_fields(writer: Any) -> Any:
    root = writer.root
    if "/AcroForm" not in root:
        form = _dictionary({"/Fields": generic.ArrayObject()})
        root[pdf_name("/AcroForm")] = writer.add_object(form)
        writer.update_root()
    form = root["/AcroForm"]
    flags = entry_of(form, "/SigFlags", 0)
    form[pdf_name("/SigFlags")] = _number((flags if isinstance(flags, int) else 0) | 1)
    writer.update_container(form)
    return form["/Fields"]


def _child(siblings: Any, part: str) -> Any:
    found = (one for one in siblings if entry_of(target(one), "/T") == part)
    return next(found, None)


def _parent(writer: Any, siblings: Any, part: str, parent: Any) -> Any:
    entries = {"/T": pdf_string(part), "/Kids": generic.ArrayObject()}
    node = _dictionary(entries if parent is None else {**entries, "/Parent": parent})
    reference = writer.add_object(node)
    siblings.append(reference)
    writer.update_container(siblings)
    return reference


def _annotate(document: OpenedPdf, page_ref: Any, reference: Any) -> None:
    """Put the widget on its page, and on no other that shares the same list of annotations."""
    writer: Any = document.writer
    page = target(page_ref)
    listed = page.raw_get("/Annots") if "/Annots" in page else None
    annotations = target(listed)
    if not isinstance(annotations, generic.ArrayObject):
        page[pdf_name("/Annots")] = generic.ArrayObject([reference])
        writer.mark_update(page_ref)
    elif isinstance(listed, generic.IndirectObject) and _is_shared(document, listed):
        page[pdf_name("/Annots")] = generic.ArrayObject([*annotations, reference])
        writer.mark_update(page_ref)
    else:
        annotations.append(reference)
        writer.mark_update(listed if isinstance(listed, generic.IndirectObject) else page_ref)


def _is_shared(document: OpenedPdf, listed: generic.IndirectObject) -> bool:
    users = 0
    for page_ref in document.pages:
        page = target(page_ref)
        own = page.raw_get("/Annots") if "/Annots" in page else None
        is_same = isinstance(own, generic.IndirectObject) and own.reference == listed.reference
        users += is_same
    return users > 1


def _dictionary(entries: dict[str, Any]) -> generic.DictionaryObject:
    described = {pdf_name(key): value for key, value in entries.items()}
    return generic.DictionaryObject(described)  # type: ignore[no-untyped-call]


def _number(value: float) -> generic.PdfObject:
    if isinstance(value, int):
        return generic.NumberObject(value)  # type: ignore[no-untyped-call]
    return generic.FloatObject(f"{value:.2f}")  # type: ignore[no-untyped-call]
