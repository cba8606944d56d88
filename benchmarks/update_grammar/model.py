"""PDF objects as plain values, and how they are written (ISO 32000-2, 7.3)."""

import re
import zlib
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

_PLAIN: Final = re.compile(rb"[A-Za-z0-9_.+\-:]")
_SPECIAL: Final = re.compile(rb"([\\()\r\n])")


class Name(str):
    """A name, without its solidus."""

    __slots__ = ()


class Ref(NamedTuple):
    """An indirect reference."""

    number: int
    generation: int = 0


class Raw(bytes):
    """Bytes that are written as they are."""

    __slots__ = ()


@dataclass
class Stream:
    """A stream; its length is written, not kept."""

    entries: dict[str, Any] = field(default_factory=dict)
    content: bytes = b""
    is_packed: bool = False
    """Whether it is written deflated."""


@dataclass
class Pairs:
    """A dictionary whose keys are written as they are given, more than once where wanted."""

    pairs: list[tuple[bytes, Any]]


Value = Any
"""None, bool, int, float, bytes (a string), Name, Ref, Raw, list, dict, Stream or Pairs."""


def written(value: Value) -> bytes:
    """Return a value's text."""
    if isinstance(value, Stream):
        return _stream(value)
    if isinstance(value, dict):
        return b"<<%s>>" % b"".join(_name(k) + b" " + written(v) for k, v in value.items())
    if isinstance(value, Pairs):
        return b"<<%s>>" % b"".join(b"/%s %s" % (k, written(v)) for k, v in value.pairs)
    if isinstance(value, Ref):
        return b"%d %d R" % value
    if isinstance(value, list | tuple):
        return b"[%s]" % b" ".join(written(one) for one in value)
    return _scalar(value)


def _scalar(value: Value) -> bytes:
    match value:
        case None:
            return b"null"
        case bool():
            return b"true" if value else b"false"
        case Raw():
            return bytes(value)
        case bytes():
            return b"(%s)" % _SPECIAL.sub(rb"\\\1", value)
        case Name():
            return _name(value)
    return b"%.3f" % value if isinstance(value, float) else b"%d" % value


def _name(text: str) -> bytes:
    raw = text.encode("latin-1", "replace")
    return b"/" + b"".join(bytes([c]) if _PLAIN.match(bytes([c])) else b"#%02x" % c for c in raw)


def _stream(value: Stream) -> bytes:
    content, entries = value.content, dict(value.entries)
    if value.is_packed:
        content = zlib.compress(content)
        entries["Filter"] = Name("FlateDecode")
    entries.setdefault("Length", len(content))
    return b"%s\nstream\n%s\nendstream" % (written(entries), content)
