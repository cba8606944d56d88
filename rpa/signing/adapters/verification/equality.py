"""Whether a part of a document says the same in two of its revisions, in the role it is met in.

What is compared here is compared to the last entry, wherever it leads. Only a reference that says
where something belongs (the page of an annotation, the parent of a field) is not followed: what
it names is judged in its own role. The same reference met in any other role is followed.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Final

from rpa.signing.adapters.verification.elements import Elements
from rpa.signing.adapters.verification.graph import Graph, Node, Stream
from rpa.signing.adapters.verification.lexer import Item, Name, Ref

_MOST_PAIRS: Final = 400_000
_DEPTH: Final = 150
_STORAGE: Final = frozenset({"Length"})
_LISTS: Final = frozenset({"CO", "T", "Fields"})
"""Keys under which an array names fields; the same array under another key is another thing."""


class TooLargeError(Exception):
    """More objects would have to be compared than is sensible."""


@dataclass(frozen=True, slots=True)
class Places:
    """Objects that both revisions judge in a role of their own, by their numbers."""

    pages: frozenset[int] = frozenset()
    nodes: frozenset[int] = frozenset()
    """Of the page tree."""
    fields: frozenset[int] = frozenset()
    """Fields and their widgets."""
    catalog: frozenset[int] = frozenset()

    def belongs(self, key: str, number: int) -> bool:
        """Say whether a reference under ``key`` only tells where something belongs.

        ``/P``, ``/Pg``: the page of an annotation or of marked content (ISO 32000-2, 12.5.2,
        14.7.2); ``/Parent``: the node of a page, the field of a widget (7.7.3.3, 12.7.4.1);
        ``/Obj``: the widget that a structure element describes (14.7.5.3); ``/CO``, ``/T``,
        ``/Fields``: the fields of an order or an action (12.7.3, 12.6.4.11, 12.7.6); ``/Data``:
        the object that a signature refers to (12.8.1).
        """
        match key:
            case "P" | "Pg":
                return number in self.pages
            case "Parent":
                return number in self.nodes or number in self.fields
            case "Obj" | "CO" | "T" | "Fields":
                return number in self.fields
            case "Data":
                return number in self.catalog or number in self.fields
        return False


class Equality:
    """Compares parts of two revisions."""

    def __init__(
        self, old: Graph, new: Graph, touched: Set[int], places: Places | None = None
    ) -> None:
        """Find out once which objects can reach one that was touched."""
        self.old, self.new = old, new
        self.places = places or Places()
        self._dirty = reaching(old, touched, self.places)
        self._elements = Elements(old)
        self._pairs: dict[tuple[Ref, Ref, str], bool] = {}

    def same(self, old: Node, new: Node) -> bool:
        """Say whether both are the same, whatever objects they are stored in.

        Raises:
            TooLargeError: There is too much to compare.
        """
        return self._told(old, new, "")

    def same_entries(
        self, old: Mapping[str, Item], new: Mapping[str, Item], but: Iterable[str] = ()
    ) -> list[str]:
        """Return the keys under which two dictionaries differ; null is as good as absent."""
        keys = (old.keys() | new.keys()) - set(but)
        return sorted(key for key in keys if not self._told(old.get(key), new.get(key), key))

    def _told(self, old: Node, new: Node, key: str) -> bool:
        known = len(self._pairs)
        is_same = self._same(old, new, 0, key)
        if not is_same:
            # What was taken for the same on the way rested on an assumption about a loop.
            for pair in list(self._pairs)[known:]:
                if self._pairs[pair]:
                    del self._pairs[pair]
        return is_same

    def _same(self, old: Node, new: Node, depth: int, key: str = "") -> bool:
        if depth > _DEPTH or len(self._pairs) > _MOST_PAIRS:
            raise TooLargeError
        if isinstance(old, Ref) and isinstance(new, Ref):
            is_place = old == new and (
                self.places.belongs(key, old.number)
                or (key == "P" and self._elements.holds(old.number))
            )
            return is_place or self._same_object(old, new, depth, key)
        if isinstance(old, Ref):
            return self._same(self.old.node(old), new, depth + 1, key)
        if isinstance(new, Ref):
            return self._same(old, self.new.node(new), depth + 1, key)
        return self._same_value(old, new, depth, key)

    def _same_object(self, old: Ref, new: Ref, depth: int, key: str) -> bool:
        if old == new and old.number not in self._dirty:
            return True
        pair = (old, new, key if key in _LISTS else "")
        if pair not in self._pairs:
            self._pairs[pair] = True
            found = self._same(self.old.node(old), self.new.node(new), depth + 1, key)
            self._pairs[pair] = found
        return self._pairs[pair]

    def _same_value(self, old: Node, new: Node, depth: int, key: str) -> bool:
        if isinstance(old, Stream) and isinstance(new, Stream):
            return (
                old.digest == new.digest
                and bool(old.digest)
                and self._same_dictionary(old.entries, new.entries, depth)
            )
        if isinstance(old, dict) and isinstance(new, dict):
            return self._same_dictionary(old, new, depth)
        if isinstance(old, list) and isinstance(new, list):
            return len(old) == len(new) and self._same_items(old, new, depth, key)
        if isinstance(old, bool) or isinstance(new, bool):
            return old is new
        if isinstance(old, int | float) and isinstance(new, int | float):
            return abs(old - new) < 1e-6
        return type(old) is type(new) and old == new

    def _same_items(self, old: list[Item], new: list[Item], depth: int, key: str) -> bool:
        start = 1 if self._is_destination(old) and old[0] == new[0] else 0
        return all(
            self._same(one, other, depth + 1, key)
            for one, other in zip(old[start:], new[start:], strict=True)
        )

    def _is_destination(self, items: list[Item]) -> bool:
        """Say whether an array is an explicit destination: a page, then a word (12.3.2.2)."""
        return (
            len(items) > 1
            and isinstance(items[0], Ref)
            and items[0].number in self.places.pages
            and isinstance(items[1], Name)
        )

    def _same_dictionary(
        self, old: Mapping[str, Item], new: Mapping[str, Item], depth: int
    ) -> bool:
        return all(
            self._same(old.get(key), new.get(key), depth + 1, key)
            for key in (old.keys() | new.keys()) - _STORAGE
        )


def reaching(graph: Graph, touched: Set[int], places: Places) -> Set[int]:
    """Return all objects from which a touched one can be reached, by more than its place."""
    pointing = defaultdict(set)
    for number, others in graph.references():
        for key, other in others:
            if not places.belongs(key, other):
                pointing[other].add(number)
    found, waiting = set(touched), deque(touched)
    while waiting:
        for number in pointing[waiting.popleft()]:
            if number not in found:
                found.add(number)
                waiting.append(number)
    return found
