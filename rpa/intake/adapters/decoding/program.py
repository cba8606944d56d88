"""The child's one way of running: hold the limits, read, answer in frames."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import IO, Any, Final

from rpa.intake.adapters.decoding.frames import (
    BYTES,
    DONE,
    FAILED,
    READY,
    REFUSED,
    write_frame,
    write_record,
)
from rpa.intake.adapters.decoding.limits import DecodeLimits, hold
from rpa.intake.adapters.decoding.refusal import Refusal

INSPECT: Final = "inspect"
PAGES: Final = "pages"
SHEETS: Final = "sheets"
UNLOCK: Final = "unlock"
JOIN: Final = "join"


@dataclass(slots=True)
class Answer:
    """What a reader gives: a record, and pieces of bytes one at a time."""

    record: dict[str, Any] = field(default_factory=dict)
    """May still grow while the pieces are drawn; sent after the last of them."""
    pieces: Iterator[bytes] = field(default_factory=lambda: iter(()))


@dataclass(frozen=True, slots=True)
class Work:
    """One document to read."""

    content: bytes
    kind: str
    """As :func:`rpa.intake.media.kind_of` told it."""
    wanted: str
    """:data:`INSPECT`, :data:`PAGES`, :data:`SHEETS`, :data:`UNLOCK` or :data:`JOIN`."""
    limits: DecodeLimits
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wants_pixels(self) -> bool:
        """Say whether pieces are asked for, beside the record."""
        return self.wanted == PAGES


Reader = Callable[[Work], Answer]


def run(reader: Reader, work: Work) -> None:
    """Read the document on standard input and answer on standard output, held to the limits.

    Of an unforeseen error, only its class is told.
    """
    out = sys.stdout.buffer
    hold(work.limits)
    write_frame(out, READY)
    try:
        answer(reader, replace(work, content=sys.stdin.buffer.read()), out)
    except Exception as error:
        write_record(out, FAILED, {"error": type(error).__name__})
        raise


def answer(reader: Reader, work: Work, out: IO[bytes]) -> None:
    """Write the pieces and the record of ``work``, or its refusal."""
    try:
        result = reader(work)
        for piece in result.pieces:
            write_frame(out, BYTES, piece)
    except Refusal as no:
        write_record(out, REFUSED, {"code": no.code, "arguments": no.arguments})
    except (MemoryError, RecursionError):
        write_record(out, REFUSED, {"code": "too-demanding", "arguments": {}})
    else:
        write_record(out, DONE, result.record)
