"""Cross-reference sections: tables, streams, and both at once (ISO 32000-2, 7.5.4 to 7.5.8)."""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from rpa.signing.adapters.verification.lexer import Item, after_blank, after_space, item_at

_TABLE: Final = re.compile(rb"xref(?![A-Za-z])")
_PART: Final = re.compile(rb"(\d{1,10})[\x00\t\n\f\r ]+(\d{1,7})[\x00\t\n\f\r ]+")
_LINE: Final = re.compile(rb"(\d{10}) (\d{5}) ([nf])[\r\n ]{0,2}")
_TRAILER: Final = re.compile(rb"[\x00\t\n\f\r ]*trailer")
_HEAD: Final = re.compile(rb"(\d{1,10})[\x00\t\n\f\r ]+(\d{1,5})[\x00\t\n\f\r ]+obj")
_STREAM: Final = re.compile(rb"[\x00\t\n\f\r ]*stream\r?\n")
_MOST_BYTES: Final = 50_000_000
_PNG: Final = 10
_PAETH: Final = 4


class MalformedTableError(ValueError):
    """There is no cross-reference section where one should be."""


class Entry(NamedTuple):
    """Where one object stands."""

    offset: int
    """In the file; or, for a compressed object, its index."""
    generation: int
    stream: int = 0
    """The object stream that holds it; 0 for a plain object."""
    is_free: bool = False

    @property
    def is_plain(self) -> bool:
        """True for an object that stands in the file by itself."""
        return not self.is_free and not self.stream


@dataclass(frozen=True, slots=True)
class Section:
    """One cross-reference section with its trailer."""

    start: int
    entries: dict[int, Entry]
    trailer: Mapping[str, Item]
    pieces: tuple[tuple[int, int], ...]
    """Where it stands: start and end of a table with its trailer; start and 0 of a stream."""

    @property
    def previous(self) -> int | None:
        """The offset of the section before it."""
        found = self.trailer.get("Prev")
        return found if isinstance(found, int) else None


def section_at(pdf: bytes, offset: int, start: int, stop: int) -> Section:
    """Read the section at ``offset``, which must stand between ``start`` and ``stop``.

    Raises:
        MalformedTableError: There is none.
    """
    if not start <= offset < stop:
        raise MalformedTableError
    offset = after_blank(pdf, offset)
    if _TABLE.match(pdf, offset):
        return _with_stream(pdf, _table(pdf, offset), start, stop)
    return _stream(pdf, offset)


def _with_stream(pdf: bytes, section: Section, start: int, stop: int) -> Section:
    """Join the stream of a hybrid section (7.5.8.4); its entries hide no entry of the table.

    Readers that know streams look there before they look in the section before; older ones do not
    look. So the stream may name what the table leaves free, and may repeat what the table says:
    makers do who write both from one list. Where both say different things, readers would differ.
    """
    place = section.trailer.get("XRefStm")
    if place is None:
        return section
    if not isinstance(place, int) or not start <= place < stop:
        raise MalformedTableError
    stream = _stream(pdf, after_space(pdf, place))
    if any(
        not section.entries[number].is_free and section.entries[number] != stream.entries[number]
        for number in section.entries.keys() & stream.entries.keys()
    ):
        raise MalformedTableError
    return Section(
        section.start,
        section.entries | stream.entries,
        section.trailer,
        (*section.pieces, *stream.pieces),
    )


def _table(pdf: bytes, offset: int) -> Section:
    at = after_blank(pdf, offset + 4)
    entries: dict[int, Entry] = {}
    while part := _PART.match(pdf, at):
        first, count, at = int(part[1]), int(part[2]), part.end()
        for number in range(first, first + count):
            line = _LINE.match(pdf, at)
            if line is None or number in entries:
                raise MalformedTableError
            entries[number] = Entry(int(line[1]), int(line[2]), is_free=line[3] == b"f")
            at = line.end()
        at = after_blank(pdf, at)
    found = _TRAILER.match(pdf, at)
    if found is None:
        raise MalformedTableError
    trailer, end = item_at(pdf, found.end())
    if not isinstance(trailer, dict):
        raise MalformedTableError
    return Section(offset, entries, trailer, ((offset, end),))


def _stream(pdf: bytes, offset: int) -> Section:
    head = _HEAD.match(pdf, offset)
    if head is None:
        raise MalformedTableError
    trailer, at = item_at(pdf, head.end())
    begun = _STREAM.match(pdf, at)
    if not isinstance(trailer, dict) or begun is None or trailer.get("Type") != "XRef":
        raise MalformedTableError
    length = trailer.get("Length")
    if not isinstance(length, int) or length < 0:
        raise MalformedTableError
    rows = _rows(_decoded(pdf[begun.end() : begun.end() + length], trailer), trailer)
    entries = dict(_entry(number, row) for number, row in rows)
    return Section(offset, entries, trailer, ((offset, 0),))


def _entry(number: int, row: tuple[int, int, int]) -> tuple[int, Entry]:
    kind, second, third = row
    if kind == 1:
        return number, Entry(second, third)
    if kind == 2:
        return number, Entry(third, 0, stream=second)
    return number, Entry(second, third, is_free=True)


def _rows(
    content: bytes, trailer: Mapping[str, Item]
) -> Iterator[tuple[int, tuple[int, int, int]]]:
    widths = _numbers(trailer.get("W"))
    if len(widths) != 3 or not 0 < sum(widths) <= 24:
        raise MalformedTableError
    size = trailer.get("Size")
    index = _numbers(trailer.get("Index", [0, size]))
    numbers = (
        number
        for first, count in zip(index[::2], index[1::2], strict=True)
        for number in range(first, first + min(count, len(content)))
    )
    one, two, _three = widths
    for at in range(0, len(content) - sum(widths) + 1, sum(widths)):
        row = content[at : at + sum(widths)]
        kind = int.from_bytes(row[:one], "big") if one else 1
        second = int.from_bytes(row[one : one + two], "big")
        yield next(numbers, -1), (kind, second, int.from_bytes(row[one + two :], "big"))


def _numbers(item: Item) -> list[int]:
    if not isinstance(item, list):
        raise MalformedTableError
    found = [one for one in item if isinstance(one, int) and one >= 0]
    if len(found) != len(item):
        raise MalformedTableError
    return found


def _decoded(content: bytes, trailer: Mapping[str, Item]) -> bytes:
    filters = trailer.get("Filter")
    if isinstance(filters, list) and len(filters) == 1:
        filters = filters[0]
    if filters is None:
        return content
    if filters != "FlateDecode":
        raise MalformedTableError
    plain = zlib.decompressobj().decompress(content, _MOST_BYTES)
    settings = trailer.get("DecodeParms")
    if isinstance(settings, list) and len(settings) == 1:
        settings = settings[0]
    if not isinstance(settings, dict) or settings.get("Predictor", 1) == 1:
        return plain
    predictor, columns = settings.get("Predictor"), settings.get("Columns", 1)
    if not isinstance(predictor, int) or predictor < _PNG or not isinstance(columns, int):
        raise MalformedTableError
    return _without_predictor(plain, columns)


def _without_predictor(content: bytes, columns: int) -> bytes:
    """Undo PNG's filters (7.4.4.4; RFC 2083, 6): of one byte a sample, as such streams have."""
    if not 0 < columns <= 24:
        raise MalformedTableError
    above, rows = bytes(columns), []
    for at in range(0, len(content), columns + 1):
        kind, row = content[at], bytearray(content[at + 1 : at + 1 + columns])
        if kind > _PAETH:
            raise MalformedTableError
        for place, byte in enumerate(row):
            left, corner = (row[place - 1], above[place - 1]) if place else (0, 0)
            row[place] = (byte + _guess(kind, left, above[place], corner)) & 0xFF
        above = bytes(row).ljust(columns, b"\0")
        rows.append(bytes(row))
    return b"".join(rows)


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    """Return what a filter took away from a byte."""
    if kind == _PAETH:
        best = left + up - corner
        return min((left, up, corner), key=lambda one: abs(best - one))
    return (0, left, up, (left + up) // 2)[kind]
