"""What a document store promises."""

from typing import Protocol

from rpa.domain.model import Digest


class DocumentStore(Protocol):
    """Keeps bytes under their SHA-256. Safe from several threads and processes."""

    def put(self, content: bytes) -> Digest:
        """Keep ``content``; once this returns, it survives a power cut.

        Putting the same bytes again is no error and writes nothing.

        Raises:
            ToolUnavailableError: The store cannot be written (disk full, no permission).
        """
        ...

    def get(self, digest: Digest) -> bytes:
        """Return the bytes kept under ``digest``, after checking that they still have it.

        Raises:
            NotFoundError: Nothing is kept under this digest.
            IntegrityError: The kept bytes have another digest now.
        """
        ...
