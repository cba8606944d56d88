"""Parts of a document that no reader shows, told apart from those that it could."""

import re
from typing import Final

from rpa.signing.adapters.verification.equality import Equality
from rpa.signing.adapters.verification.graph import Graph, Stream
from rpa.signing.adapters.verification.lexer import Item

_PRIVATE: Final = re.compile(r"(?:XX|[A-Za-z]{4}[_:])[\w:.+-]*|[A-Z]{4}")
_DEPTH: Final = 4


def is_plain(graph: Graph, item: Item, depth: int = 0) -> bool:
    """Say whether an item holds words and numbers alone, nested a little."""
    found = graph.at(item)
    if depth > _DEPTH or isinstance(found, Stream):
        return False
    if isinstance(found, dict):
        return all(is_plain(graph, one, depth + 1) for one in found.values())
    if isinstance(found, list):
        return all(is_plain(graph, one, depth + 1) for one in found)
    return True


def is_plain_information(graph: Graph, item: Item) -> bool:
    """Say whether the document information holds words alone (ISO 32000-2, 14.3.3)."""
    found = graph.at(item)
    return found is None or (
        isinstance(found, dict)
        and all(not isinstance(graph.at(value), dict | list | Stream) for value in found.values())
    )


def is_text(graph: Graph, item: Item) -> bool:
    """Say whether an item is a text, or nothing."""
    return isinstance(graph.at(item), bytes | None)


def is_private(key: str) -> bool:
    """Say whether a key is a maker's own, which no other reader knows (ISO 32000-2, Annex E).

    Second-class names begin with a registered prefix of four letters and ``_`` or ``:``, names of
    the third class with ``XX``; some makers write their prefix alone (iText 2's ``/ITXT``), and no
    key of the standard's catalog, nodes and pages is four capitals. A page's ``/PieceInfo`` holds
    nothing else (14.5).
    """
    return key == "PieceInfo" or _PRIVATE.fullmatch(key) is not None


def is_private_entry(graph: Graph, key: str, item: Item) -> bool:
    """Say whether an entry is a maker's own and holds words and numbers alone."""
    return is_private(key) and is_plain(graph, item)


def resources_kept(equality: Equality, old: Item, new: Item, depth: int = 0) -> bool:
    """Say whether all resources are still there, unchanged; new ones may join them."""
    if equality.same(old, new) or old is None:
        return True
    before, after = equality.old.entries(old), equality.new.entries(new)
    return all(
        key == "ProcSet"
        or equality.same(value, after.get(key))
        or (depth < 1 and resources_kept(equality, value, after.get(key), 1))
        for key, value in before.items()
    )
