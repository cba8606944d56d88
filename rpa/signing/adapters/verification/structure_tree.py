"""Whether a structure tree only gained what a new field needs (ISO 32000-2, 14.7).

A screen reader reads the tree, not the page: what it read must stay, in its order, with the same
words. New elements may join that describe new fields and nothing else.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Final

from rpa.signing.adapters.verification.equality import Equality, TooLargeError
from rpa.signing.adapters.verification.graph import Graph, Stream
from rpa.signing.adapters.verification.lexer import Item, Name, Ref

_ROOT: Final = frozenset({"K", "ParentTree", "ParentTreeNextKey"})
_TREE: Final = frozenset({"Nums", "Kids", "Limits"})
_NEW: Final = frozenset({"Type", "S", "P", "K", "Pg", "T", "Alt", "TU", "A", "Lang", "ID", "NS"})
"""What a new element may say: ``/Alt`` tells of the field it stands for."""
_MOST: Final = 200_000
_DEPTH: Final = 120


@dataclass
class StructureTree:
    """Compares the structure trees of two revisions."""

    old: Graph
    new: Graph
    equality: Equality
    added: Set[int]
    """The object numbers of new fields and their widgets."""
    _steps: int = field(default=0)

    def only_gained(self, before: Item, after: Item) -> bool:
        """Say whether ``after`` holds all of ``before`` and elements of new fields beside it."""
        old, new = self.old.entries(before), self.new.entries(after)
        if isinstance(self.new.at(after), Stream) or not self.added or not old:
            return False
        if before != after or self.equality.same_entries(old, new, _ROOT):
            return False
        if not isinstance(self.new.at(new.get("ParentTreeNextKey")), int | None):
            return False
        return self._kids_kept(old.get("K"), new.get("K"), 0) and self._parents_kept(
            old.get("ParentTree"), new.get("ParentTree")
        )

    def _kids_kept(self, before: Item, after: Item, depth: int) -> bool:
        """Say whether all kids are still there, in their order; new ones stand for new fields."""
        self._steps += 1
        if depth > _DEPTH or self._steps > _MOST:
            raise TooLargeError
        if self.equality.same(before, after):
            return True
        kids = list(_listed(self.old, before))
        for kid in _listed(self.new, after):
            if kids and self._is_kept(kids[0], kid, depth):
                kids.pop(0)
            elif not self._is_new_field(kid, depth):
                return False
        return not kids

    def _is_kept(self, before: Item, after: Item, depth: int) -> bool:
        if not (isinstance(before, Ref) and before == after):
            return not isinstance(after, Ref) and self.equality.same(before, after)
        if self.equality.same(before, after):
            return True
        old, new = self.old.at(before), self.new.at(after)
        if not isinstance(old, dict) or not isinstance(new, dict):
            return False
        others = set(self.equality.same_entries(old, new, {"K", "P"}))
        return (
            not others
            and old.get("P") == new.get("P")
            and self._kids_kept(old.get("K"), new.get("K"), depth + 1)
        )

    def _is_new_field(self, kid: Item, depth: int) -> bool:
        """Say whether a kid is an element, or the reference, of a new field and nothing else."""
        entries = self.new.at(kid)
        if depth > _DEPTH or not isinstance(entries, dict):
            return False
        if isinstance(kid, Ref) and self.old.stood(kid):
            return False
        if entries.get("Type") == Name("OBJR"):
            target = entries.get("Obj")
            return isinstance(target, Ref) and target.number in self.added
        kids = list(_listed(self.new, entries.get("K")))
        return (
            not entries.keys() - _NEW
            and bool(kids)
            and all(self._is_new_field(one, depth + 1) for one in kids)
        )

    def _parents_kept(self, before: Item, after: Item) -> bool:
        """Say whether the parent tree leads from where it led, and else from new fields alone.

        Whoever stands for a new field has a key of its own (ISO 32000-2, 14.7.5.4).
        """
        old, new = self._numbers(self.old, before), self._numbers(self.new, after)
        if not all(
            key in new and (value == new[key] or self.equality.same(value, new[key]))
            for key, value in old.items()
        ):
            return False
        return all(isinstance(new[key], Ref) for key in new.keys() - old.keys())

    def _numbers(self, graph: Graph, root: Item) -> Mapping[int, Item]:
        found: dict[int, Item] = {}
        waiting, seen = [root], 0
        while waiting:
            seen += 1
            if seen > _MOST:
                raise TooLargeError
            entries = graph.entries(waiting.pop())
            items = graph.items(entries.get("Nums"))
            for key, value in zip(items[::2], items[1::2], strict=False):
                if isinstance(key, int):
                    found.setdefault(key, value)
            waiting += graph.items(entries.get("Kids"))
            if entries.keys() - _TREE:
                return found
        return found


def _listed(graph: Graph, item: Item) -> list[Item]:
    """Return the kids under ``/K``: one, or an array of them."""
    found = graph.at(item)
    if found is None:
        return []
    return list(found) if isinstance(found, list) else [item]
