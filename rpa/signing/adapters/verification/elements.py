"""Which objects are elements of a document's structure tree (ISO 32000-2, 14.7.2)."""

from dataclasses import dataclass, field
from typing import Final

from rpa.signing.adapters.verification.graph import Graph, Node
from rpa.signing.adapters.verification.lexer import Item, Ref

_DEPTH: Final = 150


@dataclass
class Elements:
    """Finds out of single objects whether the tree holds them, from below."""

    graph: Graph
    _known: dict[int, bool] = field(default_factory=dict)
    _kids: dict[int, frozenset[int]] = field(default_factory=dict)

    def holds(self, number: int) -> bool:
        """Say whether an object is the root of the tree or an element that hangs on it."""
        path: list[int] = []
        while number not in self._known:
            if number in path or len(path) > _DEPTH:
                self._known[number] = False
                break
            path.append(number)
            above = self._above(number)
            if above is None:
                self._known[number] = number == self._root_number()
            elif number not in self._kids_of(above):
                self._known[number] = False
            else:
                number = above
        answer = self._known[number]
        self._known.update(dict.fromkeys(path, answer))
        return answer

    def _root_number(self) -> int:
        root = self.graph.entries(self.graph.trailer.get("Root")).get("StructTreeRoot")
        return root.number if isinstance(root, Ref) else 0

    def _above(self, number: int) -> int | None:
        if number == self._root_number():
            return None
        entries = self._dictionary(number)
        parent = entries.get("P") if isinstance(entries, dict) else None
        return parent.number if isinstance(parent, Ref) else None

    def _kids_of(self, number: int) -> frozenset[int]:
        if number not in self._kids:
            entries = self._dictionary(number)
            kids: Item = entries.get("K") if isinstance(entries, dict) else None
            found = self.graph.at(kids)
            items = found if isinstance(found, list) else [kids]
            self._kids[number] = frozenset(one.number for one in items if isinstance(one, Ref))
        return self._kids[number]

    def _dictionary(self, number: int) -> Node:
        return self.graph.node(Ref(number, 0))
