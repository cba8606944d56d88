"""Entries of a filled field beside its value: each must agree with it (ISO 32000-2, 12.7.5)."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Final

from rpa.signing.adapters.verification.document_parts import is_text
from rpa.signing.adapters.verification.form import FormField, text_of
from rpa.signing.adapters.verification.graph import Graph, Stream
from rpa.signing.adapters.verification.lexer import Item, Ref

FILLED: Final = frozenset({"V", "AP", "AS", "I", "TI", "M", "RV"})
"""What filling in changes: the value; the look and its state, drawn and compared; and, judged here,
the chosen and the topmost option of a list, the value as rich text, and when it was done."""
_TAG: Final = re.compile(r"<[^>]*>")


def agrees(graph: Graph, field: FormField, key: str, entries: Mapping[str, Item]) -> bool:
    """Say whether what stands under ``key`` says no more than the field's value does."""
    item = entries.get(key)
    if graph.at(item) is None:
        return True
    if key == "M":
        return is_text(graph, item)
    if key == "TI":
        return field.kind == "Ch" and type(graph.at(item)) is int
    if key == "I":
        return field.kind == "Ch" and _are_chosen(graph, field, item)
    if key == "RV":
        return field.kind == "Tx" and _rich_text(graph, item) == _squeezed(
            text_of(graph.at(field.whole.get("V")))
        )
    return True


def _are_chosen(graph: Graph, field: FormField, item: Item) -> bool:
    """Say whether the indices of ``/I`` are those of the values of ``/V`` among the options."""
    value = graph.at(field.whole.get("V"))
    values = sorted(
        text_of(graph.at(one)) for one in (value if isinstance(value, list) else [value])
    )
    options = [graph.items(one) or [one] for one in graph.items(field.whole.get("Opt"))]
    exports = [text_of(graph.at(one[0])) for one in options]
    indices = [graph.at(one) for one in graph.items(item)]
    places = [one for one in indices if type(one) is int and 0 <= one < len(exports)]
    return len(places) == len(indices) and sorted(exports[one] for one in places) == values


def _rich_text(graph: Graph, item: Item) -> str | None:
    found = graph.at(item)
    if isinstance(found, Stream):
        found = graph.decoded(item) if isinstance(item, Ref) else None
    if not isinstance(found, bytes):
        return None
    return _squeezed(unescape(_TAG.sub("", text_of(found))))


def _squeezed(text: str) -> str:
    return "".join(text.split())
