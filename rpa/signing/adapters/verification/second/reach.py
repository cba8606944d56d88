"""Which objects of a revision hang on a value, in pyHanko's reading.

PyHanko's own walk stops at objects that older revisions had, and breaks off at dangling references.
"""

from collections.abc import Iterator
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification
from pyhanko.sign.diff_analysis.rules_api import QualifiedWhitelistRule, ReferenceUpdate

_MOST: Final = 500_000
_RAW: Final = generic.EncryptedObjAccess.RAW
"""Strings stay encrypted: a signature's own never were (ISO 32000-2, 7.6.2)."""


def written_below(new: HistoricalResolver, value: Any) -> set[Reference]:
    """Return the objects that the revision wrote among all that can be reached from ``value``."""
    return reached(new, value) & written_by(new)


def written_by(new: HistoricalResolver) -> set[Reference]:
    """Return all objects that the revision wrote, or freed."""
    return set(new.explicit_refs_in_revision())  # type: ignore[no-untyped-call]


def reached(handler: HistoricalResolver, value: Any) -> set[Reference]:
    """Return all objects that can be reached from a value."""
    found: set[Reference] = set()
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, generic.IndirectObject):
            if item.reference in found:
                continue
            found.add(item.reference)
            if len(found) > _MOST:
                raise SuspiciousModification("There is too much to look at.")
            item = _read(handler, item.reference)
        if isinstance(item, generic.DictionaryObject):
            waiting += [item.raw_get(key, _RAW) for key in item]
        elif isinstance(item, generic.ArrayObject):
            waiting += [item.raw_get(at, _RAW) for at in range(len(item))]
    return found


def _read(handler: HistoricalResolver, ref: Reference) -> Any:
    try:
        return handler(ref)
    except KeyError:
        return None


class OrphanRule(QualifiedWhitelistRule):
    """Objects that nothing leads to are shown by no reader, before or after.

    Among them are the cross-reference streams of older revisions, whose numbers some programs free
    or use again.
    """

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterator[tuple[ModificationLevel, ReferenceUpdate]]:
        """Clear what neither revision can reach."""
        written = written_by(new)
        for ref in written - reached(new, new.trailer_view) - reached(old, old.trailer_view):
            yield ModificationLevel.LTA_UPDATES, ReferenceUpdate(ref)
