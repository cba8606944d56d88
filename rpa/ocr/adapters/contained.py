"""An engine in a child process, where a page that hangs it, crashes it or eats memory ends.

tesserocr's own time limit has been seen not to stop a page, and a crash in native code takes its
whole process along. The child is started at the first call, kept, and started again after a death.
"""

import json
import os
import pickle
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Final

import rpa
from rpa.domain.errors import ToolTimeoutError, ToolUnavailableError
from rpa.i18n import _
from rpa.ocr.adapters.engine_child import packed, received
from rpa.ocr.api import Grey, Layout, Word

_PROGRAM: Final = "rpa.ocr.adapters.engine_child"
_START_S: Final = 60.0
"""What loading models may take on a busy machine, beside the time of the first call."""
_BATCH: Final = 64
"""Images handed over at a time, so that a time limit means the same for every call."""


class ContainedEngine:
    """An engine made and used in a child process; see :class:`rpa.ocr.api.OcrEngine`.

    Safe from several threads, one after the other.
    """

    def __init__(
        self, kind: str, *, timeout_s: float = 90.0, memory_mb: int = 6000, **options: str
    ) -> None:
        """Use the engine ``kind`` (a key of ``engine_child.ENGINES``), made with ``options``.

        ``timeout_s`` is for one page, or for up to 64 smaller images.
        """
        self._start = json.dumps({"kind": kind, "options": options, "memory_mb": memory_mb})
        self._kind = kind
        self._timeout_s = timeout_s
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def recognize(self, images: Sequence[Grey], *, layout: Layout) -> list[tuple[Word, ...]]:
        """Read every image; see :meth:`rpa.ocr.api.OcrEngine.recognize`."""
        read: list[tuple[Word, ...]] = []
        each = 1 if layout is Layout.PAGE else _BATCH
        with self._lock:
            for start in range(0, len(images), each):
                read += self._asked(images[start : start + each], layout)
        return read

    def close(self) -> None:
        """End the child, if one runs."""
        with self._lock:
            self._end()

    def __del__(self) -> None:
        """End the child with its owner."""
        self._end()

    def _asked(self, images: Sequence[Grey], layout: Layout) -> list[tuple[Word, ...]]:
        deadline = time.monotonic() + self._timeout_s
        if self._child is None or self._child.poll() is not None:
            self._begin()
            deadline += _START_S
        line = self._line
        if line is None:  # a child always has one
            raise self._gone()
        try:
            line.settimeout(self._timeout_s)
            line.sendall(packed(pickle.dumps((layout.value, list(images)), protocol=5)))
            answer = json.loads(received(line, deadline=deadline))
        except TimeoutError as error:
            self._end()
            raise ToolTimeoutError(
                _(
                    "The engine {engine} gave no answer in {seconds} s.",
                    engine=self._kind,
                    seconds=round(self._timeout_s),
                ),
                code="ocr-timeout",
            ) from error
        except (OSError, EOFError, ValueError) as error:
            self._end()
            raise self._gone() from error
        if isinstance(answer, dict):
            raise ToolUnavailableError(str(answer["message"]), code=str(answer["code"]))
        return [tuple(Word(*word) for word in words) for words in answer]

    def _begin(self) -> None:
        self._end()
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", "-s", "-m", _PROGRAM, str(theirs.fileno())]
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and program
                [*command, self._start, str(os.getpid())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=Path(rpa.__file__).parents[1],
            )
        self._line = ours

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._child = self._line = None

    def _gone(self) -> ToolUnavailableError:
        return ToolUnavailableError(
            _(
                "The engine {engine} ended while it read; the page was too much for it, or the"
                " machine ran out of memory. Try again.",
                engine=self._kind,
            ),
            code="ocr-ended",
        )
