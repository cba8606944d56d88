"""A document that grows by incremental updates, its objects always at hand."""

import copy
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.update_grammar.model import Name, Ref, Stream, Value, written

HEAD: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
KINDS: Final = ("table", "stream", "packed", "hybrid")


@dataclass
class Layout:
    """How the objects of one update are put into the file."""

    kind: str = "table"
    """``table``, ``stream``, ``packed`` (object streams), ``hybrid`` (both)."""
    generations: Mapping[int, int] = field(default_factory=dict)
    freed: frozenset[int] = frozenset()
    plain: frozenset[int] = frozenset()
    """Objects that stay out of object streams: signatures."""
    texts: Mapping[int, bytes] = field(default_factory=dict)
    """Objects that are written otherwise than they are."""


@dataclass
class Document:
    """The newest objects, the bytes so far, and what was changed since."""

    objects: dict[int, Value] = field(default_factory=dict)
    content: bytes = b""
    touched: set[int] = field(default_factory=set)
    trailer: dict[str, Value] = field(default_factory=dict)
    start: int | None = None
    size: int = 1
    marks: dict[str, Any] = field(default_factory=dict)
    """What the maker of the document remembers of its parts."""

    def add(self, value: Value) -> Ref:
        """Add an object."""
        number = self.size
        self.size += 1
        self.objects[number] = copy.deepcopy(value)  # never shared with another object
        self.touched.add(number)
        return Ref(number)

    def at(self, value: Value) -> Value:
        """Return what a value stands for, through references."""
        for _step in range(8):
            if not isinstance(value, Ref):
                break
            value = self.objects.get(value.number)
        return value

    def entries(self, value: Value) -> dict[str, Value]:
        """Return the dictionary that a value stands for, or an empty one."""
        found = self.at(value)
        found = found.entries if isinstance(found, Stream) else found
        return found if isinstance(found, dict) else {}

    def touch(self, value: Value) -> None:
        """Note that an object was changed."""
        if isinstance(value, Ref):
            self.touched.add(value.number)

    def items(self, holder: Ref | int, key: str) -> list[Value]:
        """Return the array under a key, made where missing, and note that it changes."""
        number = holder if isinstance(holder, int) else holder.number
        entries = self.entries(Ref(number))
        found = entries.get(key)
        if isinstance(found, Ref) and isinstance(self.at(found), list):
            self.touch(found)
            return self.at(found)  # type: ignore[no-any-return]
        self.touched.add(number)
        if not isinstance(found, list):
            found = entries[key] = []
        return found

    def copy(self) -> "Document":
        """Return a copy that may be changed."""
        return copy.deepcopy(self)

    @property
    def root(self) -> Ref:
        """The catalog's reference."""
        return self.trailer["Root"]  # type: ignore[no-any-return]

    @property
    def catalog(self) -> dict[str, Value]:
        """The catalog."""
        return self.entries(self.root)

    def save(self, layout: Layout | None = None) -> int:
        """Write what was changed as an update; return the offset where it begins."""
        layout = layout or Layout()
        content = self.content or HEAD
        if not content.endswith(b"\n"):
            content += b"\n"
        begin = len(content)
        writer = _Writer(self, layout, content)
        self.content = writer.whole()
        self.start = writer.start
        self.touched.clear()
        return begin


class _Writer:
    """The writing of one update."""

    def __init__(self, document: Document, layout: Layout, content: bytes) -> None:
        self._document = document
        self._layout = layout
        self._pieces = [content]
        self._at = len(content)
        self._offsets: dict[int, int] = {}
        self._packed: dict[int, tuple[int, int]] = {}
        self.start = 0

    def whole(self) -> bytes:
        numbers = sorted(self._document.touched - self._layout.freed)
        if self._layout.kind in ("packed", "hybrid"):
            numbers = self._pack(numbers)
        for number in numbers:
            self._object(number, self._text(number))
        if self._layout.kind == "table":
            self._table(self._trailer())
        elif self._layout.kind == "hybrid":
            self._hybrid()
        else:
            self._references({**self._offsets})
        self._write(b"startxref\n%d\n%%%%EOF\n" % self.start)
        return b"".join(self._pieces)

    def _write(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._at += len(piece)

    def _object(self, number: int, content: bytes) -> None:
        self._offsets[number] = self._at
        generation = self._layout.generations.get(number, 0)
        self._write(b"%d %d obj\n%s\nendobj\n" % (number, generation, content))

    def _text(self, number: int) -> bytes:
        own = self._layout.texts.get(number)
        return written(self._document.objects.get(number)) if own is None else own

    def _pack(self, numbers: list[int]) -> list[int]:
        inside = [n for n in numbers if self._may_be_packed(n)]
        if not inside:
            return numbers
        places, at, contents = [], 0, []
        for number in inside:
            content = self._text(number)
            places.append(b"%d %d" % (number, at))
            contents.append(content)
            at += len(content) + 1
        head = b" ".join(places) + b" "
        holder = self._document.size
        self._document.size += 1
        entries = {"Type": Name("ObjStm"), "N": len(inside), "First": len(head)}
        holding = Stream(entries, head + b" ".join(contents), is_packed=True)
        self._object(holder, written(holding))
        self._packed = {number: (holder, index) for index, number in enumerate(inside)}
        return [n for n in numbers if n not in self._packed]

    def _may_be_packed(self, number: int) -> bool:
        value = self._document.objects.get(number)
        is_plain = not isinstance(value, Stream) and number not in self._layout.plain
        is_plain = is_plain and b"endobj" not in self._layout.texts.get(number, b"")
        return is_plain and number not in self._layout.generations

    def _trailer(self) -> dict[str, Value]:
        entries = {"Size": self._document.size, **self._document.trailer}
        if self._document.start is not None:
            entries["Prev"] = self._document.start
        return entries

    def _table(self, trailer: dict[str, Value]) -> None:
        self.start = self._at
        freed = sorted(self._layout.freed)
        lines = [b"xref\n0 1\n%010d 65535 f \n" % (freed[0] if freed else 0)]
        for number in sorted({*self._offsets, *freed}):
            generation = self._layout.generations.get(number, 0)
            entry = (
                b"%010d %05d n \n" % (self._offsets[number], generation)
                if number in self._offsets
                else b"0000000000 00001 f \n"
            )
            lines.append(b"%d 1\n%s" % (number, entry))
        self._write(b"".join(lines) + b"trailer\n" + written(trailer) + b"\n")

    def _references(self, offsets: dict[int, int], *, is_main: bool = True) -> int:
        own, at = self._document.size, self._at
        self._document.size += 1
        rows = {n: (1, o, self._layout.generations.get(n, 0)) for n, o in offsets.items()}
        rows |= {n: (2, holder, place) for n, (holder, place) in self._packed.items()}
        rows |= dict.fromkeys(self._layout.freed if is_main else (), (0, 0, 1))
        rows[own] = (1, at, 0)
        if self._document.start is None and is_main:
            rows[0] = (0, 0, 65535)
        content = b"".join(
            bytes([kind]) + field2.to_bytes(4, "big") + last.to_bytes(2, "big")
            for kind, field2, last in (rows[n] for n in sorted(rows))
        )
        index = [one for n in sorted(rows) for one in (n, 1)]
        entries: dict[str, Value] = {"Type": Name("XRef"), "W": [1, 4, 2], "Index": index}
        entries |= self._trailer() if is_main else {"Size": self._document.size}
        entries |= {"Filter": Name("FlateDecode")}
        self._write(
            b"%d 0 obj\n%s\nendobj\n" % (own, written(Stream(entries, zlib.compress(content))))
        )
        if is_main:
            self.start = at
        return at

    def _hybrid(self) -> None:
        trailer_extra = self._references({}, is_main=False) if self._packed else None
        trailer = self._trailer()
        if trailer_extra is not None:
            trailer["XRefStm"] = trailer_extra
        self._table(trailer)
