"""Whether a part of a document says the same in two of its revisions."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Set
from typing import Final

from rpa.signing.adapters.verification.graph import Graph, Node, Stream
from rpa.signing.adapters.verification.lexer import Item, Ref

_MOST_PAIRS: Final = 400_000
_DEPTH: Final = 150
_STORAGE: Final = frozenset({"Length"})


class TooLargeError(Exception):
    """More objects would have to be compared than is sensible."""


class Equality:
    """Compares parts of two revisions; ``judged`` objects are left to whoever judges them."""

    def __init__(
        self, old: Graph, new: Graph, touched: Set[int], judged: Set[int] = frozenset()
    ) -> None:
        """Find out once which objects can reach one that was touched."""
        self.old, self.new = old, new
        self._judged = judged
        self._dirty = _reaching(old, touched, judged)
        self._pairs: dict[tuple[Ref, Ref], bool] = {}

    def same(self, old: Node, new: Node) -> bool:
        """Say whether both are the same, whatever objects they are stored in.

        Raises:
            TooLargeError: There is too much to compare.
        """
        known = len(self._pairs)
        is_same = self._same(old, new, 0)
        if not is_same:
            # What was taken for the same on the way rested on an assumption about a loop.
            for pair in list(self._pairs)[known:]:
                if self._pairs[pair]:
                    del self._pairs[pair]
        return is_same

    def _same(self, old: Node, new: Node, depth: int) -> bool:
        if depth > _DEPTH or len(self._pairs) > _MOST_PAIRS:
            raise TooLargeError
        if isinstance(old, Ref) and isinstance(new, Ref):
            return self._same_object(old, new, depth)
        if isinstance(old, Ref):
            return self._same(self.old.node(old), new, depth + 1)
        if isinstance(new, Ref):
            return self._same(old, self.new.node(new), depth + 1)
        return self._same_value(old, new, depth)

    def same_entries(
        self, old: Mapping[str, Item], new: Mapping[str, Item], but: Iterable[str] = ()
    ) -> list[str]:
        """Return the keys under which two dictionaries differ; null is as good as absent."""
        keys = (old.keys() | new.keys()) - set(but)
        return sorted(key for key in keys if not self.same(old.get(key), new.get(key)))

    def _same_object(self, old: Ref, new: Ref, depth: int) -> bool:
        if old == new and (old.number in self._judged or old.number not in self._dirty):
            return True
        if (old, new) in self._pairs:
            return self._pairs[old, new]
        self._pairs[old, new] = True
        found = self._same(self.old.node(old), self.new.node(new), depth + 1)
        self._pairs[old, new] = found
        return found

    def _same_value(self, old: Node, new: Node, depth: int) -> bool:
        if isinstance(old, Stream) and isinstance(new, Stream):
            return (
                old.digest == new.digest
                and bool(old.digest)
                and self._same_dictionary(old.entries, new.entries, depth)
            )
        if isinstance(old, dict) and isinstance(new, dict):
            return self._same_dictionary(old, new, depth)
        if isinstance(old, list) and isinstance(new, list):
            return len(old) == len(new) and all(
                self._same(one, other, depth + 1) for one, other in zip(old, new, strict=True)
            )
        if isinstance(old, bool) or isinstance(new, bool):
            return old is new
        if isinstance(old, int | float) and isinstance(new, int | float):
            return abs(old - new) < 1e-6
        return type(old) is type(new) and old == new

    def _same_dictionary(
        self, old: Mapping[str, Item], new: Mapping[str, Item], depth: int
    ) -> bool:
        return all(
            self._same(old.get(key), new.get(key), depth + 1)
            for key in (old.keys() | new.keys()) - _STORAGE
        )


def _reaching(graph: Graph, touched: Set[int], judged: Set[int]) -> Set[int]:
    """Return all objects from which a touched one can be reached, past no judged one."""
    pointing = defaultdict(set)
    for number, others in graph.references():
        for other in others:
            pointing[other].add(number)
    found, waiting = set(touched), deque(touched - judged)
    while waiting:
        for number in pointing[waiting.popleft()]:
            if number not in found:
                found.add(number)
                if number not in judged:
                    waiting.append(number)
    return found
