"""How results come out of the child: frames of a kind, a length and bytes.

A child writes ``ready`` once its tools are loaded, then any number of ``bytes`` frames, then one
``done`` or ``refused``. A stream without its last frame is the mark of a child that died.
"""

import json
import struct
from collections.abc import Iterator
from typing import IO, Any, Final

READY: Final = b"R"
BYTES: Final = b"B"
DONE: Final = b"D"
REFUSED: Final = b"N"
FAILED: Final = b"F"
_HEAD: Final = struct.Struct(">cQ")


def write_frame(out: IO[bytes], kind: bytes, payload: bytes = b"") -> None:
    """Write one frame and flush it."""
    out.write(_HEAD.pack(kind, len(payload)))
    out.write(payload)
    out.flush()


def write_record(out: IO[bytes], kind: bytes, record: dict[str, Any]) -> None:
    """Write one frame that holds ``record`` as JSON."""
    write_frame(out, kind, json.dumps(record).encode())


def frames(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield each whole frame; a last one cut short is left out."""
    while len(head := stream.read(_HEAD.size)) == _HEAD.size:
        kind, length = _HEAD.unpack(head)
        payload = stream.read(length)
        if len(payload) < length:
            return
        yield kind, payload
