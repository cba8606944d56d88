"""What one incremental update changed, told apart; what is not known to be harmless is not.

Everything that hangs on the trailer is compared with the revision before, from the top: what a
signature may be followed by is judged part by part, all else must be the same. An object that is
used in two places is judged in both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rpa.domain.signature import ChangeKind
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.annotations import annotation_findings
from rpa.signing.adapters.verification.equality import Equality, TooLargeError
from rpa.signing.adapters.verification.findings import Finding, Need
from rpa.signing.adapters.verification.form import FormField, fields_of
from rpa.signing.adapters.verification.form_changes import FormChanges
from rpa.signing.adapters.verification.graph import Graph, Stream
from rpa.signing.adapters.verification.lexer import Item, Name, Ref
from rpa.signing.adapters.verification.pages import PageTree, page_tree
from rpa.signing.adapters.verification.validation_data import is_validation_data

_TRAILER: Final = frozenset(
    {
        "Size", "Prev", "XRefStm", "Type", "W", "Index", "Filter", "DecodeParms", "Length",
        "DocChecksum", "ID", "Root", "Info",
    }
)  # fmt: skip
_CATALOG: Final = frozenset(
    {"Pages", "AcroForm", "DSS", "Metadata", "Extensions", "Version", "StructTreeRoot", "Type"}
)
_NODE: Final = frozenset({"Kids", "Type"})
_PAGE: Final = frozenset({"Annots", "Type", "Tabs", "LastModified", "StructParents"})


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

    def judged(self) -> frozenset[int]:
        """Return the objects that are compared part by part, not as a whole."""
        root, form = self.graph.trailer.get("Root"), self.catalog.get("AcroForm")
        items = [root, form, self.graph.entries(form).get("Fields")]
        for one in self.fields.values():
            items += [one.item, *one.widgets]
        for page in self.tree.pages:
            items += [page.entries.get("Annots"), *page.annotations]
        numbers = {item.number for item in items if isinstance(item, Ref)}
        return self.tree.numbers | numbers


def differences(
    old: RevisionView, new: RevisionView, touched: frozenset[int]
) -> tuple[Finding, ...]:
    """Return what ``new`` changed in ``old``; ``touched`` are the objects that it wrote."""
    equality = Equality(old.graph, new.graph, touched, old.judged() & new.judged())
    try:
        return tuple(dict.fromkeys(_Comparison(old, new, equality, touched).findings()))
    except (TooLargeError, *MALFORMED):
        # What can't be compared can't be permitted.
        return (Finding(ChangeKind.STRUCTURE, "unclear", Need.NEVER),)


class _Comparison:
    """The comparison of a revision with the one before."""

    def __init__(
        self, old: RevisionView, new: RevisionView, equality: Equality, touched: frozenset[int]
    ) -> None:
        self._old = old
        self._new = new
        self._equality = equality
        self._touched = touched

    def findings(self) -> Iterator[Finding]:
        yield from self._trailer()
        yield from self._catalog()
        yield from self._pages()
        form = FormChanges(
            (self._old.graph, self._new.graph),
            (self._old.fields, self._new.fields),
            self._new.tree,
            self._equality,
            self._touched,
        )
        yield from form.findings()
        yield from annotation_findings(
            (self._old.graph, self._new.graph),
            (self._old.tree, self._new.tree),
            (self._old.fields, self._new.fields),
            self._equality,
        )
        yield from self._structure(has_new_fields=form.has_new_fields)

    def _trailer(self) -> Iterator[Finding]:
        old, new = self._old.graph.trailer, self._new.graph.trailer
        if old.get("Root") != new.get("Root"):
            yield Finding(ChangeKind.CONTENT, "trailer Root", Need.NEVER)
        for key in self._equality.same_entries(old, new, _TRAILER):
            yield Finding(ChangeKind.STRUCTURE, f"trailer {key}", Need.NEVER)
        if not self._equality.same(old.get("Info"), new.get("Info")):
            is_plain = _is_plain_information(self._new.graph, new.get("Info"))
            yield Finding(
                ChangeKind.METADATA,
                "document information",
                Need.PRESERVE if is_plain else Need.NEVER,
            )

    def _catalog(self) -> Iterator[Finding]:
        old, new = self._old.catalog, self._new.catalog
        for key in self._equality.same_entries(old, new, _CATALOG):
            yield Finding(ChangeKind.STRUCTURE, f"catalog {key}", Need.NEVER)
        yield from self._harmless(old, new)
        if new.get("DSS") is None and old.get("DSS") is not None:
            yield Finding(ChangeKind.VALIDATION_DATA, "DSS removed", Need.NEVER)
        elif not self._equality.same(old.get("DSS"), new.get("DSS")):
            is_sound = is_validation_data(self._new.graph, new.get("DSS"))
            need = Need.PRESERVE if is_sound else Need.NEVER
            yield Finding(ChangeKind.VALIDATION_DATA, "DSS", need)

    def _harmless(self, old: Mapping[str, Item], new: Mapping[str, Item]) -> Iterator[Finding]:
        graph = self._new.graph
        if not self._equality.same(old.get("Metadata"), new.get("Metadata")):
            found = graph.at(new.get("Metadata"))
            is_plain = found is None or (
                isinstance(found, Stream) and found.entries.get("Type") in ("Metadata", None)
            )
            need = Need.PRESERVE if is_plain else Need.NEVER
            yield Finding(ChangeKind.METADATA, "XMP", need)
        if not self._equality.same(old.get("Extensions"), new.get("Extensions")):
            is_plain = _is_plain(graph, new.get("Extensions"))
            yield Finding(
                ChangeKind.METADATA, "extensions", Need.PRESERVE if is_plain else Need.NEVER
            )
        if not self._equality.same(old.get("Version"), new.get("Version")):
            is_plain = isinstance(graph.at(new.get("Version")), Name)
            yield Finding(ChangeKind.METADATA, "version", Need.PRESERVE if is_plain else Need.NEVER)

    def _pages(self) -> Iterator[Finding]:
        old, new = self._old.tree, self._new.tree
        if len(old.pages) != len(new.pages):
            yield Finding(ChangeKind.PAGE, "pages", Need.NEVER)
            return
        if len(old.nodes) != len(new.nodes) or any(
            self._equality.same_entries(before, after, _NODE)
            for (_one, before), (_other, after) in zip(old.nodes, new.nodes, strict=True)
        ):
            yield Finding(ChangeKind.PAGE, "page tree", Need.NEVER)
        for number, (before, after) in enumerate(zip(old.pages, new.pages, strict=True), 1):
            if before.item != after.item and isinstance(before.item, Ref):
                yield Finding(ChangeKind.PAGE, f"page {number}", Need.NEVER)
            for _key in self._equality.same_entries(before.entries, after.entries, _PAGE):
                yield Finding(ChangeKind.CONTENT, f"page {number}", Need.NEVER)
                break

    def _structure(self, *, has_new_fields: bool) -> Iterator[Finding]:
        """A new field may join the structure tree of a tagged document; nothing may leave it."""
        old, new = self._old.catalog.get("StructTreeRoot"), self._new.catalog.get("StructTreeRoot")
        if self._equality.same(old, new):
            return
        is_added = has_new_fields and _extends(self._old.graph, self._new.graph, old, new, 0)
        need = Need.FILL if is_added else Need.NEVER
        yield Finding(ChangeKind.STRUCTURE, "structure tree", need)


def _extends(old: Graph, new: Graph, before: Item, after: Item, depth: int) -> bool:
    """Say whether ``after`` holds all that ``before`` does; bounded, so that "no" may be unsure."""
    one, other = old.at(before), new.at(after)
    if depth > 40:
        return False
    if before == after and isinstance(before, Ref) and depth > 6:
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return all(
            key in ("P", "Pg", "Obj", "ParentTreeNextKey", "Limits")
            or _extends(old, new, value, other.get(key), depth + 1)
            for key, value in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        rest = iter(other)
        return all(
            any(item == again or _extends(old, new, item, again, depth + 1) for again in rest)
            for item in one
        )
    return type(one) is type(other) and one == other


def _is_plain_information(graph: Graph, item: Item) -> bool:
    found = graph.at(item)
    return found is None or (
        isinstance(found, dict)
        and all(not isinstance(graph.at(value), dict | list | Stream) for value in found.values())
    )


def _is_plain(graph: Graph, item: Item, depth: int = 0) -> bool:
    found = graph.at(item)
    if depth > 4 or isinstance(found, Stream):
        return False
    if isinstance(found, dict):
        return all(_is_plain(graph, one, depth + 1) for one in found.values())
    if isinstance(found, list):
        return all(_is_plain(graph, one, depth + 1) for one in found)
    return True
