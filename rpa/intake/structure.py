"""Whether a file's end is there, told by its structure alone, without decoding anything."""

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_TAIL: Final = 1024
_PDF_OBJECT: Final = re.compile(rb"\d+\s+\d+\s+obj\b")
_TIFF_WIDTHS: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8,
                       13: 4, 16: 8, 17: 8, 18: 8}  # fmt: skip
_STRIP_OFFSETS: Final = 273
_STRIP_COUNTS: Final = 279
_TILE_OFFSETS: Final = 324
_TILE_COUNTS: Final = 325
_BOX_HEAD: Final = 8
_MAX_DIRECTORIES: Final = 10_000


class TiffStructureError(ValueError):
    """A TIFF's directories lead outside the file or round in a circle."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a TIFF writes its numbers: classic (TIFF 6.0) or BigTIFF."""

    order: str
    is_big: bool

    @property
    def pointer(self) -> str:
        return self.order + ("Q" if self.is_big else "I")

    @property
    def count(self) -> str:
        return self.order + ("Q" if self.is_big else "H")

    @property
    def entry(self) -> str:
        return self.order + ("HHQ8s" if self.is_big else "HHI4s")


def is_complete(content: bytes, kind: str) -> bool:
    """Say whether a document's end is there; True for kinds that don't tell."""
    has_end = _ENDS.get(kind)
    return has_end is None or has_end(content)


def pdf_has_its_end(content: bytes) -> bool:
    """Say whether the last object is followed by an end-of-file mark (ISO 32000-2, 7.5.5)."""
    end = content.rfind(b"%%EOF")
    return end >= 0 and not _PDF_OBJECT.search(content, end)


def tiff_has_its_end(content: bytes) -> bool:
    """Say whether there is a directory, and each one and every strip lies inside the file.

    A writer puts the first directory behind the first page: until then the header points nowhere.
    """
    try:
        pages = list(tiff_pages(content))
    except TiffStructureError:
        return False
    return bool(pages) and all(_strips_are_inside(directory, content) for directory in pages)


def tiff_pages(content: bytes) -> Iterator[dict[int, tuple[int, ...]]]:
    """Yield each directory's whole-number tags, in the order of the chain (TIFF 6.0, section 2).

    Raises:
        TiffStructureError: A directory lies outside the file, or the chain is a loop.
    """
    try:
        yield from _directories(content)
    except (struct.error, OverflowError, KeyError) as problem:
        raise TiffStructureError from problem


def _directories(content: bytes) -> Iterator[dict[int, tuple[int, ...]]]:
    layout = _layout_of(content)
    at = _number(layout.pointer, content, 8 if layout.is_big else 4)
    seen: set[int] = set()
    while at:
        if at in seen or len(seen) >= _MAX_DIRECTORIES:
            raise TiffStructureError
        seen.add(at)
        count = _number(layout.count, content, at)
        size = struct.calcsize(layout.entry)
        first = at + struct.calcsize(layout.count)
        after = first + count * size
        at = _number(layout.pointer, content, after)
        yield dict(_tags(content, layout, range(first, after, size)))


def _layout_of(content: bytes) -> _Layout:
    order = "<" if content[:2] == b"II" else ">"
    return _Layout(order, is_big=_number(order + "H", content, 2) == 43)


def _tags(content: bytes, layout: _Layout, places: range) -> Iterator[tuple[int, tuple[int, ...]]]:
    for place in places:
        tag, kind, count, inline = struct.unpack_from(layout.entry, content, place)
        letter = {3: "H", 4: "I", 16: "Q"}.get(kind)
        if letter is None:
            continue
        size = _TIFF_WIDTHS[kind] * count
        if size > len(content):
            raise TiffStructureError
        start = place + struct.calcsize(layout.entry) - len(inline)
        at = start if size <= len(inline) else _number(layout.pointer, content, start)
        yield tag, struct.unpack_from(f"{layout.order}{count}{letter}", content, at)


def _strips_are_inside(tags: dict[int, tuple[int, ...]], content: bytes) -> bool:
    offsets = tags.get(_STRIP_OFFSETS) or tags.get(_TILE_OFFSETS) or ()
    counts = tags.get(_STRIP_COUNTS) or tags.get(_TILE_COUNTS) or ()
    return all(
        offset + count <= len(content) for offset, count in zip(offsets, counts, strict=False)
    )


def _number(form: str, content: bytes, at: int) -> int:
    return int(struct.unpack_from(form, content, at)[0])


def heif_has_its_end(content: bytes) -> bool:
    """Say whether the boxes that a file is made of lie inside it (ISO/IEC 14496-12, 4.2)."""
    at = 0
    while at + _BOX_HEAD <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        if size < _BOX_HEAD:
            return size == 0 and at > 0  # 0: the last box, up to the end of the file
        at += size
    return at == len(content)


def _tail_has(mark: bytes) -> Callable[[bytes], bool]:
    return lambda content: mark in content[-_TAIL:]


_ENDS: Final[Mapping[str, Callable[[bytes], bool]]] = {
    "pdf": pdf_has_its_end,
    "tiff": tiff_has_its_end,
    "jpeg": _tail_has(b"\xff\xd9"),
    "jpeg2000": _tail_has(b"\xff\xd9"),
    "png": _tail_has(b"IEND"),
    "gif": _tail_has(b"\x3b"),
    "webp": lambda content: len(content) >= 8 + int.from_bytes(content[4:8], "little"),
    "heic": heif_has_its_end,
    "bmp": lambda content: len(content) >= int.from_bytes(content[2:6], "little"),
}
