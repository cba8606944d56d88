"""How pyHanko's policy is told of the widgets of one field (ISO 32000-2, 12.7.4.1)."""

from collections.abc import Iterator
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.diff_analysis.commons import compare_dicts
from pyhanko.sign.diff_analysis.rules_api import (
    Context,
    QualifiedWhitelistRule,
    ReferenceUpdate,
)

from rpa.signing.adapters.verification.second.pages import value_at, value_raw
from rpa.signing.adapters.verification.second.reach import written_below, written_by

Updates = Iterator[tuple[ModificationLevel, ReferenceUpdate]]
_KEYS: Final = frozenset({"/AS", "/AP", "/M", "/DA", "/BS"})
_LOOK: Final = ["/AP", "/N"]


class WidgetRule(QualifiedWhitelistRule):
    """Widgets of one field change their state or look together with its value.

    PyHanko's rule on fields looks at the field's own dictionary; its kids without a name are its
    widgets. What they show is compared by drawing.
    """

    def apply_qualified(self, old: HistoricalResolver, new: HistoricalResolver) -> Updates:
        """Clear kids without a name that are the same but for state, look and date."""
        for ref in written_by(new):
            if old.is_ref_unassignable(ref):
                continue
            before, after = old(ref), new(ref)
            if isinstance(before, generic.StreamObject):
                yield from _look_in_place(old, new, ref)
            elif _is_nameless_widget(before) and _is_nameless_widget(after):
                yield from _widget(old, new, ref)


def _widget(old: HistoricalResolver, new: HistoricalResolver, ref: Reference) -> Updates:
    before, after = old(ref), new(ref)
    compare_dicts(before, after, _KEYS)
    yield ModificationLevel.FORM_FILLING, ReferenceUpdate(ref)
    if "/AP" in after and after.raw_get("/AP") != value_raw(before, "/AP"):
        yield from _fresh(old, new, after.raw_get("/AP"))


def _look_in_place(old: HistoricalResolver, new: HistoricalResolver, ref: Reference) -> Updates:
    """Clear a look that was written over, for each widget without a name that shows it."""
    for path in old._get_usages_of_ref(ref):  # noqa: SLF001 - pyHanko's own rules ask so, too
        nodes = list(path)
        if nodes[-2:] != _LOOK:
            continue
        widget = RawPdfPath(*nodes[:-2]).access_on(old.trailer_view)
        if _is_nameless_widget(widget):
            context = Context.from_absolute(old, path)
            yield ModificationLevel.FORM_FILLING, ReferenceUpdate(ref, context_checked=context)
            yield from _fresh(old, new, new(ref))


def _fresh(old: HistoricalResolver, new: HistoricalResolver, item: Any) -> Updates:
    """Clear what stands for the first time below a look."""
    for ref in written_below(new, item):
        if old.is_ref_unassignable(ref):
            yield ModificationLevel.FORM_FILLING, ReferenceUpdate(ref)


def _is_nameless_widget(item: Any) -> bool:
    return (
        isinstance(item, generic.DictionaryObject)
        and "/Parent" in item
        and "/T" not in item
        and value_at(item, "/Subtype") == "/Widget"
    )
