"""The incremental updates after a signed end, with every byte of them accounted for.

A reader that trusts cross-references and one that repairs damaged files by looking for objects
must see the same document; where a byte could make them differ, it is reported as hidden
(incremental saving attacks, "A Breaking of the PDF Signature", Mladenov et al. 2019).
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from rpa.signing.adapters.verification.crossrefs import (
    Entry,
    MalformedTableError,
    Section,
    section_at,
)
from rpa.signing.adapters.verification.lexer import (
    Item,
    MalformedObjectError,
    Ref,
    after_blank,
    after_space,
    item_at,
)

_END: Final = re.compile(rb"startxref[\x00\t\n\f\r ]+(\d{1,12})[\x00\t\n\f\r ]+%%EOF")
OBJECT: Final = re.compile(
    rb"(?<!\d)(\d{1,10})[\x00\t\n\f\r ]+(\d{1,5})[\x00\t\n\f\r ]+obj(?![A-Za-z])"
)
_LOOSE: Final = re.compile(rb"(?<![A-Za-z])(?:xref|trailer|startxref)(?![A-Za-z])")
MOST_UPDATES: Final = 500


@dataclass(slots=True)
class Update:
    """One incremental update."""

    start: int
    end: int
    """After its ``%%EOF``."""
    entries: dict[int, Entry] = field(default_factory=dict)
    trailer: Mapping[str, Item] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    """Offsets of bytes that no reader can be trusted to see alike."""

    @property
    def touched(self) -> frozenset[int]:
        """The numbers of all objects that it defines, redefines or frees."""
        return frozenset(self.entries)


def updates_after(pdf: bytes, start: int) -> Iterator[Update]:
    """Yield each update after ``start``, which must be the end of a revision."""
    previous = _last_table(pdf, start)
    # No comment is skipped: a reader that repairs may find objects in one.
    at = after_space(pdf, start)
    for _count in range(MOST_UPDATES):
        if at >= len(pdf):
            return
        found = _END.search(pdf, at)
        if found is None:
            break
        update = Update(at, found.end())
        _read(pdf, update, found, previous)
        previous = int(found[1])
        yield update
        at = after_space(pdf, found.end())
    if at < len(pdf):
        yield Update(at, len(pdf), hidden=[at])


def revision_ends(pdf: bytes, end: int) -> list[int]:
    """Return where revisions up to ``end`` seem to end; the first part of a linearized file not."""
    return [hit.end() for hit in _END.finditer(pdf, 0, end) if int(hit[1])]


def _last_table(pdf: bytes, end: int) -> int | None:
    # A signature may end inside the line of its ``%%EOF``.
    found = None
    for found in re.finditer(rb"startxref[\x00\t\n\f\r ]+(\d{1,12})", pdf[:end]):  # noqa: B007
        pass
    return int(found[1]) if found else None


def _read(pdf: bytes, update: Update, end: re.Match[bytes], previous: int | None) -> None:
    try:
        section = section_at(pdf, int(end[1]), update.start, end.start())
    except (MalformedTableError, MalformedObjectError, ValueError, zlib.error):
        update.hidden.append(update.start)
        return
    update.entries, update.trailer = section.entries, section.trailer
    if section.previous != previous:
        update.hidden.append(section.start)
    update.hidden.extend(_unaccounted(pdf, update, section, end.start()))
    update.hidden.extend(_old_places(pdf, update))


def _unaccounted(pdf: bytes, update: Update, section: Section, stop: int) -> Iterator[int]:
    """Yield offsets of what stands in the update and is neither object nor cross-reference."""
    own = {
        number: entry
        for number, entry in update.entries.items()
        if entry.is_plain and update.start <= _place(pdf, entry) < stop
    }
    yield from (e.offset for number, e in own.items() if not _is_named(pdf, number, e))
    places = {_place(pdf, entry) for entry in own.values()}
    pieces = dict.fromkeys(places, 0) | dict(section.pieces)
    for hit in OBJECT.finditer(pdf, update.start, stop):
        if hit.start() not in pieces:
            yield hit.start()
    at = update.start
    for start in sorted(pieces):
        if _blank_until(pdf, at) < start or start < at:
            yield at
        at = pieces[start] or _object_end(pdf, start, update)
        if at < 0:
            yield start
            at = start
            return
    if _blank_until(pdf, at) < stop or at > stop:
        yield at


def _place(pdf: bytes, entry: Entry) -> int:
    """Return where a plain object stands.

    Its offset is that of its first byte (7.5.4), but readers skip white space before a token, as
    7.2.3 has it, so that one which points at the end of the line before finds the same object; and
    no other can stand between.
    """
    return after_space(pdf, entry.offset)


def _is_named(pdf: bytes, number: int, entry: Entry) -> bool:
    """Say whether the object at an entry's place is the entry's own."""
    head = OBJECT.match(pdf, _place(pdf, entry))
    return head is not None and (int(head[1]), int(head[2])) == (number, entry.generation)


def _blank_until(pdf: bytes, at: int) -> int:
    return after_blank(pdf, at)


def _object_end(pdf: bytes, start: int, update: Update) -> int:
    """Return the offset after ``endobj``, or -1 where the object is not sound."""
    head = OBJECT.match(pdf, start)
    if head is None:
        return -1
    try:
        item, at = item_at(pdf, head.end())
    except MalformedObjectError:
        return -1
    at = after_blank(pdf, at)
    if pdf[at : at + 6] == b"stream" and isinstance(item, dict):
        at = _stream_end(pdf, at + 6, item.get("Length"), update)
    if at < 0 or pdf[at : at + 6] != b"endobj":
        return -1
    return at + 6


def _stream_end(pdf: bytes, at: int, length: Item, update: Update) -> int:
    at += 2 if pdf[at : at + 2] == b"\r\n" else 1
    if isinstance(length, Ref):
        length = _number(pdf, update.entries.get(length.number))
    if not isinstance(length, int) or length < 0 or at + length > len(pdf):
        return -1
    at = after_space(pdf, at + length)
    if pdf[at : at + 9] != b"endstream":
        return -1
    return after_blank(pdf, at + 9)


def _number(pdf: bytes, entry: Entry | None) -> Item:
    if entry is None or not entry.is_plain:
        return None
    head = OBJECT.match(pdf, _place(pdf, entry))
    return item_at(pdf, head.end())[0] if head else None


def _old_places(pdf: bytes, update: Update) -> Iterator[int]:
    """Yield the start of the update where it brings back objects of older parts of the file.

    Some programs repeat entries that have not changed: those are the last of their number.
    """
    places = {n: _place(pdf, entry) for n, entry in update.entries.items() if entry.is_plain}
    old = {number: place for number, place in places.items() if place < update.start}
    if not old:
        return
    last = {int(hit[1]): hit.start() for hit in OBJECT.finditer(pdf, 0, update.start)}
    if any(last.get(number) != place for number, place in old.items()):
        yield update.start
