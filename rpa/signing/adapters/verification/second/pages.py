"""How pyHanko's policy is told that pages and their nodes stay what they were (ISO 32000-2, 7.7.3).

PyHanko's own walk through the pages knows no moved resources, no private keys and no comments.
This one lets a page gain annotations at places that other rules or P=3 vouch for, and nothing else.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath
from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification
from pyhanko.sign.diff_analysis.rules_api import (
    QualifiedWhitelistRule,
    ReferenceUpdate,
    RelativeContext,
)

from rpa.signing.adapters.verification.document_parts import is_private
from rpa.signing.adapters.verification.second.reach import written_below, written_by

Updates = Iterator[tuple[ModificationLevel, ReferenceUpdate]]
_UNSEEN: Final = frozenset({"/LastModified"})
_COMMENTS: Final = frozenset(
    {
        "/Text", "/Popup", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/FreeText",
        "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Stamp", "/Caret", "/Ink",
    }
)  # fmt: skip
_ACTIVE: Final = frozenset({"/A", "/AA", "/PA", "/OC", "/Dest"})
_INHERITED: Final = frozenset({"/MediaBox", "/CropBox", "/Rotate", "/Resources"})
_DEPTH: Final = 60
_ROUNDING: Final = 1e-5


class PageRule(QualifiedWhitelistRule):
    """Clears pages and nodes that only gained annotations, or entries that no reader shows."""

    def __init__(self, *, may_comment: bool) -> None:
        """Keep whether comments may come, change and go (12.8.2.2.2, P=3)."""
        self._may_comment = may_comment

    def apply_qualified(self, old: HistoricalResolver, new: HistoricalResolver) -> Updates:
        """Clear what the revision wrote of the page tree."""
        written = written_by(new)
        for ref, before, after in _page_tree(old, new):
            touched = ref in written
            annotations = _annotations(before), _annotations(after)
            if touched:
                yield from self._rewritten(old, new, ref, (before, after))
            if annotations[0] is not None or annotations[1] is not None:
                yield from self._listed(old, new, ref, (before, after))

    def _rewritten(
        self,
        old: HistoricalResolver,
        new: HistoricalResolver,
        ref: Reference,
        pair: tuple[Any, Any],
    ) -> Updates:
        before, after = pair
        unseen = {key for key in {*before, *after} if key in _UNSEEN or is_private(key[1:])}
        for key in {*before, *after} - unseen - {"/Annots"}:
            if key not in before or key not in after:
                if key in _INHERITED and _equal_effect(old, new, pair, key):
                    continue
                raise SuspiciousModification(f"A page's {key} came or went.")
            one, other = before.raw_get(key), after.raw_get(key)
            if not _equal(old, new, one, other, 0):
                raise SuspiciousModification(f"A page's {key} is another.")
            if one != other:
                yield from _copied(old, new, other, ModificationLevel.LTA_UPDATES)
        for key in unseen & set(after):
            yield from _copied(old, new, after.raw_get(key), ModificationLevel.LTA_UPDATES)
        yield ModificationLevel.LTA_UPDATES, ReferenceUpdate(ref)

    def _listed(
        self,
        old: HistoricalResolver,
        new: HistoricalResolver,
        ref: Reference,
        pair: tuple[Any, Any],
    ) -> Updates:
        """Check that a page's list lost nothing, and clear the list; widgets have their rules."""
        before, after = (_annotations(one) or [] for one in pair)
        lost = [one for one in before if one not in after]
        if lost and not (self._may_comment and all(_is_comment(old, one) for one in lost)):
            raise SuspiciousModification("Annotations were taken away.")
        if [one for one in before if one not in lost] != [one for one in after if one in before]:
            raise SuspiciousModification("Annotations lie in another order.")
        written = written_by(new)
        for one in lost:
            if isinstance(one, generic.IndirectObject) and one.reference in written:
                yield ModificationLevel.ANNOTATIONS, ReferenceUpdate(one.reference)
        for one in after:
            if isinstance(one, generic.IndirectObject) and one.reference in written:
                yield from self._comment(old, new, one)
        raw = pair[1].raw_get("/Annots") if "/Annots" in pair[1] else None
        if isinstance(raw, generic.IndirectObject):
            context = RelativeContext(ref, RawPdfPath("/Annots"))
            yield (
                ModificationLevel.FORM_FILLING,
                ReferenceUpdate(raw.reference)
                if old.is_ref_unassignable(raw.reference)
                else ReferenceUpdate(raw.reference, context_checked=context),
            )

    def _comment(
        self, old: HistoricalResolver, new: HistoricalResolver, one: generic.IndirectObject
    ) -> Updates:
        if self._may_comment and _is_comment(new, one):
            for ref in written_below(new, one):
                if ref == one.reference or old.is_ref_unassignable(ref):
                    yield ModificationLevel.ANNOTATIONS, ReferenceUpdate(ref)
        elif old.is_ref_unassignable(one.reference) and not _is_widget(new, one):
            raise SuspiciousModification("A page lists an annotation that nothing vouches for.")


def value_at(dictionary: Any, key: str) -> Any:
    """Return what stands under a key in the dictionary's own revision; None where nothing does."""
    if key not in dictionary:
        return None
    return dictionary[key]  # not get(), which leads nowhere


def _equal_effect(
    old: HistoricalResolver, new: HistoricalResolver, pair: tuple[Any, Any], key: str
) -> bool:
    """Say whether an entry that came or went stands, as it was, in a node above (7.7.3.4)."""
    found = [_effective(one, key) for one in pair]
    return None not in found and _equal(old, new, found[0], found[1], 0)


def _effective(page: Any, key: str) -> Any:
    for _step in range(_DEPTH):
        if not isinstance(page, generic.DictionaryObject):
            return None
        if key in page:
            return page.raw_get(key)
        page = value_at(page, "/Parent")
    return None


def value_raw(dictionary: Any, key: str) -> Any:
    """Return what is written under a key; None where nothing is."""
    return dictionary.raw_get(key) if key in dictionary else None


def _page_tree(
    old: HistoricalResolver, new: HistoricalResolver
) -> Iterator[tuple[Reference, Any, Any]]:
    """Yield the references of all pages and nodes, with both of their versions."""
    roots = [handler.root.raw_get("/Pages") for handler in (old, new)]
    if roots[0] != roots[1]:
        raise SuspiciousModification("The pages hang on another node.")
    waiting, seen = [roots[0]], set()
    while waiting:
        item = waiting.pop()
        if not isinstance(item, generic.IndirectObject) or item.reference in seen:
            raise SuspiciousModification("The page tree is no tree.")
        seen.add(item.reference)
        before, after = old(item.reference), new(item.reference)
        if not isinstance(before, generic.DictionaryObject) or not isinstance(
            after, generic.DictionaryObject
        ):
            raise SuspiciousModification("A page is no dictionary.")
        yield item.reference, before, after
        kids = value_at(before, "/Kids")
        if isinstance(kids, generic.ArrayObject):
            waiting += [kids.raw_get(at) for at in range(len(kids))]


def _annotations(page: Any) -> list[Any] | None:
    found = value_at(page, "/Annots")
    if not isinstance(found, generic.ArrayObject):
        return None
    return [found.raw_get(at) for at in range(len(found))]


def _is_comment(handler: HistoricalResolver, item: Any) -> bool:
    found = handler(item.reference) if isinstance(item, generic.IndirectObject) else item
    return (
        isinstance(found, generic.DictionaryObject)
        and value_at(found, "/Subtype") in _COMMENTS
        and not _ACTIVE & set(found)
    )


def _is_widget(handler: HistoricalResolver, item: generic.IndirectObject) -> bool:
    found = handler(item.reference)
    return isinstance(found, generic.DictionaryObject) and value_at(found, "/Subtype") == "/Widget"


def _copied(
    old: HistoricalResolver, new: HistoricalResolver, item: Any, level: ModificationLevel
) -> Updates:
    """Clear objects that stand for the first time, under an entry that was found the same."""
    for ref in written_below(new, item):
        if old.is_ref_unassignable(ref):
            yield level, ReferenceUpdate(ref)


def _equal(
    old: HistoricalResolver, new: HistoricalResolver, one: Any, other: Any, depth: int
) -> bool:
    """Say whether two values are the same, wherever they are stored (7.3.10)."""
    if depth > _DEPTH:
        return False
    if isinstance(one, generic.IndirectObject) and one == other:
        return True  # if it was written again, the analysis asks for its own explanation
    one, other = _followed(old, one), _followed(new, other)
    if isinstance(one, generic.DictionaryObject) and isinstance(other, generic.DictionaryObject):
        keys = {*one, *other}
    elif isinstance(one, generic.ArrayObject) and isinstance(other, generic.ArrayObject):
        keys = set(range(max(len(one), len(other))))
    else:
        return _equal_values(one, other)
    return _equal_streams(one, other) and all(
        _has(one, key)
        and _has(other, key)
        and _equal(old, new, one.raw_get(key), other.raw_get(key), depth + 1)
        for key in keys
    )


def _followed(handler: HistoricalResolver, item: Any) -> Any:
    return handler(item.reference) if isinstance(item, generic.IndirectObject) else item


def _has(container: Any, key: Any) -> bool:
    return key < len(container) if isinstance(key, int) else key in container


def _equal_values(one: Any, other: Any) -> bool:
    if isinstance(one, int | float | Decimal) and isinstance(other, int | float | Decimal):
        return abs(float(one) - float(other)) < _ROUNDING
    return type(one) is type(other) and bool(one == other)


def _equal_streams(one: Any, other: Any) -> bool:
    is_stream = isinstance(one, generic.StreamObject)
    if is_stream is not isinstance(other, generic.StreamObject):
        return False
    return not is_stream or bool(one.encoded_data == other.encoded_data)
