"""What the archive promises."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rpa.domain.document import DocumentRole, MediaType
from rpa.domain.pages import PageImage
from rpa.domain.transfer import KeptFile


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
class PreservationCopy:
    """The copy of the original that is kept for reading."""

    content: bytes
    path: str
    """Where it stands in the package."""
    format: str
    made_by: str
    """The program, with its version."""
    settings: tuple[tuple[str, str], ...] = ()


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
    copy: PreservationCopy | None = None
    transfer: dict[str, object] = field(default_factory=dict)
    """The :class:`~rpa.domain.transfer.TransferRecord` as plain JSON (LCCJTI, s. 17)."""


@dataclass(frozen=True, slots=True)
class ArchiveFlaw:
    """Something in a package is not what its manifest says."""

    file: str
    problem: str
    """``changed``, ``missing``, ``not-listed``, ``unreadable``, ``not-in-record`` or
    ``seal-broken``."""


Likeness = Callable[[Sequence[PageImage], Sequence[PageImage]], float | None]
"""Says how alike the least alike pair of pages looks; see :meth:`Archive.likeness`."""


@dataclass(frozen=True, slots=True)
class RecordDocument:
    """A package's transfer record, as it stands in there."""

    path: str
    content: bytes
    seal: str
    """The credential that the record says it is sealed with, or empty."""
    differing: tuple[str, ...]
    """Files of the package that are not those the record names."""
    is_readable: bool = True


class Archive(Protocol):
    """Builds and checks archive packages."""

    def copy_of(self, original: ArchivePart) -> PreservationCopy | None:
        """Return the searchable PDF/A of an original; None where it has no pages.

        Raises:
            ToolUnavailableError, ToolTimeoutError: The PDF/A converter failed.
        """
        ...

    def likeness(self, source: Sequence[PageImage], copy: Sequence[PageImage]) -> float | None:
        """Return how alike the least alike pair of pages looks, from 0 to 1.

        None where the numbers of pages differ, or there are none.
        """
        ...

    def listed(self, request: ArchiveRequest) -> tuple[KeptFile, ...]:
        """Return what the package will hold, but for its own lists and the transfer record."""
        ...

    def package(self, request: ArchiveRequest) -> bytes:
        """Return a ZIP: the parts, the copy of the original, history, transfer record, manifest.

        The same request gives the same bytes.
        """
        ...

    def record_of(self, package: bytes) -> RecordDocument | None:
        """Return the transfer record of a package; None where it has none."""
        ...

    def verify(self, package: bytes) -> tuple[ArchiveFlaw, ...]:
        """Check every file against the manifest; an empty tuple says all is as archived."""
        ...


class SearchablePdf(Protocol):
    """Makes the copy of an original that is kept for reading: PDF/A-2b with a text layer."""

    name: str
    """What makes it, with version: written into the transfer record."""
    settings: tuple[tuple[str, str], ...]
    """How it is set, by name."""

    def converted(self, original: bytes, media_type: MediaType, pages: Sequence[int] = ()) -> bytes:
        """Return ``original`` (a PDF or an image) as searchable PDF/A-2b; only ``pages``, if any.

        Text that a page has already is kept; pages without are read.

        Raises:
            ToolUnavailableError: The converter is missing or failed.
            ToolTimeoutError: It did not end in its time.
        """
        ...
