"""The pages of a document, in order, with what they inherit (ISO 32000-2, 7.7.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rpa.signing.adapters.verification.graph import Graph
from rpa.signing.adapters.verification.lexer import Item, Ref

INHERITED: Final = ("Resources", "MediaBox", "CropBox", "Rotate")
_MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page."""

    item: Item
    entries: Mapping[str, Item]
    """Its own entries, and those that it inherits."""
    annotations: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class PageTree:
    """All pages, and the nodes above them."""

    pages: tuple[Page, ...]
    nodes: tuple[tuple[Item, Mapping[str, Item]], ...]

    @property
    def numbers(self) -> frozenset[int]:
        """The object numbers of pages and nodes."""
        items = [page.item for page in self.pages] + [item for item, _entries in self.nodes]
        return frozenset(item.number for item in items if isinstance(item, Ref))


def page_tree(graph: Graph) -> PageTree:
    """Return the page tree, without what it repeats in a loop."""
    pages: list[Page] = []
    nodes: list[tuple[Item, Mapping[str, Item]]] = []
    root = graph.under(graph.trailer.get("Root"), "Pages")
    waiting: list[tuple[Item, Mapping[str, Item], tuple[Item, ...]]] = [(root, {}, ())]
    while waiting and len(pages) + len(nodes) < _MOST:
        item, inherited, above = waiting.pop()
        own = graph.entries(item)
        whole = {key: inherited[key] for key in INHERITED if key in inherited} | dict(own)
        if "Kids" in own:
            if item in above:
                continue
            nodes.append((item, own))
            kids = graph.items(own["Kids"])
            waiting.extend((kid, whole, (*above, item)) for kid in reversed(kids))
        elif own:
            pages.append(Page(item, whole, tuple(graph.items(own.get("Annots")))))
    return PageTree(tuple(pages), tuple(nodes))
