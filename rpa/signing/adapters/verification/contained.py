"""Checks documents in child processes that hostile bytes can crash, slow or fill without harm."""

import base64
import contextlib
import hashlib
import json
import os
import queue
import struct
import subprocess
import sys
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Final

import rpa
from rpa.domain.errors import ToolUnavailableError
from rpa.domain.model import Digest
from rpa.domain.signature import Indication, Integrity, ValidationReport
from rpa.i18n import _

_PROGRAM: Final = "rpa.signing.adapters.verification.server"
_FLAGS: Final = ("-P", "-s", "-B")
_HEAD: Final = struct.Struct(">IQ")
_ANSWER: Final = struct.Struct(">BQ")
_DONE, _LATE = 0, 1
_ENVIRONMENT: Final = {
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
    "PYTHONPATH": str(Path(rpa.__file__).parents[1]),
}
WORKERS: Final = 2
"""How many documents this program checks at once."""
TOO_SLOW: Final = "check-too-slow"
TOO_DEMANDING: Final = "check-too-demanding"


@dataclass(frozen=True, slots=True)
class CheckLimits:
    """What the check of one document may cost."""

    wall_s: float = 20.0
    memory_bytes: int = 1_500_000_000
    """Of address space, beside eight times the document."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of every document, in plain data."""

    roots: tuple[bytes, ...] = ()
    """In DER."""
    revocation_lists: tuple[bytes, ...] = ()
    """In DER."""
    passwords: tuple[str, ...] = field(default=(), repr=False)
    expect_form_filling: bool = False


class ContainedValidator:
    """Checks each document in a forked child of its own, held to ``limits``.

    May be called from several threads: as many documents are checked at once as this program has
    workers. A worker is started by the first document that needs it, serves all validators, knows
    nothing of the document before, and ends with this program.
    """

    def __init__(self, demand: Demand, limits: CheckLimits | None = None) -> None:
        """Start nothing yet."""
        self._demand = demand
        self._limits = limits or CheckLimits()

    def validate(self, pdf: bytes, *, at: datetime) -> ValidationReport:
        """Check every signature; a child that dies or takes too long makes the file unreadable.

        Raises:
            ToolUnavailableError: The program that checks could not be started: no document's
                fault.
        """
        worker = _idle.get()
        try:
            ending, told = worker.ask(self._request(pdf, at), pdf)
        finally:
            _idle.put(worker)
        if ending == _DONE:
            return ValidationReport.model_validate_json(told)
        why = TOO_SLOW if ending == _LATE else TOO_DEMANDING
        return ValidationReport(
            document=Digest(hashlib.sha256(pdf).hexdigest()),
            checked_at=at,
            integrity=Integrity.UNREADABLE,
            indication=Indication.INDETERMINATE,
            sub_indication="GENERIC",
            warnings=(why,),
        )

    def _request(self, pdf: bytes, at: datetime) -> bytes:
        demand = self._demand
        return json.dumps(
            {
                "at": at.isoformat(),
                "wall_s": self._limits.wall_s,
                "memory_bytes": self._limits.memory_bytes + 8 * len(pdf),
                "roots": _written(demand.roots),
                "revocation_lists": _written(demand.revocation_lists),
                "passwords": list(demand.passwords),
                "expect_form_filling": demand.expect_form_filling,
            }
        ).encode()


class _Worker:
    """One process that forks children; used by one thread at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, request: bytes, pdf: bytes) -> tuple[int, bytes]:
        """Have a child check ``pdf``; a worker found dead is started once more."""
        for _attempt in range(2):
            try:
                return self._asked(request, pdf)
            except (BrokenPipeError, EOFError):
                self._end()
        raise _no_start()

    def _asked(self, request: bytes, pdf: bytes) -> tuple[int, bytes]:
        process = self._started()
        if process.stdin is None or process.stdout is None:
            raise EOFError
        for piece in (_HEAD.pack(len(request), len(pdf)), request, pdf):
            process.stdin.write(piece)
        process.stdin.flush()
        ending, size = _ANSWER.unpack(_read(process.stdout, _ANSWER.size))
        return ending, _read(process.stdout, size)

    def _started(self) -> subprocess.Popen[bytes]:
        # In a fork of this program the worker is still the other's.
        if self._process is None or self._owner != os.getpid():
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    [sys.executable, *_FLAGS, "-m", _PROGRAM],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    cwd="/",
                    env=_ENVIRONMENT,
                    start_new_session=True,
                )
            except OSError as problem:
                raise _no_start() from problem
            self._owner = os.getpid()
            weakref.finalize(self, _hang_up, self._process, self._owner)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            _hang_up(self._process, self._owner)
            self._process = None


def _hang_up(process: subprocess.Popen[bytes], owner: int) -> None:
    if owner != os.getpid():
        return
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    try:
        process.wait(1)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


_idle: Final[queue.LifoQueue[_Worker]] = queue.LifoQueue()
for _number in range(WORKERS):
    _idle.put(_Worker())


def _read(source: IO[bytes], size: int) -> bytes:
    found = source.read(size)
    if len(found) < size:
        raise EOFError
    return found


def _written(contents: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(one).decode("ascii") for one in contents]


def _no_start() -> ToolUnavailableError:
    return ToolUnavailableError(
        _("The program that checks signatures could not be started. Check the free memory.")
    )
