"""What a channel and a decoder promise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rpa.domain.pages import Attachment, DocumentFacts, DocumentPages, Sheet


@dataclass(frozen=True, slots=True)
class Delivery:
    """One document as a channel holds it out."""

    source_id: str
    """Names this delivery for ever within its channel: the same after a crash and a new look."""
    name: str
    """A safe file name, without folders or control characters."""
    content: bytes
    refused: str = ""
    """Why it can't be taken in, if the channel knows already (too large, not readable).

    ``content`` is empty then: the original stays with the channel, which keeps it on settling.
    """
    refused_code: str = ""
    """The stable code of that reason, as a ``DocumentRefusedError`` would carry it."""
    came_at: datetime | None = None
    """When it reached the mail or fax server, if that says so."""
    settle_once: bool = False
    """Two who settle it at once would do harm: the right to settle it is taken first."""


class Channel(Protocol):
    """Where documents come in."""

    name: str

    def deliveries(self) -> Iterator[Delivery]:
        """Yield what waits and is complete; a file still being written is left for later."""
        ...

    def settle(self, delivery: Delivery) -> None:
        """Take ``delivery`` out of the channel, now that its case is stored.

        May be called twice. A delivery that was never settled is held out again.
        """
        ...


class Decoder(Protocol):
    """Opens documents. Hostile bytes can hurt neither the caller nor the machine."""

    def inspect(self, content: bytes) -> DocumentFacts:
        """Decode every page once and say what the document is.

        Raises:
            DocumentRefusedError: Damaged, encrypted, too large, of an unknown kind; says which.
            ToolUnavailableError: The decoder itself could not be started.
            ToolTimeoutError: The machine was too busy; the document is not to blame.
        """
        ...

    def pages(self, content: bytes) -> DocumentPages:
        """Open the document for reading; raises as :meth:`inspect`."""
        ...

    def attachments(self, message: bytes) -> tuple[Attachment, ...]:
        """Return the documents an e-mail carries, in order; none is no error.

        Raises:
            DocumentRefusedError: The message cannot be read.
        """
        ...

    def sheets(self, content: bytes) -> tuple[Sheet, ...]:
        """Say of each page whether it is blank and what marks it bears; raises as ``inspect``."""
        ...

    def unlocked(self, content: bytes, passwords: Sequence[str]) -> bytes:
        """Return a PDF without its lock, if one of ``passwords`` opens it.

        The same document and password give the same bytes.

        Raises:
            DocumentRefusedError: None opens it, or it is no PDF.
        """
        ...

    def joined(self, fronts: bytes, backs: bytes) -> bytes:
        """Return one document of a pile's two sides; ``backs`` begins with the last sheet's.

        The same sides give the same bytes.

        Raises:
            DocumentRefusedError: They don't belong together, or one can't be read.
        """
        ...
