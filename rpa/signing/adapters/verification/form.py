"""The form of a document: its fields by name, with what they inherit (ISO 32000-2, 12.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rpa.signing.adapters.verification.graph import Graph
from rpa.signing.adapters.verification.lexer import Item, Name, Ref

_INHERITED: Final = ("FT", "V", "Ff", "DV", "DA", "Q", "Opt", "MaxLen")
_MOST: Final = 20_000
_DEPTH: Final = 40


@dataclass(frozen=True, slots=True)
class FormField:
    """One field that holds a value, or one that only groups others."""

    name: str
    item: Item
    """The reference to its dictionary; or the dictionary, where it is stored in place."""
    own: Mapping[str, Item]
    whole: Mapping[str, Item]
    """Its own entries and those that it inherits."""
    widgets: tuple[Item, ...]
    """Where it is seen: itself, or its kids without a name."""
    is_group: bool

    @property
    def kind(self) -> str:
        """``Sig``, ``Tx``, ``Btn``, ``Ch``, or empty."""
        found = self.whole.get("FT")
        return str(found) if isinstance(found, Name) else ""

    @property
    def number(self) -> int:
        """Its object number; 0 for one stored in place."""
        return self.item.number if isinstance(self.item, Ref) else 0


def fields_of(graph: Graph) -> dict[str, FormField]:
    """Return all fields by their full names; of two with the same name the later gets a number."""
    found: dict[str, FormField] = {}
    root = graph.under(graph.trailer.get("Root"), "AcroForm", "Fields")
    waiting: list[tuple[Item, str, Mapping[str, Item], int]] = [
        (item, "", {}, 0) for item in reversed(graph.items(root))
    ]
    seen: set[Ref] = set()
    while waiting and len(found) < _MOST:
        item, above, inherited, depth = waiting.pop()
        if isinstance(item, Ref):
            if item in seen:
                continue
            seen.add(item)
        own = graph.entries(item)
        if depth > _DEPTH or not own:
            continue
        name = _joined(above, text_of(graph.at(own.get("T"))))
        whole = {key: inherited[key] for key in _INHERITED if key in inherited} | dict(own)
        kids = graph.items(own.get("Kids"))
        children = [kid for kid in kids if "T" in graph.entries(kid)]
        widgets = tuple(kid for kid in kids if "T" not in graph.entries(kid)) if kids else (item,)
        one = FormField(name, item, own, whole, widgets, is_group=bool(children))
        found[name if name not in found else f"{name}#{len(found)}"] = one
        waiting.extend((kid, name, whole, depth + 1) for kid in reversed(children))
    return found


def text_of(item: object) -> str:
    """Return a text string's characters (ISO 32000-2, 7.9.2.2), Latin-1 standing for PDFDoc."""
    if isinstance(item, Name):
        return str(item)
    if not isinstance(item, bytes):
        return ""
    if item.startswith(b"\xfe\xff"):
        return item[2:].decode("utf-16-be", "replace")
    if item.startswith(b"\xff\xfe"):
        return item[2:].decode("utf-16-le", "replace")
    if item.startswith(b"\xef\xbb\xbf"):
        return item[3:].decode("utf-8", "replace")
    return item.decode("latin-1")


def _joined(above: str, name: str) -> str:
    return f"{above}.{name}" if above and name else above or name
