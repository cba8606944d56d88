"""Opens documents in child processes that hostile bytes can crash without hurting anyone."""

import json
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import rpa
from rpa.domain.document import MediaType
from rpa.domain.errors import DocumentRefusedError, ToolTimeoutError, ToolUnavailableError
from rpa.domain.model import Digest
from rpa.domain.pages import (
    Attachment,
    DocumentFacts,
    DocumentPages,
    FaxFacts,
    Mark,
    PageFacts,
    PageImage,
    Sheet,
    TextWord,
    pixels_digest,
)
from rpa.i18n import _
from rpa.intake.adapters.decoding.frames import BYTES, DONE, READY, REFUSED, frames
from rpa.intake.adapters.decoding.limits import DecodeLimits
from rpa.intake.adapters.decoding.program import INSPECT, JOIN, PAGES, SHEETS, UNLOCK
from rpa.intake.adapters.nursery import Nursery, NurserySlowError, Outcome
from rpa.intake.media import ACCEPTED, kind_of
from rpa.intake.names import safe_name
from rpa.intake.refusals import refusal

_PROGRAM: Final = "rpa.intake.adapters.decoding.server"
_MEDIA_TYPES: Final = {
    "pdf": MediaType.PDF,
    "tiff": MediaType.TIFF,
    "jpeg": MediaType.JPEG,
    "png": MediaType.PNG,
    "webp": MediaType.WEBP,
    "heic": MediaType.HEIC,
    "bmp": MediaType.BMP,
    "jpeg2000": MediaType.JPEG2000,
    "gif": MediaType.GIF,
    "eml": MediaType.EML,
}
_JOINABLE: Final = frozenset({"pdf", "tiff"})
_ENVIRONMENT: Final = {
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONPATH": str(Path(rpa.__file__).parents[1]),
}
_FLAGS: Final = ("-P", "-s", "-B")


@dataclass(frozen=True, slots=True)
class _Told:
    """All that one child said."""

    started: bool
    pieces: tuple[bytes, ...]
    last_kind: bytes
    record: dict[str, Any]


class ContainedDecoder:
    """Opens each document in a child process of its own, held to ``limits``.

    May be called from several threads; each call costs one forked child. The child has no network
    to use, no files to write, and is killed with all that it started.
    """

    def __init__(
        self,
        limits: DecodeLimits | None = None,
        *,
        interpreter: str = sys.executable,
        start_s: float = 120.0,
    ) -> None:
        """Open nothing yet: the first document starts what forks the children."""
        self.limits = limits or DecodeLimits()
        command = (interpreter, *_FLAGS, "-m", _PROGRAM)
        self._nursery = Nursery(command, environment=_ENVIRONMENT, start_s=start_s)
        self.peak_bytes = 0
        """The most memory that a child has held so far."""
        self.cpu_s = 0.0
        """The processor time of all children so far."""

    def inspect(self, content: bytes) -> DocumentFacts:
        """Decode every page once and say what the document is.

        An e-mail has no pages of its own; it passes if it carries a document.

        Raises:
            DocumentRefusedError: With one of the codes of :data:`rpa.intake.refusals.WHY`.
            ToolUnavailableError: The child could not be started, or the system killed it.
            ToolTimeoutError: The machine was too busy to finish in time.
        """
        kind = self._accepted(content)
        told = self._ask(content, kind, INSPECT)
        if kind == "eml" and not told.record["names"]:
            raise refusal("no-document")
        return _facts(kind, told.record)

    def pages(self, content: bytes) -> DocumentPages:
        """Open the document for reading; raises as :meth:`inspect`."""
        kind = self._accepted(content)
        if kind == "eml":
            raise refusal("message")
        told = self._ask(content, kind, PAGES)
        record = told.record
        return DocumentPages(
            facts=_facts(kind, record),
            images=tuple(
                PageImage(png=png, dpi=float(image["dpi"]), bilevel=bool(image["bilevel"]))
                for png, image in zip(told.pieces, record["images"], strict=True)
            ),
            words=tuple(
                tuple(TextWord(*word) for word in page) for page in record.get("words", ())
            ),
            acroform=tuple((name, value) for name, value in record.get("acroform", ())),
        )

    def sheets(self, content: bytes) -> tuple[Sheet, ...]:
        """Say of each page whether it is blank and what marks it bears; raises as ``inspect``."""
        kind = self._accepted(content)
        if kind == "eml":
            raise refusal("message")
        told = self._ask(content, kind, SHEETS)
        return tuple(
            Sheet(bool(sheet["is_blank"]), tuple(Mark(*mark) for mark in sheet["marks"]))
            for sheet in told.record["sheets"]
        )

    def unlocked(self, content: bytes, passwords: Sequence[str]) -> bytes:
        """Return a PDF without its lock, if one of ``passwords`` opens it; raises as ``inspect``.

        The passwords reach the child through a socket: no list of processes shows them.
        """
        if self._accepted(content) != "pdf":
            raise refusal("encrypted")
        told = self._ask(content, "pdf", UNLOCK, {"passwords": list(passwords)})
        return told.pieces[0]

    def joined(self, fronts: bytes, backs: bytes) -> bytes:
        """Return one document of a pile's two sides; raises as :meth:`inspect`.

        Both must be PDF or both TIFF, and the backs as many as the fronts or one less.
        """
        kind = self._accepted(fronts)
        if kind not in _JOINABLE or self._accepted(backs) != kind:
            raise refusal("other-side")
        return self._ask(fronts + backs, kind, JOIN, {"split_at": len(fronts)}).pieces[0]

    def attachments(self, message: bytes) -> tuple[Attachment, ...]:
        """Return the documents an e-mail carries, in order, those of forwarded messages too.

        Raises:
            DocumentRefusedError: The bytes are no message, or one nested too deeply.
            ToolUnavailableError: As :meth:`inspect`.
            ToolTimeoutError: As :meth:`inspect`.
        """
        kind = self._accepted(message)
        if kind != "eml":
            raise refusal("unknown-kind")
        told = self._ask(message, kind, PAGES)
        return tuple(
            Attachment(name=safe_name(name), content=content)
            for name, content in zip(told.record["names"], told.pieces, strict=True)
        )

    def close(self) -> None:
        """End the process that forks the children; the next document starts it again."""
        self._nursery.close()

    def _accepted(self, content: bytes) -> str:
        if len(content) > self.limits.max_bytes:
            raise refusal("too-large", limit=self.limits.max_bytes // 1_000_000)
        kind = kind_of(content)
        if kind not in ACCEPTED:
            raise refusal(kind)
        return kind

    def _ask(
        self, content: bytes, kind: str, wanted: str, arguments: Mapping[str, Any] | None = None
    ) -> _Told:
        request = {
            "kind": kind,
            "wanted": wanted,
            "limits": self.limits.as_numbers(),
            "arguments": arguments or {},
        }
        try:
            outcome = self._nursery.run(request, content, wall_s=self.limits.wall_s)
        except NurserySlowError as problem:
            raise _too_busy() from problem
        except OSError as problem:
            raise _no_start(problem.strerror or type(problem).__name__) from problem
        self.peak_bytes = max(self.peak_bytes, outcome.peak_bytes)
        self.cpu_s += outcome.cpu_s
        told = _told(outcome)
        self._check(outcome, told)
        return told

    def _check(self, outcome: Outcome, told: _Told) -> None:
        if told.last_kind == DONE and outcome.status == 0:
            return
        if told.last_kind == REFUSED:
            raise refusal(str(told.record["code"]), **told.record["arguments"])
        if outcome.timed_out:
            raise _too_busy()
        if not told.started:
            raise _no_start(_("exit status {status}", status=outcome.status))
        raise self._died(outcome)

    def _died(self, outcome: Outcome) -> DocumentRefusedError | ToolUnavailableError:
        """Tell whose fault an early death is: the document's, or the machine's."""
        if -outcome.status == signal.SIGXCPU:
            return refusal("too-slow", limit=self.limits.time_s)
        if -outcome.status == signal.SIGKILL:
            return ToolUnavailableError(
                _("The system ended the program that opens documents. Check the free memory.")
            )
        if outcome.size >= self.limits.max_output_bytes:
            return refusal("too-demanding")
        return refusal("damaged")


def _told(outcome: Outcome) -> _Told:
    pieces: list[bytes] = []
    started, last_kind, record = False, b"", b"{}"
    with outcome.output as output:
        for kind, payload in frames(output):
            if kind == BYTES:
                pieces.append(payload)
            elif kind == READY:
                started = True
            else:
                last_kind, record = kind, payload
    return _Told(started, tuple(pieces), last_kind, json.loads(record))


def _facts(kind: str, record: dict[str, Any]) -> DocumentFacts:
    told = tuple(_page(page) for page in record["pages"])
    return DocumentFacts(
        media_type=_MEDIA_TYPES[kind],
        pages=len(told),
        pixels_digest=pixels_digest(told),
        page_facts=told,
        left_alone=tuple(map(safe_name, record.get("left_alone", ()))),
    )


def _page(told: dict[str, Any]) -> PageFacts:
    pixels, fax = told["pixels"], told.get("fax")
    kept = {
        **told,
        "pixels": Digest(pixels) if pixels else None,
        "fax": FaxFacts(**fax) if fax else None,
    }
    return PageFacts(**kept)


def _too_busy() -> ToolTimeoutError:
    return ToolTimeoutError(
        _("The machine was too busy to open the document in time. It is tried again.")
    )


def _no_start(why: str) -> ToolUnavailableError:
    return ToolUnavailableError(
        _("The program that opens documents could not be started: {why}.", why=why)
    )
