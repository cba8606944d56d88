"""What a revision did to the form: fields added, signed, filled in, or given another look."""

from collections.abc import Iterator, Mapping
from typing import Final

from rpa.domain.signature import ChangeKind
from rpa.signing.adapters.verification.appearances import name_of
from rpa.signing.adapters.verification.default_looks import KEYS, says_the_same
from rpa.signing.adapters.verification.document_parts import resources_kept
from rpa.signing.adapters.verification.equality import Equality
from rpa.signing.adapters.verification.field_looks import FieldLooks
from rpa.signing.adapters.verification.filled_values import FILLED, agrees
from rpa.signing.adapters.verification.findings import Finding, Need
from rpa.signing.adapters.verification.form import FormField
from rpa.signing.adapters.verification.graph import Graph, Stream
from rpa.signing.adapters.verification.lexer import Item, Ref
from rpa.signing.adapters.verification.new_fields import is_sound, seen_boxes
from rpa.signing.adapters.verification.pages import PageTree
from rpa.signing.adapters.verification.signed_fields import SIGNED, Signing
from rpa.signing.adapters.verification.xfa import xfa_finding

_FORM: Final = frozenset({"Fields", "SigFlags", "DR", "NeedAppearances", "DA", "XFA"})
"""Each is judged below, but for /SigFlags: it only tells that there are signatures (12.7.3)."""
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
        self._equality = equality
        self._signing = Signing(equality, tree)
        self._looks = FieldLooks(graphs, self._before, equality, touched)
        self._known = {
            item
            for one in self._before.values()
            for item in (one.item, *one.widgets)
            if isinstance(item, Ref)
        }

    def findings(self) -> Iterator[Finding]:
        """Yield every change of the form."""
        yield from self._form()
        for name in self._before.keys() - self._after.keys():
            yield Finding(ChangeKind.STRUCTURE, name, Need.NEVER)
        for name, field in self._after.items():
            if name in self._before:
                yield from self._changed(self._before[name], field)
            elif name != field.name:
                # A second field of the same name shares its value with the first.
                yield Finding(ChangeKind.STRUCTURE, field.name, Need.NEVER, field.name)
            else:
                yield from self._added(field)

    def _form(self) -> Iterator[Finding]:
        root = (self._old.trailer.get("Root"), self._new.trailer.get("Root"))
        old = self._old.entries(self._old.under(root[0], "AcroForm"))
        new = self._new.entries(self._new.under(root[1], "AcroForm"))
        for key in self._equality.same_entries(old, new, _FORM):
            yield Finding(ChangeKind.STRUCTURE, f"form {key}", Need.NEVER)
        if not self._only_gained(old.get("Fields"), new.get("Fields")):
            yield Finding(ChangeKind.STRUCTURE, "form Fields", Need.NEVER)
        if type(self._new.at(new.get("SigFlags"))) not in (int, type(None)):
            yield Finding(ChangeKind.STRUCTURE, "form SigFlags", Need.NEVER)
        if "DA" in old and not self._equality.same(old["DA"], new.get("DA")):
            yield Finding(ChangeKind.STRUCTURE, "form DA", Need.NEVER)
        if not resources_kept(self._equality, old.get("DR"), new.get("DR")):
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
            yield xfa_finding(self._equality, old.get("XFA"), new.get("XFA"))

    def _only_gained(self, old: Item, new: Item) -> bool:
        """Say whether a list of fields holds all that it held, in its order, and each new one once.

        What the new ones are is judged by their names.
        """
        before, after = list(self._old.items(old)), list(self._new.items(new))
        if new is None or isinstance(self._new.at(new), Stream):
            return not before
        added = []
        for one in after:
            if before and one == before[0]:
                before.pop(0)
            else:
                added.append(one)
        is_each_new = all(isinstance(one, Ref) and one not in self._known for one in added)
        return not before and is_each_new and len(added) == len(set(added))

    def _added(self, field: FormField) -> Iterator[Finding]:
        if field.is_group and not field.kind and "Kids" in field.own:
            children = [
                one
                for name, one in self._after.items()
                if name.startswith(f"{field.name}.") and not one.is_group
            ]
            if children and all(one.kind == "Sig" for one in children):
                return
        if field.kind != "Sig" or field.is_group or not is_sound(self._new, field):
            yield Finding(ChangeKind.STRUCTURE, field.name, Need.NEVER, field.name)
            return
        is_seen = any(True for _widget in seen_boxes(self._new, field))
        is_signed = self._new.at(field.whole.get("V")) is not None
        need = Need.PRESERVE if self._is_timestamp(field) else Need.FILL
        if is_seen or not is_signed:
            need = Need.SIGN_UNSEEN
        yield Finding(ChangeKind.SIGNATURE_FIELD, field.name, need, field.name)
        if is_signed:
            yield self._signature(field, is_look_new=is_seen)

    def _signature(self, field: FormField, *, is_look_new: bool) -> Finding:
        if self._is_timestamp(field):
            need = Need.FILL if is_look_new else Need.PRESERVE
            return Finding(ChangeKind.TIMESTAMP, field.name, need, field.name)
        return Finding(ChangeKind.SIGNATURE, field.name, Need.FILL, field.name)

    def _is_timestamp(self, field: FormField) -> bool:
        return name_of(self._new.under(field.whole.get("V"), "Type")) == "DocTimeStamp"

    def _changed(self, old: FormField, new: FormField) -> Iterator[Finding]:
        is_moved = old.item != new.item or not isinstance(old.item, Ref)
        if is_moved and self._equality.same(old.item, new.item):
            return
        if is_moved or self._is_another(old, new):
            yield Finding(ChangeKind.STRUCTURE, new.name, Need.NEVER, new.name)
        elif old.kind == "Sig" and not old.is_group:
            yield from self._signed(old, new)
        elif not old.is_group:
            yield from self._filled(old, new)

    def _is_another(self, old: FormField, new: FormField) -> bool:
        """Say whether a field is of another kind, or other widgets and fields are below it."""
        if old.is_group != new.is_group or old.kind != new.kind:
            return True
        if isinstance(self._new.at(new.item), Stream):
            return True
        if old.is_group:
            return self._group_changed(old, new)
        return self._old.items(old.own.get("Kids")) != self._new.items(new.own.get("Kids"))

    def _group_changed(self, old: FormField, new: FormField) -> bool:
        """Say whether a field that has others below it changed in itself, or in its own widgets."""
        if self._equality.same_entries(old.own, new.own, {"Kids"}):
            return True
        if not self._only_gained(old.own.get("Kids"), new.own.get("Kids")):
            return True
        widgets = [one for one in old.widgets if one != old.item]
        return widgets != [one for one in new.widgets if one != new.item] or not all(
            self._equality.same(one, one) for one in widgets
        )

    def _signed(self, old: FormField, new: FormField) -> Iterator[Finding]:
        was, now = old.whole.get("V"), new.whole.get("V")
        had_value = self._old.at(was) is not None
        is_signed_now = not had_value and self._new.at(now) is not None
        if not self._equality.same(was, now):
            if had_value or not is_signed_now:
                yield Finding(ChangeKind.STRUCTURE, new.name, Need.NEVER, new.name)
            else:
                yield self._signature(new, is_look_new=self._looks.has_changed(old, new))
        allowed = (SIGNED if is_signed_now else frozenset({"P"})) | {"V"}
        allowed |= self._reworded(old, new) & {"Type"}
        if is_signed_now and self._looks.is_shared(old):
            allowed -= {"AP"}
        if self._parts_changed(old, new, allowed) or not self._signing.is_sound(old, new):
            yield Finding(ChangeKind.CONTENT, new.name, Need.NEVER, new.name)
        if self._signing.reveals(old, new):
            yield Finding(ChangeKind.SIGNATURE_FIELD, new.name, Need.SIGN_UNSEEN, new.name)

    def _parts_changed(self, old: FormField, new: FormField, allowed: frozenset[str]) -> bool:
        """Say whether a field or a widget of it differs in more than ``allowed``."""
        if len(old.widgets) != len(new.widgets):
            return True
        if self._equality.same_entries(old.own, new.own, allowed | {"Kids"}):
            return True
        return any(
            before != after
            or isinstance(self._new.at(after), Stream)
            or self._equality.same_entries(
                self._old.entries(before), self._new.entries(after), allowed
            )
            for before, after in zip(old.widgets, new.widgets, strict=True)
            if before != old.item
        )

    def _filled(self, old: FormField, new: FormField) -> Iterator[Finding]:
        is_changed = not self._equality.same(old.whole.get("V"), new.whole.get("V"))
        allowed = FILLED | self._reworded(old, new)
        if self._parts_changed(old, new, allowed):
            yield Finding(ChangeKind.ANNOTATION, new.name, Need.NEVER, new.name)
        yield from self._beside(old, new, is_changed=is_changed)
        has_other_look = self._looks.has_changed(old, new)
        if is_changed or has_other_look:
            is_redrawn = self._looks.was_honest(old) and not self._looks.is_lost(old, new)
            is_honest = self._looks.is_honest(new) and (is_changed or is_redrawn)
            need = Need.FILL if is_honest else Need.NEVER
            kind = ChangeKind.FORM_VALUE if is_changed else ChangeKind.CONTENT
            yield Finding(kind, new.name, need, new.name)

    def _reworded(self, old: FormField, new: FormField) -> frozenset[str]:
        """Return the keys of drawing rules that say in all its parts what they said before."""
        pairs = [(old.item, new.item), *zip(old.widgets, new.widgets, strict=False)]
        parts = [(self._old.entries(one), self._new.entries(other)) for one, other in pairs]
        graphs = (self._old, self._new)
        return frozenset(
            key for key in KEYS if all(says_the_same(graphs, key, part) for part in parts)
        )

    def _beside(self, old: FormField, new: FormField, *, is_changed: bool) -> Iterator[Finding]:
        """Yield what changed beside the value: nothing may that it does not agree with."""
        pairs = [(old.item, new.item), *zip(old.widgets, new.widgets, strict=False)]
        for before, after in pairs:
            was, now = self._old.entries(before), self._new.entries(after)
            keys = ("I", "TI", "RV", "M")
            changed = self._equality.same_entries(
                {key: was.get(key) for key in keys}, {key: now.get(key) for key in keys}
            )
            # Beside a new value an old choice or an old rich text says another.
            stale = [key for key in keys if is_changed and not agrees(self._new, new, key, now)]
            for key in dict.fromkeys([*changed, *stale]):
                is_right = (is_changed or key == "M") and agrees(self._new, new, key, now)
                need = Need.FILL if is_right else Need.NEVER
                yield Finding(ChangeKind.STRUCTURE, new.name, need, new.name)
