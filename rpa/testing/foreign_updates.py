"""Incremental updates whose cross-references are as other makers write them, and forged ones."""

import re
from collections.abc import Iterator
from typing import Final

from rpa.testing import signed_samples as s

INFORMATION: Final = {s.INFORMATION: b"<</Title(Again)/Producer(other)>>"}
_TABLE_ENTRY: Final = b"xref\n0 1\n0000000000 65535 f \n%d 1\n%010d 00000 n \n"


def sound_references(once: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield updates of a signed file in which every reader finds the same objects."""
    place = _place(once)
    yield "table and stream name the same object at the same place", hybrid(once)
    yield "an offset at the object", _moved(once, place)
    yield "an offset at the line's end before the object", _moved(once, place - 1)
    yield "an offset at blanks before the object", _spaced(once, b" \r\n ")


def forged_references(once: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield updates of a signed file in which readers may find different objects."""
    place = _place(once)
    yield "table and stream name different places", hybrid(once, shift=-2)
    yield "the stream frees what the table names", hybrid(once, kind=0)
    yield "the stream packs what the table names", hybrid(once, kind=2)
    yield "an offset inside the object's number", _moved(once, place + 1)
    yield "an offset at a comment before the object", _spaced(once, b"%x\n")
    yield "two numbers for one object", _moved(once, place, other=40)
    yield "another object's number", s.updated(once, INFORMATION, entries={s.CONTENTS: place})


def hybrid(once: bytes, *, shift: int = 0, kind: int = 1) -> bytes:
    """Return an update with a table and a stream that both name the document's information."""
    number, at, own = s.INFORMATION, len(once), s.size_of(once)
    piece = b"%d 0 obj\n%s\nendobj\n" % (number, INFORMATION[number])
    stream_at = at + len(piece)
    row = bytes([kind]) + (at + shift).to_bytes(4, "big") + b"\0"
    entries = b"/Type/XRef/W[1 4 1]/Index[%d 1]/Size %d" % (number, own + 1)
    piece += b"%d 0 obj\n%s\nendobj\n" % (own, s.stream(row, entries))
    start = at + len(piece)
    piece += _TABLE_ENTRY % (number, at)
    piece += b"trailer\n<</Size %d/Root 1 0 R/Info %d 0 R" % (own + 1, number)
    piece += b"/Prev %d/XRefStm %d>>\n" % (s.last_table(once), stream_at)
    return once + piece + b"startxref\n%d\n%%%%EOF\n" % start


def _place(once: bytes) -> int:
    """Return where the object will stand in an update."""
    return s.updated(once, INFORMATION).rindex(b"\n%d 0 obj" % s.INFORMATION) + 1


def _moved(once: bytes, place: int, *, other: int | None = None) -> bytes:
    entries = {s.INFORMATION: place} if other is None else {other: place, s.INFORMATION: place}
    return s.updated(once, INFORMATION, entries=entries)


def _spaced(once: bytes, blank: bytes) -> bytes:
    """Put something before the object to which the table leads."""
    plain, place = s.updated(once, INFORMATION), _place(once)
    start = s.last_table(plain)
    made = plain[:place] + blank + plain[place:]
    return re.sub(rb"startxref\n%d" % start, b"startxref\n%d" % (start + len(blank)), made)
