"""What signing a prepared field may set: words, numbers, one look, and flags that hide nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rpa.signing.adapters.verification.document_parts import is_plain
from rpa.signing.adapters.verification.equality import Equality
from rpa.signing.adapters.verification.form import FormField
from rpa.signing.adapters.verification.lexer import Item
from rpa.signing.adapters.verification.new_fields import HIDDEN, has_plain_look, is_hidden
from rpa.signing.adapters.verification.pages import PageTree

SIGNED: Final = frozenset({"V", "AP", "M", "F", "MK", "DA", "DR", "P", "BS"})
"""What signing a prepared field may set: its value and look, and what its look was drawn by."""
_PLAIN: Final = ("MK", "DA", "BS", "F", "M")
_FREE: Final = 4 | 128 | HIDDEN
"""Flags for printing, locking and hiding (ISO 32000-2, 12.5.3)."""


@dataclass(frozen=True, slots=True)
class Signing:
    """Compares a prepared field with itself once it was signed."""

    equality: Equality
    tree: PageTree

    def is_sound(self, old: FormField, new: FormField) -> bool:
        """Say whether what signing set are words, numbers and one look."""
        pairs = [(old.item, new.item), *zip(old.widgets, new.widgets, strict=False)]
        return all(self._is_sound_part(*pair) for pair in pairs)

    def reveals(self, old: FormField, new: FormField) -> bool:
        """Say whether a widget that was hidden is seen now."""
        before, after = self.equality.old, self.equality.new
        return any(
            is_hidden(before, before.entries(one)) and not is_hidden(after, after.entries(other))
            for one, other in zip(old.widgets, new.widgets, strict=False)
        )

    def _is_sound_part(self, before: Item, after: Item) -> bool:
        graph = self.equality.new
        was, now = self.equality.old.entries(before), graph.entries(after)
        changed = self._changed(was, now)
        if "AP" in changed and not has_plain_look(graph, now):
            return False
        if "F" in changed and not self._flags_kept(was, now):
            return False
        if "P" in changed and now.get("P") not in [page.item for page in self.tree.pages]:
            return False
        return all(is_plain(graph, now.get(key)) for key in _PLAIN if key in changed)

    def _changed(self, was: Mapping[str, Item], now: Mapping[str, Item]) -> Iterable[str]:
        return self.equality.same_entries(
            {key: was.get(key) for key in SIGNED}, {key: now.get(key) for key in SIGNED}
        )

    def _flags_kept(self, was: Mapping[str, Item], now: Mapping[str, Item]) -> bool:
        one = self.equality.old.at(was.get("F")) or 0
        other = self.equality.new.at(now.get("F")) or 0
        return type(one) is int and type(other) is int and not (one ^ other) & ~_FREE
