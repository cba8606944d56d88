"""PDFs that no careful reader opens are written anew by qpdf before they are signed.

Never one that carries a signature: its bytes are what was signed. What was mended is said in
words; the mended document must show the same pages (:mod:`.mending.likeness`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.agreeing import carries_a_signature
from rpa.signing.adapters.forking.workers import NoWorkerError, Workers
from rpa.signing.adapters.refusing import refused

MEMORY_BYTES: Final = 2_000_000_000
CPU_S: Final = 10
WALL_S: Final = 40.0
_MENDERS: Final = Workers("rpa.signing.adapters.mending.server", 1)


@dataclass(frozen=True, slots=True)
class Repaired:
    """A document that was written anew."""

    pdf: bytes
    repairs: tuple[str, ...]
    """What was mended, in words."""


def repaired(pdf: bytes, *, password: str | None = None) -> Repaired:
    """Return ``pdf`` written anew.

    Raises:
        SignatureRefusedError: It is signed, or can't be mended; says why.
        ToolUnavailableError: The process that mends could not be started.
    """
    if carries_a_signature(pdf):
        raise refused("pdf-damaged-signed")
    request = {
        "password": password or "",
        "memory_bytes": MEMORY_BYTES,
        "cpu_s": CPU_S,
        "wall_s": WALL_S,
    }
    try:
        answer = _MENDERS.ask(request, pdf)
    except NoWorkerError as problem:
        raise _no_mender() from problem
    if not answer.is_done:
        raise refused("pdf-too-demanding" if answer.is_late else "pdf-damaged")
    if "refused" in answer.head:
        raise refused(str(answer.head["refused"]))
    return Repaired(answer.body, in_words(answer.head["marks"]))


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


def _no_mender() -> ToolUnavailableError:
    return ToolUnavailableError(
        _("The program that mends damaged PDFs could not be started. Check the free memory."),
        code="mending-unavailable",
    )
