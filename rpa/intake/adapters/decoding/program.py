"""The child's one way of running: hold the limits, read, answer in frames."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
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
    wants_pixels: bool
    limits: DecodeLimits


Reader = Callable[[Work], Answer]


def run(reader: Reader) -> None:
    """Read the document on standard input and answer on standard output."""
    kind, wanted, numbers = sys.argv[1:4]
    limits = DecodeLimits.of_numbers(json.loads(numbers))
    out = sys.stdout.buffer
    sys.excepthook = _teller(out)
    hold(limits)
    write_frame(out, READY)
    content = sys.stdin.buffer.read()
    answer(reader, Work(content, kind, wanted == PAGES, limits), out)


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


def _teller(
    out: IO[bytes],
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """Return a hook that tells the parent only the class of an unforeseen error."""

    def tell(kind: type[BaseException], _error: BaseException, _at: TracebackType | None) -> None:
        write_record(out, FAILED, {"error": kind.__name__})

    return tell
