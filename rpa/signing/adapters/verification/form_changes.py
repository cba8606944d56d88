"""What a revision did to the form: fields added, signed, filled in, or given another look."""

from collections.abc import Iterator, Mapping
from typing import Final

from rpa.domain.signature import ChangeKind
from rpa.signing.adapters.verification.appearances import (
    Appearances,
    name_of,
    normal_appearance,
    states_of,
)
from rpa.signing.adapters.verification.equality import Equality
from rpa.signing.adapters.verification.findings import Finding, Need
from rpa.signing.adapters.verification.form import FormField, text_of
from rpa.signing.adapters.verification.graph import Graph, Stream
from rpa.signing.adapters.verification.lexer import Item, Ref
from rpa.signing.adapters.verification.pages import PageTree

_FORM: Final = frozenset({"Fields", "SigFlags", "DR", "NeedAppearances", "DA", "XFA"})
_FILLED: Final = frozenset({"V", "AP", "AS", "I", "TI", "M", "RV"})
_SIGNED: Final = frozenset({"V", "AP", "AS", "M", "F", "MK", "DA", "DR", "Type", "P", "BS"})
_PUSH_BUTTON: Final = 1 << 16
_COMBO: Final = 1 << 17
_PASSWORD: Final = 1 << 13
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
        self._shown_before = Appearances(self._old, self._old, frozenset())
        self._shown_after = Appearances(self._new, self._old, touched)

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
            is_safe = all(self._drawn_as_said(field) for field in self._before.values())
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

    def _drawn_as_said(self, field: FormField) -> bool:
        if field.is_group or field.kind not in ("Tx", "Ch"):
            return True
        value = text_of(self._old.at(field.whole.get("V")))
        looks = [normal_appearance(self._old, widget) for widget in field.widgets]
        return all(look is None or self._shown_before.shows(look, value) for look in looks)

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
        seen = any(self._is_seen(widget) for widget in field.widgets)
        is_stamp = self._is_timestamp(field)
        need = Need.SIGN_UNSEEN if seen else Need.PRESERVE if is_stamp else Need.FILL
        if any(key in field.own for key in ("AA", "A")):
            need = Need.NEVER
        yield Finding(ChangeKind.SIGNATURE_FIELD, field.name, need, field.name)
        if self._new.at(field.whole.get("V")) is not None:
            yield self._signature(field)

    def _signature(self, field: FormField) -> Finding:
        if self._is_timestamp(field):
            return Finding(ChangeKind.TIMESTAMP, field.name, Need.PRESERVE, field.name)
        return Finding(ChangeKind.SIGNATURE, field.name, Need.FILL, field.name)

    def _is_timestamp(self, field: FormField) -> bool:
        return name_of(self._new.under(field.whole.get("V"), "Type")) == "DocTimeStamp"

    def _is_seen(self, widget: Item) -> bool:
        rect = [self._new.at(one) for one in self._new.items(self._new.under(widget, "Rect"))]
        numbers = [one for one in rect if isinstance(one, int | float)]
        if len(numbers) != 4:
            return False
        return abs(numbers[2] - numbers[0]) > 0.5 and abs(numbers[3] - numbers[1]) > 0.5

    def _changed(self, old: FormField, new: FormField) -> Iterator[Finding]:
        if old.item != new.item or old.is_group != new.is_group or old.kind != new.kind:
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
        if is_signed_now and self._shared_look(old):
            allowed -= {"AP"}
        if self._parts_changed(old, new, allowed):
            yield Finding(ChangeKind.CONTENT, new.name, Need.NEVER, new.name)

    def _shared_look(self, field: FormField) -> bool:
        """Say whether something else uses the appearance that the field had: then it is content."""
        own = {field.number} | {one.number for one in field.widgets if isinstance(one, Ref)}
        looks = {
            look.number
            for widget in field.widgets
            if isinstance(look := self._old.entries(widget).get("AP"), Ref)
        }
        if not looks:
            return False
        users = {number for number, others in self._old.references() if others & looks}
        in_trailer = any(
            isinstance(item, Ref) and item.number in looks for item in self._old.trailer.values()
        )
        return in_trailer or bool(users - own)

    def _parts_changed(self, old: FormField, new: FormField, allowed: frozenset[str]) -> bool:
        """Say whether a field or a widget of it differs in more than ``allowed``."""
        if len(old.widgets) != len(new.widgets):
            return True
        if self._equality.same_entries(old.own, new.own, allowed | {"Kids", "Parent"}):
            return True
        return any(
            before != after
            or self._equality.same_entries(
                self._old.entries(before), self._new.entries(after), allowed | {"Kids", "Parent"}
            )
            for before, after in zip(old.widgets, new.widgets, strict=True)
            if isinstance(before, Ref) or isinstance(after, Ref)
        )

    def _filled(self, old: FormField, new: FormField) -> Iterator[Finding]:
        is_changed = not self._equality.same(old.whole.get("V"), new.whole.get("V"))
        if self._parts_changed(old, new, _FILLED):
            yield Finding(ChangeKind.ANNOTATION, new.name, Need.NEVER, new.name)
        has_other_look = self._looks_changed(old, new)
        if is_changed or has_other_look:
            is_honest = self._is_honest(new) and (is_changed or self._is_honest_before(old))
            need = Need.FILL if is_honest else Need.NEVER
            kind = ChangeKind.FORM_VALUE if is_changed else ChangeKind.CONTENT
            yield Finding(kind, new.name, need, new.name)

    def _looks_changed(self, old: FormField, new: FormField) -> bool:
        pairs = zip(old.widgets, new.widgets, strict=False)
        return any(
            not self._equality.same(self._old.under(one, key), self._new.under(other, key))
            for one, other in pairs
            for key in ("AP", "AS")
        )

    def _is_honest(self, field: FormField) -> bool:
        """Say whether what a field shows is what it says it holds."""
        return all(
            self._tells(self._new, self._shown_after, field, widget) for widget in field.widgets
        )

    def _is_honest_before(self, field: FormField) -> bool:
        return all(
            self._tells(self._old, self._shown_before, field, widget) for widget in field.widgets
        )

    def _tells(self, graph: Graph, shown: Appearances, field: FormField, widget: Item) -> bool:
        flags = graph.at(field.whole.get("Ff"))
        flag = flags if isinstance(flags, int) else 0
        if field.kind == "Btn":
            return not flag & _PUSH_BUTTON and self._button_tells(graph, field, widget)
        look, value = normal_appearance(graph, widget), graph.at(field.whole.get("V"))
        if self._other_looks(graph, widget) or isinstance(value, Stream):
            return False
        if look is None:
            return True
        if field.kind == "Ch":
            return shown.shows_one_of(look, self._options(graph, field, value, flag))
        text = "*" * len(text_of(value)) if flag & _PASSWORD else text_of(value)
        return field.kind == "Tx" and shown.shows(look, text)

    def _other_looks(self, graph: Graph, widget: Item) -> bool:
        """Say whether a widget has looks for being pointed at, which nobody compares."""
        return bool(graph.entries(graph.under(widget, "AP")).keys() - {"N"})

    def _button_tells(self, graph: Graph, field: FormField, widget: Item) -> bool:
        """A button's looks must be those it was signed with; only the choice among them is new."""
        old = self._before.get(field.name)
        index = field.widgets.index(widget)
        if old is None or index >= len(old.widgets):
            return False
        before, after = (
            self._old.under(old.widgets[index], "AP"),
            graph.under(widget, "AP"),
        )
        state, value = name_of(graph.under(widget, "AS")), name_of(graph.at(field.whole.get("V")))
        states = states_of(graph, normal_appearance(graph, widget)) | {"Off", ""}
        is_same_look = graph is self._old or self._equality.same(before, after)
        return is_same_look and state in states and state in ("", "Off", value)

    def _options(self, graph: Graph, field: FormField, value: object, flag: int) -> set[str]:
        texts: set[str] = set()
        values = {text_of(one) for one in value} if isinstance(value, list) else {text_of(value)}
        for option in graph.items(field.whole.get("Opt")):
            pair = graph.items(option)
            export, text = (pair[0], pair[-1]) if pair else (option, option)
            if not flag & _COMBO or text_of(graph.at(export)) in values:
                texts.add(text_of(graph.at(text)))
        return texts | values
