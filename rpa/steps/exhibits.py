"""What a bot hands over as evidence, kept in the store until the case takes it over."""

from collections.abc import Sequence
from typing import Any

from rpa.bots.api import Exhibit
from rpa.domain.document import DocumentRef, DocumentRole
from rpa.domain.errors import ApplicationError
from rpa.intake.names import safe_name
from rpa.store.api import DocumentStore


class Exhibits:
    """Keeps what one filing, or one search, hands over."""

    def __init__(self, store: DocumentStore) -> None:
        """Keep it in ``store``."""
        self._store = store
        self.kept: list[DocumentRef] = []
        self.lost: list[str] = []
        """Names of what the store would not take; a receipt is not lost for it."""

    def keep(self, exhibit: Exhibit) -> None:
        """Store an exhibit; a store that cannot be written is noted and stops nothing."""
        name = safe_name(exhibit.name)
        try:
            digest = self._store.put(exhibit.content)
        except ApplicationError:
            self.lost.append(name)
            return
        role, media_type = DocumentRole.EVIDENCE, exhibit.media_type
        self.kept.append(DocumentRef(role=role, digest=digest, media_type=media_type, name=name))

    @property
    def documents(self) -> tuple[DocumentRef, ...]:
        """What was stored, in the order it came."""
        return tuple(self.kept)

    def told(self) -> dict[str, Any]:
        """Return what a ledger entry says of it."""
        lost = {"evidence_lost": list(self.lost)} if self.lost else {}
        return {**told_of(self.kept), **lost}


def told_of(documents: Sequence[DocumentRef]) -> dict[str, Any]:
    """Return what a ledger entry says of kept evidence: its digests."""
    return {"evidence": [document.digest for document in documents]} if documents else {}
