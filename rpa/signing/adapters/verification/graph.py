"""One revision of a PDF as a graph of plain objects, read by qpdf and held to bounds."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final, TypeAlias

import pikepdf

from rpa.signing.adapters.verification.lexer import (
    Item,
    MalformedObjectError,
    Ref,
    item_at,
)

_REFERENCE: Final = re.compile(rb"(?:/(\w+) )?(?<![\w#.])(\d{1,10}) (\d{1,5}) R(?!\w)")
_MOST_DECODED: Final = 64_000_000
QPDF_FAULTS: Final = (pikepdf.PdfError, ValueError, RuntimeError, TypeError, OverflowError)


class UnreadablePdfError(Exception):
    """QPDF can't read the file, even by repairing it."""


class LockedPdfError(UnreadablePdfError):
    """The file is encrypted, and no password given opens it."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream: its dictionary, and what tells its content apart."""

    entries: Mapping[str, Item]
    digest: bytes
    """Of the bytes as stored, once decrypted."""


Node: TypeAlias = "Item | Stream"


@dataclass
class Graph:
    """The objects of one revision."""

    pdf: pikepdf.Pdf
    trailer: Mapping[str, Item]
    content: bytes = field(repr=False)
    password: str = field(repr=False)
    _nodes: dict[tuple[int, int], Node] = field(default_factory=dict)

    def node(self, ref: Ref) -> Node:
        """Return an object; None where there is none, as ISO 32000-2, 7.3.10 says."""
        key = (ref.number, ref.generation)
        if key not in self._nodes:
            self._nodes[key] = self._read(ref)
        return self._nodes[key]

    def stood(self, ref: Ref) -> bool:
        """Say whether the document had an object; its cross-reference streams are none (7.5.8)."""
        found = self.node(ref)
        is_table = isinstance(found, Stream) and found.entries.get("Type") == "XRef"
        return found is not None and not is_table

    def at(self, item: Node) -> Node:
        """Return what ``item`` stands for: itself, or the object that it refers to."""
        for _step in range(8):
            if not isinstance(item, Ref):
                return item
            item = self.node(item)
        return None

    def entries(self, item: Node) -> Mapping[str, Item]:
        """Return a dictionary's or stream's entries; empty for anything else."""
        found = self.at(item)
        if isinstance(found, Stream):
            return found.entries
        return found if isinstance(found, dict) else {}

    def items(self, item: Node) -> Sequence[Item]:
        """Return an array's items; empty for anything else."""
        found = self.at(item)
        return found if isinstance(found, list) else []

    def under(self, item: Node, *keys: str) -> Item:
        """Return what stands in nested dictionaries under ``keys``; None where nothing does."""
        for key in keys:
            item = self.entries(item).get(key)
        return item if not isinstance(item, Stream) else None

    def decoded(self, ref: Ref) -> bytes:
        """Return a stream's decoded content; empty where it can't be decoded or is too large."""
        found = self.pdf.get_object((ref.number, ref.generation))
        if not isinstance(found, pikepdf.Stream):
            return b""
        try:
            content = found.read_bytes()
        except QPDF_FAULTS:
            return b""
        return content if len(content) <= _MOST_DECODED else b""

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of all objects."""
        for found in self.pdf.objects:
            if isinstance(found, pikepdf.Object):
                yield found.objgen[0]

    def references(self) -> Iterator[tuple[int, frozenset[tuple[str, int]]]]:
        """Yield each object's number with those that it refers to, and under which key.

        The key is that of the dictionary which holds the reference; empty inside an array.
        """
        for found in self.pdf.objects:
            written = _written(found)
            if written and isinstance(found, pikepdf.Object):
                hits = _REFERENCE.finditer(written)
                yield (
                    found.objgen[0],
                    frozenset(((hit[1] or b"").decode("ascii"), int(hit[2])) for hit in hits),
                )

    def _read(self, ref: Ref) -> Node:
        found = self.pdf.get_object((ref.number, ref.generation))
        try:
            item = item_at(_written(found), 0)[0]
        except MalformedObjectError:
            return None
        if isinstance(found, pikepdf.Stream) and isinstance(item, dict):
            return Stream(item, _digest(found))
        return item


def opened(content: bytes, passwords: Sequence[str] = ()) -> Graph:
    """Read one revision, repaired where it is damaged.

    Raises:
        LockedPdfError: No password opens it.
        UnreadablePdfError: It is no PDF, or damaged beyond repair.
    """
    for password in ("", *passwords):
        try:
            pdf = pikepdf.open(BytesIO(content), password=password, inherit_page_attributes=False)
        except pikepdf.PasswordError:
            continue
        except QPDF_FAULTS as fault:
            raise UnreadablePdfError from fault
        return Graph(pdf, _trailer(pdf), content, password)
    raise LockedPdfError


def _trailer(pdf: pikepdf.Pdf) -> Mapping[str, Item]:
    try:
        item, _end = item_at(_written(pdf.trailer), 0)
    except MalformedObjectError:
        raise UnreadablePdfError from None
    return item if isinstance(item, dict) else {}


def _written(found: Any) -> bytes:
    """Return an object as qpdf writes it: keys sorted, strings decrypted."""
    if isinstance(found, pikepdf.Stream):
        return bytes(found.stream_dict.unparse(resolved=True))
    if isinstance(found, pikepdf.Object):
        return bytes(found.unparse(resolved=True))
    if isinstance(found, bool):
        return b"true" if found else b"false"
    return b"null" if found is None else str(found).encode("ascii", "replace")


def _digest(stream: pikepdf.Stream) -> bytes:
    try:
        return hashlib.sha256(stream.read_raw_bytes()).digest()
    except QPDF_FAULTS:
        return b""
