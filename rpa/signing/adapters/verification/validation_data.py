"""The document security store (ETSI EN 319 142-1, 5.4.2; ISO 32000-2, 12.8.4.3)."""

from collections.abc import Iterator
from typing import Final

from rpa.signing.adapters.verification.given import ValidationData
from rpa.signing.adapters.verification.graph import Graph, Stream
from rpa.signing.adapters.verification.lexer import Item, Ref

_LISTS: Final = ("Certs", "OCSPs", "CRLs")
_OF_SIGNATURE: Final = ("Cert", "OCSP", "CRL", "TS", "TU", "Type")
_MOST: Final = 5_000
_SEQUENCE: Final = b"\x30"


def validation_data(graph: Graph) -> ValidationData | None:
    """Return what the store of a revision holds; None where there is none."""
    store = graph.under(graph.trailer.get("Root"), "DSS")
    if not graph.entries(store):
        return None
    found = {key: list(_contents(graph, graph.under(store, key))) for key in _LISTS}
    for one in graph.entries(graph.under(store, "VRI")).values():
        for key in _LISTS:
            found[key] += _contents(graph, graph.under(one, key[:-1]))
    return ValidationData(*(tuple(dict.fromkeys(found[key])) for key in _LISTS))


def is_validation_data(graph: Graph, store: Item) -> bool:
    """Say whether a store holds DER streams in its known lists, and nothing else."""
    entries = graph.entries(store)
    if not isinstance(graph.at(store), dict):
        return False
    for key, value in entries.items():
        if key in _LISTS:
            if not _all_der(graph, value):
                return False
        elif key == "VRI":
            if not all(_is_of_signature(graph, one) for one in graph.entries(value).values()):
                return False
        elif isinstance(graph.at(value), dict | list | Stream):
            return False
    return True


def _is_of_signature(graph: Graph, item: Item) -> bool:
    entries = graph.entries(item)
    if not isinstance(graph.at(item), dict):
        return False
    lists = [entries.get(key) for key in ("Cert", "OCSP", "CRL") if key in entries]
    return all(_all_der(graph, one) for one in lists) and not entries.keys() - set(_OF_SIGNATURE)


def _all_der(graph: Graph, item: Item) -> bool:
    found = graph.items(item)
    return len(found) <= _MOST and all(
        isinstance(one, Ref)
        and isinstance(graph.node(one), Stream)
        and graph.decoded(one)[:1] == _SEQUENCE
        for one in found
    )


def _contents(graph: Graph, item: Item) -> Iterator[bytes]:
    for one in graph.items(item)[:_MOST]:
        if isinstance(one, Ref) and (content := graph.decoded(one)):
            yield content
