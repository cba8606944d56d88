"""A new field to sign in: what it may say, and whether it is seen (ISO 32000-2, 12.7.5.5).

Every key is named here, with what it is for; a field with any other is not believed. None of them
makes a reader act, and what is drawn is compared with the page before.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from rpa.signing.adapters.verification.document_parts import is_plain, is_text
from rpa.signing.adapters.verification.form import FormField
from rpa.signing.adapters.verification.graph import Graph, Stream
from rpa.signing.adapters.verification.lexer import Item, Ref

_TEXTS: Final = frozenset({"T", "TU", "TM", "NM", "M", "Contents", "DA", "Lang"})
_NUMBERS: Final = frozenset({"F", "Ff", "Q", "StructParent"})
_PLAIN: Final = frozenset({"MK", "BS", "Border", "Type", "Subtype", "FT", "H", "Lock", "C", "AS"})
"""Words and numbers, without anything drawn: borders, colours, locks."""
_LINKS: Final = frozenset({"P", "Parent", "Kids", "V", "AP", "Rect", "SV", "DR"})
"""Judged apart; seed values bind who signs here (12.7.5.5), resources are those of the look."""
KEYS: Final = _TEXTS | _NUMBERS | _PLAIN | _LINKS

HIDDEN: Final = 2 | 32
"""Hidden, NoView (12.5.3)."""
_FLAGS: Final = 4 | 128 | 512 | HIDDEN
"""Print, Locked, LockedContents, and the two above. Readers turn and scale others each their way
(NoZoom, NoRotate), or show them by the pointer (ToggleNoView)."""

_TURNED: Final = 8 | 16
"""NoZoom, NoRotate: of no meaning where a rectangle has no extent."""


def is_sound(graph: Graph, field: FormField) -> bool:
    """Say whether a new field holds nothing but what a field to sign in needs."""
    parts = [field.item, *(one for one in field.widgets if one != field.item)]
    kids = graph.items(field.own.get("Kids"))
    return set(map(repr, kids)) <= set(map(repr, field.widgets)) and all(
        _is_sound_part(graph, one) for one in parts
    )


def _is_sound_part(graph: Graph, item: Item) -> bool:
    entries = graph.at(item)
    if not isinstance(item, Ref) or not isinstance(entries, dict) or entries.keys() - KEYS:
        return False
    numbers = [graph.at(entries.get(key)) for key in _NUMBERS]
    said = graph.at(entries.get("F"))
    flags = said if isinstance(said, int) else 0
    return (
        all(is_text(graph, entries.get(key)) for key in _TEXTS)
        and all(isinstance(one, int | None) for one in numbers)
        and all(is_plain(graph, entries.get(key)) for key in _PLAIN)
        and not flags & ~(_FLAGS | (_TURNED if _is_point(graph, entries.get("Rect")) else 0))
        and has_plain_look(graph, entries)
        and ("Rect" not in entries or rectangle_is_sound(graph, entries["Rect"]))
    )


def _is_point(graph: Graph, item: Item) -> bool:
    """Say whether a rectangle has no extent, so that there is nothing to turn or scale."""
    sides = [graph.at(one) for one in graph.items(item)]
    return len(sides) == 4 and sides[:2] == sides[2:]


def has_plain_look(graph: Graph, entries: Mapping[str, Item]) -> bool:
    """Say whether a widget has one look, or none: not others for the pointer or for states.

    A dictionary of words where the look should be draws nothing.
    """
    look = graph.at(entries.get("AP"))
    if look is None:
        return True
    if not isinstance(look, dict) or look.keys() - {"N"}:
        return False
    drawn = graph.at(look.get("N"))
    return isinstance(drawn, Stream) or is_plain(graph, drawn)


def rectangle_is_sound(graph: Graph, item: Item) -> bool:
    """Say whether a rectangle is four numbers (7.9.5); readers take others each in their way."""
    parts = [graph.at(one) for one in graph.items(item)]
    return len(parts) == 4 and all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in parts
    )


def seen_boxes(graph: Graph, field: FormField) -> Iterator[Item]:
    """Yield the widgets of a field that take up room on a page and are not hidden."""
    for widget in field.widgets:
        entries = graph.entries(widget)
        if is_hidden(graph, entries):
            continue
        parts = [graph.at(one) for one in graph.items(entries.get("Rect"))]
        sides = [float(one) for one in parts if isinstance(one, int | float)]
        if parts and (len(sides) != 4 or (sides[0] != sides[2] and sides[1] != sides[3])):
            yield widget


def is_hidden(graph: Graph, entries: Mapping[str, Item]) -> bool:
    """Say whether a widget's flags keep it from view."""
    flags = graph.at(entries.get("F"))
    return isinstance(flags, int) and bool(flags & HIDDEN)
