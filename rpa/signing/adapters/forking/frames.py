"""What a forking process and its owner say to each other: a JSON head, then bytes."""

import json
import struct
from typing import IO, Any, Final

LATE: Final = 124
"""The status of a child that was ended because its time was over."""
_LENGTHS: Final = struct.Struct(">IQ")


def write_frame(target: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    """Write one frame and flush it."""
    encoded = json.dumps(head).encode()
    target.write(_LENGTHS.pack(len(encoded), len(body)))
    target.write(encoded)
    target.write(body)
    target.flush()


def read_frame(source: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Return the next frame, or None where the other side is gone or broke off."""
    lengths = source.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head_size, body_size = _LENGTHS.unpack(lengths)
    head, body = source.read(head_size), source.read(body_size)
    if len(head) < head_size or len(body) < body_size:
        return None
    return json.loads(head), body
