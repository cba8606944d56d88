"""What a revision did to the packets of an XFA form (ISO 32000-1, 12.7.8)."""

from typing import Final
from xml.etree.ElementTree import ParseError, canonicalize

from rpa.domain.signature import ChangeKind
from rpa.signing.adapters.verification.equality import Equality
from rpa.signing.adapters.verification.findings import Finding, Need
from rpa.signing.adapters.verification.form import text_of
from rpa.signing.adapters.verification.graph import Graph
from rpa.signing.adapters.verification.lexer import Item, Ref

DATA: Final = frozenset({"datasets", "form", "localeSet"})
"""The packets that filling in changes."""


def xfa_finding(equality: Equality, old: Item, new: Item) -> Finding:
    """Allow the data of an XFA form to change, and no other of its packets."""
    before, after = _packets(equality.old, old), _packets(equality.new, new)
    others = (before.keys() | after.keys()) - DATA
    is_filled = bool(before) and all(
        equality.same(before.get(name), after.get(name))
        or same_packet(
            _content(equality.old, before.get(name)), _content(equality.new, after.get(name))
        )
        for name in others
    )
    need = Need.FILL if is_filled else Need.NEVER
    return Finding(ChangeKind.FORM_VALUE, "XFA", need, "XFA")


def same_packet(one: bytes, other: bytes) -> bool:
    """Say whether two packets hold the same XML, written in other words (Canonical XML 1.0)."""
    try:
        return bool(one) and canonicalize(one.decode()) == canonicalize(other.decode())
    except (ParseError, ValueError):
        return False


def _content(graph: Graph, item: Item) -> bytes:
    return graph.decoded(item) if isinstance(item, Ref) else b""


def _packets(graph: Graph, item: Item) -> dict[str, Item]:
    items = graph.items(item)
    return {
        text_of(graph.at(name)): packet
        for name, packet in zip(items[::2], items[1::2], strict=False)
    }
