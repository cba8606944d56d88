"""What a revision did to the form: fields added, signed, filled in, or given another look."""

from collections.abc import Iterator, Mapping
from typing import Final

from rpa.domain.signature import ChangeKind
from rpa.signing.adapters.verification.appearances import name_of
from rpa.signing.adapters.verification.equality import Equality
from rpa.signing.adapters.verification.field_looks import FieldLooks
from rpa.signing.adapters.verification.findings import Finding, Need
from rpa.signing.adapters.verification.form import FormField, text_of
from rpa.signing.adapters.verification.graph import Graph
from rpa.signing.adapters.verification.lexer import Item, Ref
from rpa.signing.adapters.verification.overlays import box_of, hides_text
from rpa.signing.adapters.verification.pages import PageTree

_FORM: Final = frozenset({"Fields", "SigFlags", "DR", "NeedAppearances", "DA", "XFA"})
_FILLED: Final = frozenset({"V", "AP", "AS", "I", "TI", "M", "RV", "StructParent"})
_SIGNED: Final = frozenset({"V", "AP", "AS", "M", "F", "MK", "DA", "DR", "Type", "P", "BS"})
Pair = tuple[Graph, Graph]
Fields = Mapping[str, FormField]


class FormChanges:
    """Compares the form of a revision with that of the one before."""

    def __init__(
        self,
        graphs: Pair,
        fields: tuple[Fields, Fields],
        tree: PageTree,
        equality: Equality,
        touched: frozenset[int],
    ) -> None:
        """Keep both revisions."""
        self._old, self._new = graphs
        self._before, self._after = fields
        self._tree = tree
        self._equality = equality
        self._looks = FieldLooks(graphs, self._before, equality, touched)

    @property
    def has_new_fields(self) -> bool:
        """Say whether a field was added."""
        return bool(self._after.keys() - self._before.keys())

    def findings(self) -> Iterator[Finding]:
        """Yield every change of the form."""
        yield from self._form()
        for name in self._before.keys() - self._after.keys():
            yield Finding(ChangeKind.STRUCTURE, name, Need.NEVER)
        for name, field in self._after.items():
            if name not in self._before:
                yield from self._added(field)
            else:
                yield from self._changed(self._before[name], field)

    def _form(self) -> Iterator[Finding]:
        root = (self._old.trailer.get("Root"), self._new.trailer.get("Root"))
        old = self._old.entries(self._old.under(root[0], "AcroForm"))
        new = self._new.entries(self._new.under(root[1], "AcroForm"))
        for key in self._equality.same_entries(old, new, _FORM):
            yield Finding(ChangeKind.STRUCTURE, f"form {key}", Need.NEVER)
        if "DA" in old and not self._equality.same(old["DA"], new.get("DA")):
            yield Finding(ChangeKind.STRUCTURE, "form DA", Need.NEVER)
        if not self._resources_kept(old.get("DR"), new.get("DR")):
            yield Finding(ChangeKind.CONTENT, "form resources", Need.NEVER)
        if (
            self._new.at(new.get("NeedAppearances"))
            is True
            is not self._old.at(old.get("NeedAppearances"))
        ):
            is_safe = all(self._looks.is_drawn_as_said(field) for field in self._before.values())
            yield Finding(
                ChangeKind.STRUCTURE, "form NeedAppearances", Need.FILL if is_safe else Need.NEVER
            )
        if not self._equality.same(old.get("XFA"), new.get("XFA")):
            yield self._xfa(old.get("XFA"), new.get("XFA"))

    def _resources_kept(self, old: Item, new: Item, depth: int = 0) -> bool:
        """Say whether all resources are still there, unchanged; new ones may join them."""
        before, after = self._old.entries(old), self._new.entries(new)
        if self._equality.same(old, new) or old is None:
            return True
        return all(
            self._equality.same(value, after.get(key))
            or (depth < 1 and key != "ProcSet" and self._resources_kept(value, after.get(key), 1))
            or key == "ProcSet"
            for key, value in before.items()
        )

    def _xfa(self, old: Item, new: Item) -> Finding:
        """Allow the data of an XFA form to change, and no other of its packets."""
        before, after = self._packets(self._old, old), self._packets(self._new, new)
        others = (before.keys() | after.keys()) - {"datasets", "form", "localeSet"}
        is_filled = bool(before) and all(
            self._equality.same(before.get(name), after.get(name)) for name in others
        )
        need = Need.FILL if is_filled else Need.NEVER
        return Finding(ChangeKind.FORM_VALUE, "XFA", need, "XFA")

    def _packets(self, graph: Graph, item: Item) -> dict[str, Item]:
        items = graph.items(item)
        return {
            text_of(graph.at(name)): packet
            for name, packet in zip(items[::2], items[1::2], strict=False)
        }

    def _added(self, field: FormField) -> Iterator[Finding]:
        if field.is_group and not field.kind and "Kids" in field.own:
            children = [
                one
                for name, one in self._after.items()
                if name.startswith(f"{field.name}.") and not one.is_group
            ]
            if children and all(one.kind == "Sig" for one in children):
                return
        if field.kind != "Sig" or field.is_group:
            yield Finding(ChangeKind.STRUCTURE, field.name, Need.NEVER, field.name)
            return
        boxes = [(one, box) for one in field.widgets if (box := box_of(self._new, one))]
        seen = bool(boxes)
        is_stamp = self._is_timestamp(field)
        need = Need.SIGN_UNSEEN if seen else Need.PRESERVE if is_stamp else Need.FILL
        if any(key in field.own for key in ("AA", "A")):
            need = Need.NEVER
        if any(hides_text(self._old, self._tree, one, box) for one, box in boxes):
            yield Finding(ChangeKind.CONTENT, field.name, Need.NEVER, field.name)
        yield Finding(ChangeKind.SIGNATURE_FIELD, field.name, need, field.name)
        if self._new.at(field.whole.get("V")) is not None:
            yield self._signature(field)

    def _signature(self, field: FormField) -> Finding:
        if self._is_timestamp(field):
            return Finding(ChangeKind.TIMESTAMP, field.name, Need.PRESERVE, field.name)
        return Finding(ChangeKind.SIGNATURE, field.name, Need.FILL, field.name)

    def _is_timestamp(self, field: FormField) -> bool:
        return name_of(self._new.under(field.whole.get("V"), "Type")) == "DocTimeStamp"

    def _changed(self, old: FormField, new: FormField) -> Iterator[Finding]:
        if old.is_group != new.is_group or old.kind != new.kind:
            yield Finding(ChangeKind.STRUCTURE, new.name, Need.NEVER, new.name)
            return
        if old.item != new.item:
            if not self._equality.same(old.item, new.item):
                yield Finding(ChangeKind.STRUCTURE, new.name, Need.NEVER, new.name)
            return
        if old.is_group:
            if self._equality.same_entries(old.own, new.own, {"Kids"}):
                yield Finding(ChangeKind.STRUCTURE, new.name, Need.NEVER, new.name)
            return
        if old.kind == "Sig":
            yield from self._signed(old, new)
        else:
            yield from self._filled(old, new)

    def _signed(self, old: FormField, new: FormField) -> Iterator[Finding]:
        was, now = old.whole.get("V"), new.whole.get("V")
        had_value = self._old.at(was) is not None
        if not self._equality.same(was, now):
            if had_value or self._new.at(now) is None:
                yield Finding(ChangeKind.STRUCTURE, new.name, Need.NEVER, new.name)
            else:
                yield self._signature(new)
        is_signed_now = not had_value and self._new.at(now) is not None
        allowed = _SIGNED if is_signed_now else frozenset({"V", "P", "Type"})
        if is_signed_now and self._looks.is_shared(old):
            allowed -= {"AP"}
        if self._parts_changed(old, new, allowed):
            yield Finding(ChangeKind.CONTENT, new.name, Need.NEVER, new.name)

    def _parts_changed(self, old: FormField, new: FormField, allowed: frozenset[str]) -> bool:
        """Say whether a field or a widget of it differs in more than ``allowed``."""
        if len(old.widgets) != len(new.widgets):
            return True
        if self._equality.same_entries(old.own, new.own, allowed | {"Kids"}):
            return True
        return any(
            before != after
            or self._equality.same_entries(
                self._old.entries(before), self._new.entries(after), allowed | {"Kids"}
            )
            for before, after in zip(old.widgets, new.widgets, strict=True)
            if isinstance(before, Ref) or isinstance(after, Ref)
        )

    def _filled(self, old: FormField, new: FormField) -> Iterator[Finding]:
        is_changed = not self._equality.same(old.whole.get("V"), new.whole.get("V"))
        if self._parts_changed(old, new, _FILLED):
            yield Finding(ChangeKind.ANNOTATION, new.name, Need.NEVER, new.name)
        has_other_look = self._looks.has_changed(old, new)
        if is_changed or has_other_look:
            is_redrawn = self._looks.was_honest(old) and not self._looks.is_lost(old, new)
            is_honest = self._looks.is_honest(new) and (is_changed or is_redrawn)
            need = Need.FILL if is_honest else Need.NEVER
            kind = ChangeKind.FORM_VALUE if is_changed else ChangeKind.CONTENT
            yield Finding(kind, new.name, need, new.name)
