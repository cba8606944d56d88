"""What the archive promises."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rpa.domain.document import DocumentRole, MediaType


@dataclass(frozen=True, slots=True)
class ArchivePart:
    """One file that goes into a package."""

    role: DocumentRole
    name: str
    media_type: MediaType
    content: bytes
    pages: tuple[int, ...] = ()
    """The pages that are the case's, from 1, in reading order; none where it is all of it."""


@dataclass(frozen=True, slots=True)
class ArchiveRequest:
    """What a package is made of."""

    case_id: str
    process_id: str
    process_name: str
    channel: str
    received_at: str
    archived_at: str
    destroy_after: str
    """ISO date: the retention ends here."""
    parts: tuple[ArchivePart, ...]
    history: tuple[dict[str, object], ...]
    """The case's ledger entries, oldest first, with their hashes."""
    transfer: dict[str, object] = field(default_factory=dict)
    """How paper became data: source format, process, guarantees (LCCJTI, s. 17)."""


@dataclass(frozen=True, slots=True)
class ArchiveFlaw:
    """Something in a package is not what its manifest says."""

    file: str
    problem: str
    """``changed``, ``missing``, ``not-listed`` or ``unreadable``."""


class Archive(Protocol):
    """Builds and checks archive packages."""

    def package(self, request: ArchiveRequest) -> bytes:
        """Return a ZIP: original, searchable PDF/A of it, the other parts, evidence and manifest.

        The same request gives the same bytes, but for the time inside the searchable PDF/A.

        Raises:
            ToolUnavailableError, ToolTimeoutError: The PDF/A converter failed.
        """
        ...

    def verify(self, package: bytes) -> tuple[ArchiveFlaw, ...]:
        """Check every file against the manifest; an empty tuple says all is as archived."""
        ...


class SearchablePdf(Protocol):
    """Makes the copy of an original that is kept for reading: PDF/A-2b with a text layer."""

    name: str
    """What makes it, with version: written into the transfer record."""

    def converted(self, original: bytes, media_type: MediaType, pages: Sequence[int] = ()) -> bytes:
        """Return ``original`` (a PDF or an image) as searchable PDF/A-2b; only ``pages``, if any.

        Text that a page has already is kept; pages without are read.

        Raises:
            ToolUnavailableError: The converter is missing or failed.
            ToolTimeoutError: It did not end in its time.
        """
        ...
