"""Where later revisions may have changed what a page shows: new and changed annotations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from rpa.signing.adapters.verification.comparison import places_of
from rpa.signing.adapters.verification.equality import Equality
from rpa.signing.adapters.verification.form import FormField
from rpa.signing.adapters.verification.lexer import Item, Ref
from rpa.signing.adapters.verification.new_fields import is_hidden
from rpa.signing.adapters.verification.placing import Box, rectangle
from rpa.signing.adapters.verification.views import RevisionView

_LOOKS: Final = ("AP", "AS", "F", "MK", "BS", "Border", "DA", "Rect", "C", "IC", "QuadPoints")

_ICON: Final = 32.0
_EDGE: Final = 3.0
_TOUCH: Final = 1.0
_SHARE: Final = 0.25
"""How much of a field may lie over another: forms are drawn by hand."""
_TEXT_MARKS: Final = frozenset({"Highlight", "Underline", "StrikeOut", "Squiggly"})


class MarkKind(Enum):
    """What a changed place of a page is."""

    SIGNATURE = auto()
    """A field to sign in, new or signed now: what it shows was seen by nobody before."""
    VALUE = auto()
    """A text or a choice."""
    BUTTON = auto()
    """A box to tick: all its looks were signed."""
    TICK = auto()
    """A box to tick whose looks were drawn anew."""
    TEXT_MARK = auto()
    """A comment that marks text: a highlight, a line."""
    COMMENT = auto()
    """Any other annotation."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One place of a page that a later revision may have changed."""

    page: int
    """From 0."""
    box: Box
    """As seen now, and as seen when it was signed."""
    kind: MarkKind
    item: Item
    was_seen: bool
    """Whether the signed revision showed it already."""
    field: FormField | None = None
    overlaps: bool = False
    """Whether it lies over another field or a link that was there."""
    is_redrawn: bool = False
    """Whether it is here only because readers were asked to draw all fields themselves."""


def later_marks(old: RevisionView, new: RevisionView, touched: frozenset[int]) -> Iterator[Mark]:
    """Yield what differs between the annotations of two revisions, page by page."""
    equality = Equality(old.graph, new.graph, touched, places_of(old, new))
    before, after = _by_widget(old.fields), _by_widget(new.fields)
    is_redrawn = needs_looks(new) and not needs_looks(old)
    for number, (was, now) in enumerate(zip(old.tree.pages, new.tree.pages, strict=False)):
        for item in dict.fromkeys(one for one in now.annotations if isinstance(one, Ref)):
            stood = item in was.annotations
            field, signed = after.get(item), before.get(item)
            kind = _kind(equality, item, field)
            is_anew = is_redrawn and field is not None
            is_changed = not stood or _changed(equality, item, (signed, field))
            if not is_changed and not is_anew:
                continue
            is_seen = stood and not is_hidden(old.graph, old.graph.entries(item))
            for box in _boxes((old, new), item):
                others = [one for one in was.annotations if one != item]
                share = 0.0 if kind is MarkKind.SIGNATURE else _SHARE
                is_over = _lies_over(old, others, box, share)
                yield Mark(
                    number, box, kind, item, is_seen, field, is_over, is_redrawn=not is_changed
                )
        for lost in was.annotations:
            if lost not in now.annotations:
                for box in _boxes((old,), lost):
                    yield Mark(number, box, MarkKind.TEXT_MARK, lost, was_seen=True)


def _same_looks(equality: Equality, item: Item) -> bool:
    old, new = equality.old.under(item, "AP"), equality.new.under(item, "AP")
    return equality.same(old, new)


def _lies_over(view: RevisionView, others: Sequence[Item], box: Box, share: float) -> bool:
    """Say whether more than a share of a box lies over a field or a link."""
    size = (box[2] - box[0]) * (box[3] - box[1])
    for other in others:
        entries = view.graph.entries(other)
        if view.graph.at(entries.get("Subtype")) not in ("Widget", "Link"):
            continue
        left, bottom, right, top = rectangle(view.graph, entries.get("Rect"))
        across = min(right, box[2]) - max(left, box[0])
        up = min(top, box[3]) - max(bottom, box[1])
        if across > _TOUCH and up > _TOUCH and across * up > share * size:
            return True
    return False


def needs_looks(view: RevisionView) -> bool:
    """Say whether readers are asked to draw the looks of text fields themselves (12.7.3)."""
    form = view.graph.entries(view.catalog.get("AcroForm"))
    return view.graph.at(form.get("NeedAppearances")) is True


def _boxes(views: tuple[RevisionView, ...], item: Item) -> list[Box]:
    found = [_box(view, item) for view in views]
    return list(dict.fromkeys(box for box in found if box[2] > box[0] and box[3] > box[1]))


def _box(view: RevisionView, item: Item) -> Box:
    entries = view.graph.entries(item)
    left, bottom, right, top = rectangle(view.graph, entries.get("Rect"))
    kind = view.graph.at(entries.get("Subtype"))
    if kind == "Text":
        # Readers draw a note's icon in a size of their own, at a corner or amidst (12.5.6.4).
        return (
            left - _EDGE,
            min(bottom, top - _ICON),
            max(right, left + _ICON),
            max(top, bottom + _ICON),
        )
    if kind in _TEXT_MARKS and right > left and top > bottom:
        # A mark without a look gets round ends, which bulge out of its box (12.5.6.10).
        bulge = (top - bottom) / 2
        return (left - bulge, bottom - _EDGE, right + bulge, top + _EDGE)
    return (left, bottom, right, top)


def _by_widget(fields: Mapping[str, FormField]) -> dict[Ref, FormField]:
    return {item: one for one in fields.values() for item in one.widgets if isinstance(item, Ref)}


def _changed(
    equality: Equality, item: Ref, fields: tuple[FormField | None, FormField | None]
) -> bool:
    was, now = equality.old.entries(item), equality.new.entries(item)
    if equality.same_entries(
        {key: was.get(key) for key in _LOOKS}, {key: now.get(key) for key in _LOOKS}
    ):
        return True
    before, after = fields
    if before is None or after is None:
        return before is not after or bool(equality.same_entries(was, now, {"P", "Parent"}))
    return not equality.same(before.whole.get("V"), after.whole.get("V"))


def _kind(equality: Equality, item: Item, field: FormField | None) -> MarkKind:
    graph = equality.new
    if field is None:
        subtype = str(graph.at(graph.entries(item).get("Subtype")) or "")
        return MarkKind.TEXT_MARK if subtype in _TEXT_MARKS else MarkKind.COMMENT
    if field.kind == "Btn":
        return MarkKind.BUTTON if _same_looks(equality, item) else MarkKind.TICK
    return MarkKind.SIGNATURE if field.kind == "Sig" else MarkKind.VALUE
