"""PDFs that no careful reader opens are written anew by qpdf before they are signed.

Never one that carries a signature: its bytes are what was signed. What was mended is said in
words; the mended document must show the same pages (:mod:`.mending.likeness`).
"""

import atexit
import contextlib
import os
import re
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, Final

import pikepdf

import rpa
from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.mending.frames import read_frame, write_frame
from rpa.signing.adapters.refusing import refused

MEMORY_BYTES: Final = 2_000_000_000
CPU_S: Final = 10
WALL_S: Final = 40.0
_COMMAND: Final = (sys.executable, "-P", "-s", "-B", "-m", "rpa.signing.adapters.mending.server")
_ENVIRONMENT: Final = {
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "PYTHONPATH": str(Path(rpa.__file__).parents[1]),
}
_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_BYTE_RANGE: Final = re.compile(rb"/ByteRange[\s\x00]*\[")
_REBUILT: Final = re.compile(r"reconstruct|file is damaged|invalid xref table entry")
_SIGNATURE: Final = re.compile(rb"/Type[\s\x00]*/(?:Sig|DocTimeStamp)(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A document that was written anew."""

    pdf: bytes
    repairs: tuple[str, ...]
    """What was mended, in words."""


def carries_a_signature(pdf: bytes) -> bool:
    """Say whether the bytes speak of a signature, whether or not a parser would find it.

    A signature's dictionary holds offsets of the file, so it never stands in compressed parts; a
    page that merely writes these words is taken for signed too, which loses nothing but a repair.
    """
    plain = _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), pdf)
    return bool(_BYTE_RANGE.search(plain) or _SIGNATURE.search(plain))


def is_read_alike(pdf: bytes, password: str, *, thoroughly: bool) -> bool:
    """Say whether a second reader, qpdf, finds its way in a document that pyHanko read.

    Readers that find it by other ways may show another document than the one that is signed.
    ``thoroughly`` has it read every object.
    """
    try:
        with pikepdf.open(
            BytesIO(pdf), password=password, suppress_warnings=True, inherit_page_attributes=False
        ) as document:
            if thoroughly:
                deque(document.objects, maxlen=0)
            said = [str(warning) for warning in document.get_warnings()]
    except (pikepdf.PdfError, ValueError, RuntimeError, TypeError, OverflowError):
        return False
    return not any(_REBUILT.search(one) for one in said)


def repaired(pdf: bytes, *, password: str | None = None) -> Repaired:
    """Return ``pdf`` written anew.

    Raises:
        SignatureRefusedError: It is signed, or can't be mended; says why.
        ToolUnavailableError: The process that mends could not be started.
    """
    if carries_a_signature(pdf):
        raise refused("pdf-damaged-signed")
    head, body = _HOUSE.asked(pdf, password or "")
    if "refused" in head:
        raise refused(str(head["refused"]))
    return Repaired(body, in_words(head["marks"]))


def in_words(marks: list[tuple[str, int]]) -> tuple[str, ...]:
    """Say what was mended, in the language that is spoken now."""
    said: dict[str, Callable[[int], str]] = {
        "table": lambda _at: _("The table of the file's objects was rebuilt."),
        "header": lambda _at: _("The file's header was put right."),
        "length": lambda at: _(
            "The length of the stream in object {number} was corrected.", number=at
        ),
        "pages": lambda _at: _("The tree of pages was put right."),
        "order": lambda _at: _("The file's objects were written anew, without a change."),
        "fault": _fault,
    }
    return tuple(dict.fromkeys(said[kind](number) for kind, number in marks))


def _fault(number: int) -> str:
    if not number:
        return _("A fault in the file's structure was mended.")
    return _("A fault in the writing of object {number} was mended.", number=number)


class _House:
    """Owns the process that forks the menders; started by the first document that needs it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def asked(self, pdf: bytes, password: str) -> tuple[dict[str, Any], bytes]:
        """Return what the child for ``pdf`` answered."""
        request = {
            "password": password,
            "memory_bytes": MEMORY_BYTES,
            "cpu_s": CPU_S,
            "wall_s": WALL_S,
        }
        with self._lock:
            answer = self._answer(request, pdf)
            if answer is None:
                self._end()
                raise _no_mender()
        head, body = answer
        if head["status"] != 0:
            raise refused("pdf-too-demanding" if head["status"] in (124, -24) else "pdf-damaged")
        return _unpacked(body)

    def close(self) -> None:
        """End the process; the next document starts it again."""
        with self._lock:
            self._end()

    def _answer(self, request: dict[str, Any], pdf: bytes) -> tuple[dict[str, Any], bytes] | None:
        try:
            process = self._running()
            write_frame(process.stdin, request, pdf)  # type: ignore[arg-type]
            return read_frame(process.stdout)  # type: ignore[arg-type]
        except OSError:
            return None

    def _running(self) -> subprocess.Popen[bytes]:
        # A fork of the program that started it must not speak to the other's process.
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                _COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_ENVIRONMENT,
                start_new_session=True,
            )
            self._owner = os.getpid()
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        process.kill()
        process.wait()


def _unpacked(body: bytes) -> tuple[dict[str, Any], bytes]:
    from_child = read_frame(BytesIO(body))
    if from_child is None:
        raise refused("pdf-damaged")
    return from_child


def _no_mender() -> ToolUnavailableError:
    return ToolUnavailableError(
        _("The program that mends damaged PDFs could not be started. Check the free memory."),
        code="mending-unavailable",
    )


_HOUSE: Final = _House()
atexit.register(_HOUSE.close)
