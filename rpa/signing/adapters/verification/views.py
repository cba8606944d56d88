"""One revision of a document, as signatures are looked for in it and later ones are compared."""

from collections.abc import Mapping
from dataclasses import dataclass

from rpa.signing.adapters.verification.form import FormField, fields_of
from rpa.signing.adapters.verification.graph import Graph
from rpa.signing.adapters.verification.lexer import Item, Ref
from rpa.signing.adapters.verification.pages import PageTree, page_tree


@dataclass(frozen=True)
class RevisionView:
    """One revision, with the parts that are compared."""

    graph: Graph
    fields: Mapping[str, FormField]
    tree: PageTree

    @classmethod
    def of(cls, graph: Graph) -> "RevisionView":
        """Read the parts of a revision."""
        return cls(graph, fields_of(graph), page_tree(graph))

    @property
    def catalog(self) -> Mapping[str, Item]:
        """The document's root."""
        return self.graph.entries(self.graph.trailer.get("Root"))

    @property
    def catalog_numbers(self) -> frozenset[int]:
        """The object number of the root."""
        root = self.graph.trailer.get("Root")
        return frozenset({root.number} if isinstance(root, Ref) else ())

    @property
    def field_numbers(self) -> frozenset[int]:
        """The object numbers of all fields and their widgets."""
        items = [item for one in self.fields.values() for item in (one.item, *one.widgets)]
        return frozenset(item.number for item in items if isinstance(item, Ref))
