"""What a revision did to the annotations that pages list (ISO 32000-2, 12.5).

A page's list must hold all that it held, in its order; what is new in it is a widget of a new
field to sign in, listed once in the whole document, or a comment.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from rpa.domain.signature import ChangeKind
from rpa.signing.adapters.verification.equality import Equality
from rpa.signing.adapters.verification.findings import Finding, Need
from rpa.signing.adapters.verification.form import FormField
from rpa.signing.adapters.verification.graph import Graph, Stream
from rpa.signing.adapters.verification.lexer import Item, Ref
from rpa.signing.adapters.verification.new_fields import rectangle_is_sound
from rpa.signing.adapters.verification.pages import Page, PageTree
from rpa.signing.adapters.verification.placing import rectangle

_TEXT_MARKS: Final = frozenset({"Highlight", "Underline", "StrikeOut", "Squiggly"})
_MARKS: Final = _TEXT_MARKS | {"Text", "Popup"}
"""Comments that leave what is below legible; whether they did is seen by drawing the pages."""
_DRAWINGS: Final = frozenset(
    {"FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Stamp", "Caret", "Ink"}
)
"""Comments that draw freely over a page can rewrite it ("Breaking the Specification: PDF
Certification", Rohlmann et al. 2021)."""
_ACTIVE: Final = frozenset({"A", "AA", "PA", "OC", "Dest", "ExData", "FS", "Sound", "Movie"})
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
    listed = Counter(
        one.number for page in trees[1].pages for one in page.annotations if isinstance(one, Ref)
    )
    # The comparison of forms judges fields that stay, and those that are new to sign in.
    lists = Lists(graphs, equality, kept=before & after, new=signing - before, listed=listed)
    for number, pages in enumerate(zip(trees[0].pages, trees[1].pages, strict=False), 1):
        for need in sorted(set(lists.needs(*pages))):
            yield Finding(ChangeKind.ANNOTATION, f"page {number}", need)


def _widgets(fields: Iterable[FormField]) -> set[int]:
    return {one.number for field in fields for one in field.widgets if isinstance(one, Ref)}


@dataclass(frozen=True)
class Lists:
    """Compares the lists of annotations of one page after the other."""

    graphs: tuple[Graph, Graph]
    equality: Equality
    kept: Set[int]
    """Widgets of fields that both revisions have."""
    new: Set[int]
    """Widgets of new fields to sign in."""
    listed: Mapping[int, int]
    """How often each object is listed on all pages."""

    def needs(self, before: Page, after: Page) -> Iterator[Need]:
        """Yield what the changes of one page's list need."""
        rest = list(after.annotations)
        for one in before.annotations:
            passed = self._passed(rest, one)
            if passed is None:
                yield self._lost(one)
                continue
            for other in rest[:passed]:
                yield from self._added(other)
            yield from self._stayed(one, rest[passed])
            rest = rest[passed + 1 :]
        for other in rest:
            yield from self._added(other)

    def _passed(self, rest: Sequence[Item], one: Item) -> int | None:
        """Return how many annotations stand before ``one``; None where it is no more there."""
        for count, other in enumerate(rest):
            is_one = (
                one == other
                if isinstance(one, Ref) or isinstance(other, Ref)
                else self.equality.same(one, other)
            )
            if is_one:
                return count
        return None

    def _stayed(self, one: Item, other: Item) -> Iterator[Need]:
        if not isinstance(one, Ref) or one.number in self.kept:
            return
        old, new = (graph.at(item) for graph, item in zip(self.graphs, (one, other), strict=True))
        if self.equality.same(one, other):
            return
        if isinstance(old, dict) and isinstance(new, dict) and self._is_comment(1, other):
            is_same_kind = old.get("Subtype") == new.get("Subtype")
            yield self._comment(other) if is_same_kind else Need.NEVER
        else:
            yield Need.NEVER

    def _lost(self, one: Item) -> Need:
        """A comment may be deleted where comments are allowed (12.8.2.2.2, table 257, P=3)."""
        if not self._is_comment(0, one):
            return Need.NEVER
        kind = self.graphs[0].at(self.graphs[0].entries(one).get("Subtype"))
        return Need.DRAW if kind in _DRAWINGS else Need.ANNOTATE

    def _added(self, one: Item) -> Iterator[Need]:
        if isinstance(one, Ref) and one.number in self.new:
            if self.listed[one.number] > 1:
                yield Need.NEVER
        elif isinstance(one, Ref) and self.graphs[0].stood(one):
            yield Need.NEVER  # it stood elsewhere in another role
        else:
            yield self._comment(one)

    def _is_comment(self, side: int, one: Item) -> bool:
        entries = self.graphs[side].entries(one)
        kind = str(self.graphs[side].at(entries.get("Subtype")) or "")
        return kind in _MARKS | _DRAWINGS and not entries.keys() & _ACTIVE

    def _comment(self, one: Item) -> Need:
        graph = self.graphs[1]
        entries = graph.entries(one)
        if isinstance(graph.at(one), Stream) or not self._is_comment(1, one):
            return Need.NEVER
        if not rectangle_is_sound(graph, entries.get("Rect")):
            return Need.NEVER
        kind = graph.at(entries.get("Subtype"))
        if kind in _DRAWINGS or (
            kind in _TEXT_MARKS and not graph.items(entries.get("QuadPoints"))
        ):
            return Need.DRAW
        if kind == "Text" and not self._is_icon(entries.get("Rect")):
            return Need.DRAW if "AP" in entries else Need.ANNOTATE
        return Need.ANNOTATE

    def _is_icon(self, item: Item) -> bool:
        left, bottom, right, top = rectangle(self.graphs[1], item)
        return max(right - left, top - bottom) <= _ICON
