"""What a revision did to annotations that are no form fields, and what new fields lie over."""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Final

from rpa.domain.signature import ChangeKind
from rpa.signing.adapters.verification.equality import Equality
from rpa.signing.adapters.verification.findings import Finding, Need
from rpa.signing.adapters.verification.form import FormField
from rpa.signing.adapters.verification.graph import Graph
from rpa.signing.adapters.verification.lexer import Item, Ref
from rpa.signing.adapters.verification.pages import Page, PageTree

_NOTES: Final = frozenset({"Text", "Popup", "Highlight", "Underline", "StrikeOut", "Squiggly"})
"""Comments that hide nothing. Those that draw freely over a page (FreeText, Stamp, Redact, shapes)
can rewrite it ("Breaking the Specification: PDF Certification", Rohlmann et al. 2021)."""
_ICON: Final = 40.0
"""The largest side of a note's icon, in points."""


def annotation_findings(
    graphs: tuple[Graph, Graph],
    trees: tuple[PageTree, PageTree],
    fields: tuple[Mapping[str, FormField], Mapping[str, FormField]],
    equality: Equality,
) -> Iterator[Finding]:
    """Yield what changed among the annotations of each page."""
    before, after = (_widgets(side.values()) for side in fields)
    signing = _widgets(one for one in fields[1].values() if one.kind == "Sig")
    # The comparison of forms judges fields that stay, and those that are new to sign in.
    judged = (before & after) | (signing - before)
    for number, pages in enumerate(zip(trees[0].pages, trees[1].pages, strict=False), 1):
        needs = _needs(graphs, pages, judged, equality)
        if _reordered(*pages):
            needs.add(Need.NEVER)
        for need in sorted(needs):
            yield Finding(ChangeKind.ANNOTATION, f"page {number}", need)


def _widgets(fields: Iterable[FormField]) -> set[int]:
    return {one.number for field in fields for one in field.widgets if isinstance(one, Ref)}


def _needs(
    graphs: tuple[Graph, Graph], pages: tuple[Page, Page], judged: Set[int], equality: Equality
) -> set[Need]:
    """Return what the changed and the new annotations of one page need."""
    old, new = graphs
    before, after = pages
    known = {one.number for one in before.annotations if isinstance(one, Ref)}
    needs: set[Need] = set()
    for one in after.annotations:
        if isinstance(one, Ref) and one.number in judged:
            continue
        if isinstance(one, Ref) and one.number in known:
            if equality.same_entries(old.entries(one), new.entries(one), {"P"}):
                needs.add(Need.NEVER)
        elif not _is_known_in_place(one, before, equality):
            needs.add(Need.ANNOTATE if _hides_nothing(new, one) else Need.NEVER)
    return needs


def _reordered(before: Page, after: Page) -> bool:
    """Say whether an annotation is gone, or lies above another than it did."""
    kept = iter(one for one in after.annotations if isinstance(one, Ref))
    return not all(
        any(one == other for other in kept) for one in before.annotations if isinstance(one, Ref)
    ) or sum(not isinstance(one, Ref) for one in before.annotations) > sum(
        not isinstance(one, Ref) for one in after.annotations
    )


def _is_known_in_place(item: Item, before: Page, equality: Equality) -> bool:
    return not isinstance(item, Ref) and any(
        equality.same(one, item) for one in before.annotations if not isinstance(one, Ref)
    )


def _hides_nothing(graph: Graph, annotation: Item) -> bool:
    entries = graph.entries(annotation)
    kind = str(graph.at(entries.get("Subtype")) or "")
    if kind not in _NOTES or entries.keys() & {"A", "AA"}:
        return False
    if "AP" not in entries:
        return True
    rect = [graph.at(one) for one in graph.items(entries.get("Rect"))]
    sides = [one for one in rect if isinstance(one, int | float)]
    if kind != "Text" or len(sides) != 4:
        return False
    return max(abs(sides[2] - sides[0]), abs(sides[3] - sides[1])) <= _ICON
