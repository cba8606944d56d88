"""Rules by which pyHanko's difference policy knows what other makers' programs soundly do.

Each is about one kind of change, never about a file, and clears an object only for the places where
that kind of change reaches it: an object that is used elsewhere too stays unexplained.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    FormUpdatingRule,
    GenericFieldModificationRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.constants import (
    ACROFORM_EXEMPT_STRICT_COMPARISON,
    ROOT_EXEMPT_STRICT_COMPARISON,
    VALUE_UPDATE_KEYS,
)
from pyhanko.sign.diff_analysis.form_rules_api import (
    FieldComparisonContext,
    FieldComparisonSpec,
    FieldMDPRule,
    FormUpdate,
)
from pyhanko.sign.diff_analysis.rules_api import (
    Context,
    QualifiedWhitelistRule,
    ReferenceUpdate,
    WhitelistRule,
)

from rpa.signing.adapters.verification.document_parts import is_private
from rpa.signing.adapters.verification.second.pages import PageRule, value_at
from rpa.signing.adapters.verification.second.reach import OrphanRule, written_below, written_by
from rpa.signing.adapters.verification.second.widgets import WidgetRule
from rpa.signing.adapters.verification.xfa import DATA, same_packet

_STORE: Final = RawPdfPath("/Root", "/DSS")
_FORM_KEYS: Final = frozenset({"/SigFlags", "/XFA"})
_XFA: Final = RawPdfPath("/Root", "/AcroForm", "/XFA")
_ORDER: Final = RawPdfPath("/Root", "/AcroForm", "/CO")
_VALUE_KEYS: Final = VALUE_UPDATE_KEYS | {"/I", "/TI", "/RV", "/M", "/BS"}
"""Our own analysis holds each against the value."""
_STORE_KEYS: Final = frozenset({"/Type", "/Certs", "/OCSPs", "/CRLs", "/VRI"})
Updates = Iterator[tuple[ModificationLevel, ReferenceUpdate]]


@cache
def policy(*, may_comment: bool) -> StandardDiffPolicy:
    """Return pyHanko's policy with our rules; ``may_comment`` where P=3 allows comments."""
    lta = ModificationLevel.LTA_UPDATES
    return StandardDiffPolicy(
        global_rules=[
            OwnKeysRule(),
            DocInfoRule().as_qualified(lta),
            XrefStreamRule().as_qualified(lta),
            ObjectStreamRule().as_qualified(lta),
            StoreRule().as_qualified(lta),
            MetadataUpdateRule().as_qualified(lta),  # type: ignore[no-untyped-call]
            FormDataRule(),
            PageRule(may_comment=may_comment),
            OrderRule(),
            WidgetRule(),
            OrphanRule(),
        ],
        form_rule=FormUpdatingRule(
            field_rules=[
                OfThisRevision(_new_fields()),
                OfThisRevision(SigFieldModificationRule()),
                OfThisRevision(FilledFieldRule(value_update_keys=_VALUE_KEYS)),
            ],
            ignored_acroform_keys=ACROFORM_EXEMPT_STRICT_COMPARISON | _FORM_KEYS,
        ),
        reject_object_freeing=False,  # a freed object wants its explanation like any other
        ignore_orphaned_objects=False,
    )


def _new_fields() -> SigFieldCreationRule:
    """Return the rule on new fields to sign in; what pages list is for :class:`PageRule`."""
    return SigFieldCreationRule(approve_widget_bindings=False)  # type: ignore[no-untyped-call]


def _below(path: RawPdfPath, place: RawPdfPath) -> bool:
    return list(path)[: len(place)] == list(place)


def _cleared(old: HistoricalResolver, ref: Reference, place: RawPdfPath) -> Iterator[Any]:
    """Yield an update for each way by which the old revision reaches ``ref`` through ``place``."""
    if old.is_ref_unassignable(ref):
        yield ReferenceUpdate(ref)
        return
    for path in old._get_usages_of_ref(ref):  # noqa: SLF001 - pyHanko's own rules ask so, too
        if _below(path, place):
            yield ReferenceUpdate(ref, context_checked=Context.from_absolute(old, path))


class OwnKeysRule(QualifiedWhitelistRule):
    """A maker's own keys in the catalog tell other readers nothing (ISO 32000-2, Annex E)."""

    def apply_qualified(self, old: HistoricalResolver, new: HistoricalResolver) -> Updates:
        """Ask pyHanko's rule of all other keys."""
        own = {key for key in {*old.root, *new.root} if is_private(key[1:])}
        ignored = ROOT_EXEMPT_STRICT_COMPARISON | own
        rule = CatalogModificationRule(ignored)  # type: ignore[no-untyped-call]
        yield from rule.apply_qualified(old, new)


class StoreRule(WhitelistRule):
    """Validation data may be added, replaced and dropped (ETSI EN 319 142-1, 5.4.2.1 to 5.4.2.3).

    PyHanko takes a renewed or moved VRI entry for a change. What the store holds is looked at by
    our own analysis; here counts that no object of it is used elsewhere.
    """

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        """Clear every new object that hangs on the store."""
        store = value_at(new.root, "/DSS")
        if store is None:
            if "/DSS" in old.root:
                raise SuspiciousModification("The store was removed.")
            return
        if not isinstance(store, generic.DictionaryObject) or any(
            isinstance(store[key], generic.DictionaryObject | generic.ArrayObject)
            for key in set(store) - _STORE_KEYS
        ):
            raise SuspiciousModification("The store holds what is no validation data.")
        for ref in written_below(new, new.root.raw_get("/DSS")):
            yield from _cleared(old, ref, _STORE)


class FormDataRule(QualifiedWhitelistRule):
    """The data of an XFA form change when it is filled in (ISO 32000-1, 12.7.8)."""

    def apply_qualified(self, old: HistoricalResolver, new: HistoricalResolver) -> Updates:
        """Clear the packets of data; a changed template stays unexplained."""
        before, after = (_named(_packets(handler)) for handler in (old, new))
        if before.keys() != after.keys():
            raise SuspiciousModification("Packets of the form were added or taken away.")
        for name, packet in after.items():
            if name in DATA:
                for ref in written_below(new, packet):
                    for update in _cleared(old, ref, _XFA):
                        yield ModificationLevel.FORM_FILLING, update
            elif packet != before[name]:
                raise SuspiciousModification("A packet of the form is another object.")
            else:
                yield from _written_anew(old, new, packet)


def _written_anew(old: HistoricalResolver, new: HistoricalResolver, packet: Any) -> Updates:
    """Clear a packet that says the same in other words."""
    if isinstance(packet, generic.IndirectObject) and packet.reference in written_by(new):
        before, after = old(packet.reference), new(packet.reference)
        if (
            isinstance(before, generic.StreamObject)
            and isinstance(after, generic.StreamObject)
            and same_packet(before.data, after.data)
        ):
            for update in _cleared(old, packet.reference, _XFA):
                yield ModificationLevel.FORM_FILLING, update


def _packets(handler: HistoricalResolver) -> Any:
    form = value_at(handler.root, "/AcroForm")
    return value_at(form, "/XFA") if isinstance(form, generic.DictionaryObject) else None


def _named(packets: Any) -> dict[str, Any]:
    if not isinstance(packets, generic.ArrayObject):
        return {} if packets is None else {"": packets}
    raw = [packets.raw_get(at) for at in range(len(packets))]
    return {str(name): packet for name, packet in zip(raw[::2], raw[1::2], strict=False)}


def _is_field(item: Any) -> bool:
    return isinstance(item, generic.DictionaryObject) and bool({"/FT", "/Parent"} & set(item))


class OrderRule(QualifiedWhitelistRule):
    """A filled field may be one that scripts calculate in an order (ISO 32000-2, 12.7.3, /CO).

    Or one that the structure tree names (14.7.5.3, /Obj). Neither says anything of the field, and
    both are compared where they stand.
    """

    def apply_qualified(self, old: HistoricalResolver, new: HistoricalResolver) -> Updates:
        """Clear written fields for these places."""
        for ref in written_by(new):
            if old.is_ref_unassignable(ref) or not _is_field(old(ref)):
                continue
            for path in old._get_usages_of_ref(ref):  # noqa: SLF001 - as pyHanko's own rules do
                if _below(path, _ORDER) or list(path)[-1:] == ["/Obj"]:
                    context = Context.from_absolute(old, path)
                    update = ReferenceUpdate(ref, context_checked=context)
                    yield ModificationLevel.FORM_FILLING, update


class OfThisRevision(FieldMDPRule):
    """Asks another rule, and keeps to objects that the revision wrote.

    PyHanko's rules also name looks that an earlier revision wrote, and hold these against the lock
    of their field.
    """

    def __init__(self, rule: FieldMDPRule) -> None:
        """Keep the rule."""
        self._rule = rule

    def apply(
        self, context: FieldComparisonContext
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """Yield what the other rule clears among the objects of this revision."""
        written = written_by(context.new)
        for level, update in self._rule.apply(context):
            if update.updated_ref in written:
                yield level, update


class FilledFieldRule(GenericFieldModificationRule):
    """A filled field may lose its look, so that viewers draw it anew (ISO 32000-2, 12.7.4.3)."""

    def check_form_field(
        self, fq_name: str, spec: FieldComparisonSpec, context: FieldComparisonContext
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """Clear a field whose look went with its old value; ask pyHanko's own rule else."""
        old, new = spec.old_field, spec.new_field
        is_redrawn = (
            spec.field_type == "/Tx"
            and isinstance(old, generic.DictionaryObject)
            and isinstance(new, generic.DictionaryObject)
            and "/AP" in old
            and "/AP" not in new
            and spec.new_field_ref is not None
        )
        if not is_redrawn or spec.new_field_ref is None:
            yield from super().check_form_field(fq_name, spec, context)
            return
        is_free = self.compare_fields(spec)
        for expected in spec.expected_contexts():
            yield (
                ModificationLevel.FORM_FILLING,
                FormUpdate(
                    updated_ref=spec.new_field_ref,
                    field_name=fq_name,
                    valid_when_locked=is_free,
                    context_checked=expected,
                ),
            )
