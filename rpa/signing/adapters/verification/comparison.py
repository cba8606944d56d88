"""What one incremental update changed, told apart; what is not known to be harmless is not.

Everything that hangs on the trailer is compared with the revision before, from the top: what a
signature may be followed by is judged part by part, all else must be the same. Whatever is reached
in two roles is judged in both: a place in which an object may change never excuses another.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from rpa.domain.signature import ChangeKind
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.annotations import annotation_findings
from rpa.signing.adapters.verification.document_parts import (
    is_plain,
    is_plain_information,
    is_private_entry,
    is_text,
    resources_kept,
)
from rpa.signing.adapters.verification.equality import Equality, Places, TooLargeError
from rpa.signing.adapters.verification.findings import Finding, Need
from rpa.signing.adapters.verification.form_changes import FormChanges
from rpa.signing.adapters.verification.graph import Stream
from rpa.signing.adapters.verification.lexer import Item, Name, Ref
from rpa.signing.adapters.verification.pages import Page
from rpa.signing.adapters.verification.structure_tree import StructureTree
from rpa.signing.adapters.verification.validation_data import is_validation_data
from rpa.signing.adapters.verification.views import RevisionView

_TRAILER: Final = frozenset(
    {
        # How the file is stored: updates.py accounts for it (ISO 32000-2, 7.5.5, 7.5.8).
        "Size", "Prev", "XRefStm", "Type", "W", "Index", "Filter", "DecodeParms", "Length",
        "DocChecksum",  # LibreOffice's sum of the file; no reader looks at it
        "ID",           # tells files apart (14.4); of encrypted files qpdf reads what it decrypts
        "Root",         # compared entry by entry: a catalog may move
        "Info",         # judged below
    }
)  # fmt: skip
_STANDARD: Final = frozenset({"Encrypt", "AuthCode"})
"""What the standard knows beside; a maker's own key may go, and none may come."""
_CATALOG: Final = frozenset(
    # Each is judged below, in its own role.
    {"Pages", "AcroForm", "DSS", "Metadata", "Extensions", "Version", "StructTreeRoot"}
)
_NODE: Final = frozenset({"Kids"})
_PAGE: Final = frozenset({"Annots", "LastModified"})
"""Annotations are judged one by one; when a page was changed is told to nobody (14.5)."""


def places_of(old: RevisionView, new: RevisionView) -> Places:
    """Return what both revisions judge in a role of its own: pages by their order."""
    pairs = zip(old.tree.pages, new.tree.pages, strict=False)
    kept = [one.item for one, other in pairs if one.item == other.item]
    nodes = {item for item, _entries in old.tree.nodes} & {item for item, _e in new.tree.nodes}
    return Places(
        pages=frozenset(item.number for item in kept if isinstance(item, Ref)),
        nodes=frozenset(item.number for item in nodes if isinstance(item, Ref)),
        fields=old.field_numbers & new.field_numbers,
        catalog=old.catalog_numbers & new.catalog_numbers,
    )


def differences(
    old: RevisionView, new: RevisionView, touched: frozenset[int]
) -> tuple[Finding, ...]:
    """Return what ``new`` changed in ``old``; ``touched`` are the objects that it wrote."""
    try:
        equality = Equality(old.graph, new.graph, touched, places_of(old, new))
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
        graphs, fields = (
            (self._old.graph, self._new.graph),
            (self._old.fields, self._new.fields),
        )
        form = FormChanges(graphs, fields, self._new.tree, self._equality, self._touched)
        yield from form.findings()
        yield from annotation_findings(
            graphs, (self._old.tree, self._new.tree), fields, self._equality
        )
        yield from self._structure()

    def _trailer(self) -> Iterator[Finding]:
        old, new = self._old.graph.trailer, self._new.graph.trailer
        for key in self._equality.same_entries(old, new, _TRAILER):
            if key in new or key in _STANDARD:
                yield Finding(ChangeKind.STRUCTURE, f"trailer {key}", Need.NEVER)
        if not self._equality.same(old.get("Info"), new.get("Info")):
            is_harmless = is_plain_information(self._new.graph, new.get("Info"))
            yield _described("document information", is_harmless=is_harmless)

    def _catalog(self) -> Iterator[Finding]:
        old, new = self._old.catalog, self._new.catalog
        graph = self._new.graph
        if isinstance(graph.at(graph.trailer.get("Root")), Stream):
            yield Finding(ChangeKind.STRUCTURE, "catalog", Need.NEVER)
        for key in self._equality.same_entries(old, new, _CATALOG):
            if is_private_entry(graph, key, new.get(key)):
                yield _described(f"catalog {key}", is_harmless=True)
            else:
                yield Finding(ChangeKind.STRUCTURE, f"catalog {key}", Need.NEVER)
        yield from self._harmless(old, new)
        if new.get("DSS") is None and old.get("DSS") is not None:
            yield Finding(ChangeKind.VALIDATION_DATA, "DSS removed", Need.NEVER)
        elif not self._equality.same(old.get("DSS"), new.get("DSS")):
            is_sound = is_validation_data(graph, new.get("DSS"))
            need = Need.PRESERVE if is_sound else Need.NEVER
            yield Finding(ChangeKind.VALIDATION_DATA, "DSS", need)

    def _harmless(self, old: Mapping[str, Item], new: Mapping[str, Item]) -> Iterator[Finding]:
        graph = self._new.graph
        if not self._equality.same(old.get("Metadata"), new.get("Metadata")):
            found = graph.at(new.get("Metadata"))
            is_xmp = isinstance(found, Stream) and found.entries.get("Type") in ("Metadata", None)
            yield _described("XMP", is_harmless=found is None or is_xmp)
        if not self._equality.same(old.get("Extensions"), new.get("Extensions")):
            yield _described("extensions", is_harmless=is_plain(graph, new.get("Extensions")))
        if not self._equality.same(old.get("Version"), new.get("Version")):
            is_name = isinstance(graph.at(new.get("Version")), Name)
            yield _described("version", is_harmless=is_name)

    def _pages(self) -> Iterator[Finding]:
        old, new = self._old.tree, self._new.tree
        if len(old.pages) != len(new.pages):
            yield Finding(ChangeKind.PAGE, "pages", Need.NEVER)
            return
        if len(old.nodes) != len(new.nodes) or not all(
            self._same_node(*pair) for pair in zip(old.nodes, new.nodes, strict=True)
        ):
            yield Finding(ChangeKind.PAGE, "page tree", Need.NEVER)
        for number, (before, after) in enumerate(zip(old.pages, new.pages, strict=True), 1):
            if before.item != after.item:
                yield Finding(ChangeKind.PAGE, f"page {number}", Need.NEVER)
            elif not self._same_page(before, after):
                has_more = self._gained_resources(before, after)
                need = Need.DOUBT if has_more else Need.NEVER
                yield Finding(ChangeKind.CONTENT, f"page {number}", need)

    def _same_node(
        self, before: tuple[Item, Mapping[str, Item]], after: tuple[Item, Mapping[str, Item]]
    ) -> bool:
        """Say whether a node of the page tree has the same kids, and bequeaths the same."""
        old, new = self._old.graph, self._new.graph
        if isinstance(new.at(after[0]), Stream) or before[0] != after[0]:
            return False
        if list(old.items(before[1].get("Kids"))) != list(new.items(after[1].get("Kids"))):
            return False
        others = self._equality.same_entries(before[1], after[1], _NODE)
        return all(is_private_entry(new, key, after[1].get(key)) for key in others)

    def _same_page(self, before: Page, after: Page) -> bool:
        graph = self._new.graph
        if isinstance(graph.at(after.item), Stream):
            return False
        others = self._equality.same_entries(before.entries, after.entries, _PAGE)
        if not all(is_private_entry(graph, key, after.entries.get(key)) for key in others):
            return False
        return self._equality.same(
            before.entries.get("LastModified"), after.entries.get("LastModified")
        ) or is_text(graph, after.entries.get("LastModified"))

    def _gained_resources(self, before: Page, after: Page) -> bool:
        """Say whether a page is the same but for new names among its resources.

        Where a form and its pages share them, filling in the form brings fonts along. Nobody who
        wrote the page named them; whether it draws the same is for the other judges.
        """
        others = self._equality.same_entries(before.entries, after.entries, _PAGE)
        old, new = before.entries.get("Resources"), after.entries.get("Resources")
        return others == ["Resources"] and resources_kept(self._equality, old, new)

    def _structure(self) -> Iterator[Finding]:
        """A new field may join the structure tree of a tagged document; nothing may leave it."""
        old, new = self._old.catalog.get("StructTreeRoot"), self._new.catalog.get("StructTreeRoot")
        if self._equality.same(old, new):
            return
        added = self._new.field_numbers - self._old.field_numbers
        tree = StructureTree(self._old.graph, self._new.graph, self._equality, added)
        need = Need.FILL if tree.only_gained(old, new) else Need.NEVER
        yield Finding(ChangeKind.STRUCTURE, "structure tree", need)


def _described(where: str, *, is_harmless: bool) -> Finding:
    return Finding(ChangeKind.METADATA, where, Need.PRESERVE if is_harmless else Need.NEVER)
