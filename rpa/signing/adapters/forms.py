"""The interactive form of a PDF as far as signatures need it: its fields, locks and faults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from rpa.i18n import _
from rpa.signing.adapters.pages import entry_of, target
from rpa.signing.adapters.refusing import (
    field_locked,
    field_of_another_kind,
    field_taken,
    refused,
)

DEEPEST: Final = 32
MOST_FIELDS: Final = 100_000
FEW_FIELDS: Final = 500
MOST_LISTINGS: Final = 4
"""How often a field may be listed, on average."""
NO_CHANGES: Final = 1
"""The ``/P`` of a certification that allows nothing (ISO 32000-2, table 257)."""
Dictionary = generic.DictionaryObject
NOTHING: Final = Dictionary({})  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class FormField:
    """One field with a name."""

    name: str
    """Its full name, parents first."""
    kind: str
    """``/Sig``, ``/Tx``, …; empty where it has none."""
    node: Dictionary
    ref: generic.IndirectObject
    value: Any = None


@dataclass(frozen=True, slots=True)
class SignatureFields:
    """The fields of a document, and what its signatures lock."""

    named: Mapping[str, FormField]
    signed: frozenset[str]
    is_locked: bool
    """No further signature is allowed."""
    is_certified: bool
    locks: tuple[Dictionary, ...]
    """FieldMDP parameters of its signatures (ISO 32000-2, table 258)."""

    @classmethod
    def of(cls, writer: Any) -> Self:
        """Read the fields of the document that ``writer`` extends."""
        fields = {field.name: field for field in _fields(writer.root)}
        values = {
            name: field.value
            for name, field in fields.items()
            if field.kind == "/Sig" and isinstance(field.value, Dictionary)
        }
        transforms = [found for value in values.values() for found in _transforms(value)]
        certified = _certification(writer.root)
        levels = [_level(parameters) for method, parameters in transforms if method == "/DocMDP"]
        levels += [_level(parameters) for method, parameters in certified]
        locks = [parameters for method, parameters in transforms if method == "/FieldMDP"]
        # Acrobat and PDF 2.0 put a level for the whole document into a field's lock.
        levels += [_level(lock) for lock in locks if "/P" in lock]
        levels += [_level(lock) for lock in _field_locks(fields, values) if "/P" in lock]
        return cls(
            named=fields,
            signed=frozenset(values),
            is_locked=NO_CHANGES in levels,
            is_certified=bool(levels),
            locks=tuple(locks),
        )

    def check(self, name: str, *, visible: bool) -> bool:
        """Say whether ``name`` is an empty signature field that is there.

        Raises:
            SignatureRefusedError: It is signed, locked, or of another kind; or a new one would
                break what a signature certifies.
        """
        if name in self.signed:
            raise field_taken(name)
        if self.is_locked:
            raise refused("document-locked")
        if any(_locks(lock, name) for lock in self.locks):
            raise field_locked(name)
        found = self.named.get(name)
        if found is not None and found.kind != "/Sig":
            raise field_of_another_kind(name)
        if found is None and visible and self.is_certified:
            raise refused("document-certified")
        return found is not None


def check_no_dynamic_form(root: Dictionary) -> None:
    """Refuse forms whose pages only say to wait (ISO 32000-1, 12.7.8 and table 28).

    Static XFA forms, and those that have an AcroForm of the same fields, are signed as they are.
    """
    needs = entry_of(root, "/NeedsRendering")
    form = entry_of(root, "/AcroForm")
    has_xfa = isinstance(form, Dictionary) and "/XFA" in form
    if has_xfa and isinstance(needs, generic.BooleanObject) and needs.value:
        raise refused("pdf-dynamic-form")


def mended_form(writer: Any) -> tuple[str, ...]:
    """Put right what would keep a field from being added, in the new revision; say what."""
    root = writer.root
    if "/AcroForm" not in root:
        return ()
    form = entry_of(root, "/AcroForm")
    if not isinstance(form, Dictionary):
        del root["/AcroForm"]
        writer.update_root()
        return (_("The entry for the form, which led to none, was left out."),)
    repairs = []
    if not isinstance(entry_of(form, "/Fields"), generic.ArrayObject):
        repairs += [_("The form's missing list of fields was made.")] if "/Fields" in form else []
        form[pdf_name("/Fields")] = generic.ArrayObject()
        writer.update_container(form)
        if form.container_ref is not None and form.container_ref == root.container_ref:
            writer.update_root()
    elif faulty := _put_right(writer, form["/Fields"]):
        repairs.append(
            _("In the form's list of fields, {count} wrong entries were put right.", count=faulty)
        )
    return tuple(repairs)


def _put_right(writer: Any, fields: generic.ArrayObject) -> int:
    """Leave only references to dictionaries in the list; say how many were something else."""
    kept, faulty = [], 0
    for entry in list(fields):
        field, is_reference = target(entry), isinstance(entry, generic.IndirectObject)
        if isinstance(field, Dictionary):
            kept.append(entry if is_reference else writer.add_object(field))
        if not (is_reference and isinstance(field, Dictionary)):
            faulty += 1
    if faulty:
        fields[:] = kept
        writer.update_container(fields)
    return faulty


def _fields(root: Dictionary) -> Iterator[FormField]:
    """Yield every field with a name; what is no field is left out."""
    form = entry_of(root, "/AcroForm")
    listed = entry_of(form, "/Fields") if isinstance(form, Dictionary) else None
    entries = list(listed) if isinstance(listed, generic.ArrayObject) else []
    stack: list[tuple[Any, str, str, frozenset[Any]]] = [
        (entry, "", "", frozenset()) for entry in reversed(entries)
    ]
    met, distinct = 0, set()
    while stack:
        entry, parent, kind, above = stack.pop()
        if not isinstance(entry, generic.IndirectObject):
            continue
        met += 1
        distinct.add(entry.reference)
        # Fields that are listed again and again, each with kids of its own, multiply.
        if met > min(MOST_FIELDS, FEW_FIELDS + MOST_LISTINGS * len(distinct)):
            raise refused("pdf-too-demanding")
        if entry.reference in above or len(above) > DEEPEST:
            raise refused("form-loop")
        node = target(entry)
        if not isinstance(node, Dictionary):
            continue
        title = entry_of(node, "/T")
        name = ".".join(part for part in (parent, str(title or "")) if part)
        kind = str(entry_of(node, "/FT", kind))
        if title is not None:
            yield FormField(name, kind, node, entry, entry_of(node, "/V"))
        kids = entry_of(node, "/Kids")
        inside = above | {entry.reference}
        if isinstance(kids, generic.ArrayObject):
            stack.extend((kid, name, kind, inside) for kid in reversed(kids))


def _transforms(signature: Dictionary) -> Iterator[tuple[str, Dictionary]]:
    references: Any = entry_of(signature, "/Reference")
    for at in range(len(references) if isinstance(references, generic.ArrayObject) else 0):
        reference = references[at]
        if isinstance(reference, Dictionary):
            parameters = entry_of(reference, "/TransformParams")
            yield (
                str(entry_of(reference, "/TransformMethod", "")),
                parameters if isinstance(parameters, Dictionary) else NOTHING,
            )


def _certification(root: Dictionary) -> list[tuple[str, Dictionary]]:
    """Return the DocMDP transform that the catalog names (ISO 32000-2, 12.8.6)."""
    permissions = entry_of(root, "/Perms")
    named = entry_of(permissions, "/DocMDP") if isinstance(permissions, Dictionary) else None
    if not isinstance(named, Dictionary):
        return []
    found = [one for one in _transforms(named) if one[0] == "/DocMDP"]
    return found or [("/DocMDP", NOTHING)]


def _field_locks(
    fields: Mapping[str, FormField], signed: Mapping[str, Any]
) -> Iterator[Dictionary]:
    for name in signed:
        lock = entry_of(fields[name].node, "/Lock")
        if isinstance(lock, Dictionary):
            yield lock


def _level(parameters: Dictionary) -> int:
    level = entry_of(parameters, "/P", 2)
    return int(level) if isinstance(level, int) else 2


def _locks(lock: Dictionary, name: str) -> bool:
    action, listed = entry_of(lock, "/Action"), entry_of(lock, "/Fields")
    names = [str(listed[at]) for at in range(len(listed))] if isinstance(listed, list) else []
    is_named = any(name == one or name.startswith(f"{one}.") for one in names)
    if action == "/All":
        return True
    return is_named if action == "/Include" else action == "/Exclude" and not is_named
