"""The process that has the tools loaded and forks a child for each document to check.

It never looks at a document itself. A child is held to a time and a memory, answers with a report
in JSON, and is gone; what hostile bytes made of it goes with it (docs/adr/0006). The process ends
when the program that started it hangs up.
"""

import base64
import contextlib
import gc
import json
import os
import resource
import select
import signal
import struct
import sys
from datetime import datetime
from time import monotonic
from typing import IO, Any, Final

from asn1crypto import x509

from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.verification.check import CHECK_FAILED, Wishes, checked, unreadable
from rpa.signing.adapters.verification.trusted import Authorities

HEAD: Final = struct.Struct(">IQ")
"""The lengths of what is asked, in JSON, and of the document."""
ANSWER: Final = struct.Struct(">BQ")
"""How the child ended, and the length of its report."""
DONE, LATE, DEAD = range(3)
_CHUNK: Final = 1 << 16
_MOST: Final = 64 << 20


def serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests, one after the other, until the other side hangs up."""
    while len(head := asked.read(HEAD.size)) == HEAD.size:
        told, size = HEAD.unpack(head)
        request = json.loads(asked.read(told))
        document = asked.read(size)
        ending, report = _answer(request, document)
        answers.write(ANSWER.pack(ending, len(report)) + report)
        answers.flush()


def _answer(request: dict[str, Any], document: bytes) -> tuple[int, bytes]:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _become_child(request, document, writing)
    os.close(writing)
    try:
        pieces, is_late = _collected(reading, monotonic() + float(request["wall_s"]))
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
    if is_late:
        return LATE, b""
    is_done = pieces is not None and pieces.endswith(b"\n")
    del status
    return (DONE, pieces) if is_done and pieces else (DEAD, b"")


def _collected(reading: int, deadline: float) -> tuple[bytes | None, bool]:
    """Return all that the child writes until it ends, and whether the time ran out before."""
    pieces: list[bytes] = []
    poller = select.poll()
    poller.register(reading, select.POLLIN | select.POLLHUP)
    size = 0
    while size <= _MOST:
        rest = deadline - monotonic()
        if rest <= 0 or not poller.poll(rest * 1000):
            return None, True
        piece = os.read(reading, _CHUNK)
        if not piece:
            return b"".join(pieces), False
        pieces.append(piece)
        size += len(piece)
    return None, False


def _become_child(request: dict[str, Any], document: bytes, writing: int) -> None:
    """Check one document and end; never returns."""
    status = 1
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        memory, seconds = int(request["memory_bytes"]), int(request["wall_s"]) + 1
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        report = _report(request, document)
        with os.fdopen(writing, "wb") as out:
            out.write(report.encode() + b"\n")
        status = 0
    except (MemoryError, OSError):
        status = 2
    finally:
        os._exit(status)


def _report(request: dict[str, Any], document: bytes) -> str:
    roots, lists = (
        [base64.b64decode(one) for one in request[key]] for key in ("roots", "revocation_lists")
    )
    authorities = Authorities([x509.Certificate.load(root) for root in roots], lists)
    wishes = Wishes(
        passwords=tuple(request["passwords"]),
        expect_form_filling=bool(request["expect_form_filling"]),
    )
    at = datetime.fromisoformat(request["at"])
    try:
        return checked(document, authorities, at=at, wishes=wishes).model_dump_json()
    except MALFORMED:
        return unreadable(document, at, CHECK_FAILED).model_dump_json()


if __name__ == "__main__":
    gc.freeze()  # what is loaded stays shared with every child
    serve(sys.stdin.buffer, sys.stdout.buffer)
