"""A small reader of PDF objects, bounded in depth, that keeps track of every byte it used.

ISO 32000-2, 7.2 and 7.3. It reads what stands at one offset and follows nothing. Strings are
``bytes``, names are :class:`Name`, numbers are ``int`` or ``float``.
"""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

_DEPTH: Final = 60
_BLANK: Final = re.compile(rb"(?:[\x00\t\n\f\r ]+|%[^\r\n]*)*")
_SPACE: Final = re.compile(rb"[\x00\t\n\f\r ]*")
_NUMBER: Final = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?=[\x00\t\n\f\r \[\]<>()/%{}]|$)")
_REFERENCE: Final = re.compile(
    rb"(\d{1,10})[\x00\t\n\f\r ]+(\d{1,5})[\x00\t\n\f\r ]+R(?=[\x00\t\n\f\r \[\]<>()/%{}]|$)"
)
_NAME: Final = re.compile(rb"/([^\x00\t\n\f\r \[\]<>()/%{}]*)")
_HEX: Final = re.compile(rb"<([0-9A-Fa-f\x00\t\n\f\r ]*)>")
_WORD: Final = re.compile(rb"[A-Za-z]+")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_PARENTHESIS: Final = re.compile(rb"[()\\]")
_WORDS: Final[dict[bytes, bool | None]] = {b"true": True, b"false": False, b"null": None}

MAX_DIGITS: Final = 20


class MalformedObjectError(ValueError):
    """What stands there is no PDF object, or one nested too deeply."""


class Name(str):
    """A name, without its solidus."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to an indirect object."""

    number: int
    generation: int


Item: TypeAlias = "bool | int | float | bytes | Name | Ref | list[Item] | dict[str, Item] | None"


def after_blank(content: bytes, at: int) -> int:
    """Return the offset of the first byte that is neither white space nor comment."""
    found = _BLANK.match(content, at)
    return found.end() if found else at


def after_space(content: bytes, at: int) -> int:
    """Return the offset of the first byte that is no white space; comments are not skipped."""
    found = _SPACE.match(content, at)
    return found.end() if found else at


def item_at(content: bytes, at: int, depth: int = 0) -> tuple[Item, int]:
    """Return the object at ``at`` and the offset after it.

    Raises:
        MalformedObjectError: There is none.
    """
    if depth > _DEPTH:
        raise MalformedObjectError
    at = after_blank(content, at)
    head = content[at : at + 2]
    if head == b"<<":
        return _dictionary(content, at + 2, depth)
    if head[:1] == b"[":
        return _array(content, at + 1, depth)
    if head[:1] == b"(":
        return _text(content, at + 1)
    return _simple(content, at)


def _simple(content: bytes, at: int) -> tuple[Item, int]:
    if found := _NAME.match(content, at):
        raw = _ESCAPED.sub(lambda hit: bytes([int(hit[1], 16)]), found[1])
        return Name(raw.decode("latin-1")), found.end()
    if found := _REFERENCE.match(content, at):
        return Ref(int(found[1]), int(found[2])), found.end()
    if found := _NUMBER.match(content, at):
        return _number(found[0]), found.end()
    if found := _HEX.match(content, at):
        digits = found[1].translate(None, b"\x00\t\n\f\r ")
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")), found.end()
    if (found := _WORD.match(content, at)) and found[0] in _WORDS:
        return _WORDS[found[0]], found.end()
    raise MalformedObjectError


def _number(written: bytes) -> int | float:
    if len(written) > MAX_DIGITS:
        raise MalformedObjectError
    return float(written) if b"." in written else int(written)


def _array(content: bytes, at: int, depth: int) -> tuple[Item, int]:
    items: list[Item] = []
    while True:
        at = after_blank(content, at)
        if content[at : at + 1] == b"]":
            return items, at + 1
        item, at = item_at(content, at, depth + 1)
        items.append(item)


def _dictionary(content: bytes, at: int, depth: int) -> tuple[Item, int]:
    entries: dict[str, Item] = {}
    while True:
        at = after_blank(content, at)
        if content[at : at + 2] == b">>":
            return entries, at + 2
        key, at = item_at(content, at, depth + 1)
        if not isinstance(key, Name) or key in entries:
            raise MalformedObjectError
        entries[str(key)], at = item_at(content, at, depth + 1)


def _text(content: bytes, at: int) -> tuple[Item, int]:
    """Return a literal string as it is written, escapes unresolved."""
    depth, start = 1, at
    while found := _PARENTHESIS.search(content, at):
        at = found.end()
        if found[0] == b"\\":
            at += 1
            continue
        depth += 1 if found[0] == b"(" else -1
        if not depth:
            return _unescaped(content[start : at - 1]), at
    raise MalformedObjectError


_ESCAPE: Final = re.compile(rb"\\([0-7]{1,3}|\r\n|[\s\S])|\r\n?")
_LETTERS: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _unescaped(written: bytes) -> bytes:
    if b"\\" not in written and b"\r" not in written:
        return written
    return _ESCAPE.sub(_meant, written)


def _meant(found: re.Match[bytes]) -> bytes:
    code = found[1]
    if code is None:
        return b"\n"
    if code.isdigit() and code[:1] in b"01234567":
        return bytes([int(code, 8) & 0xFF])
    if code in (b"\r\n", b"\r", b"\n"):
        return b""
    return _LETTERS.get(code, code)
