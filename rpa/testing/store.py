"""A document store in memory, for tests."""

import hashlib
from collections.abc import Iterator

from rpa.domain.errors import IntegrityError, NotFoundError
from rpa.domain.model import Digest
from rpa.store.faults import FaultKind, StoreFault


class MemoryStore:
    """Keeps documents while the test runs; ``kept`` is open so that a test may spoil it."""

    def __init__(self) -> None:
        self.kept: dict[Digest, bytes] = {}

    def put(self, content: bytes) -> Digest:
        """Keep ``content`` under its SHA-256."""
        digest = Digest(hashlib.sha256(content).hexdigest())
        self.kept.setdefault(digest, bytes(content))
        return digest

    def get(self, digest: Digest) -> bytes:
        """Return the bytes kept under ``digest``.

        Raises:
            NotFoundError: Nothing is kept under this digest.
            IntegrityError: The kept bytes have another digest now.
        """
        if digest not in self.kept:
            raise NotFoundError(f"The store keeps no document {digest[:64]}.")
        content = self.kept[digest]
        if hashlib.sha256(content).hexdigest() != digest:
            raise IntegrityError(
                f"The document {digest} was altered in the store.", code="altered-document"
            )
        return content

    def verify_all(self) -> Iterator[StoreFault]:
        """Yield each document whose bytes are not what they were."""
        for digest, content in sorted(self.kept.items()):
            if hashlib.sha256(content).hexdigest() != digest:
                yield StoreFault(FaultKind.ALTERED, digest)
