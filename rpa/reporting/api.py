"""What the report needs to know, whoever keeps it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from rpa.domain.evidence import Attestation, ClosedCase, IndependentCount, Inventory, WaitingCase


class EvidenceSource(Protocol):
    """Tells what the ledger held at a moment. Reading changes nothing and may be repeated.

    Every ``until`` and ``at`` is exclusive: an entry made at that very moment is not told. Asked
    again later for the same moment, a source MUST answer the same.
    """

    def closed(self, since: datetime, until: datetime) -> Iterable[ClosedCase]:
        """Tell the cases whose ``closed`` entry was made in ``[since, until)``, oldest first.

        It SHOULD stream: there may be hundreds of thousands.

        Raises:
            IntegrityError: An entry cannot be read.
        """
        ...

    def attestations(self, until: datetime) -> Iterable[Attestation]:
        """Tell every attestation made before ``until``, oldest first."""
        ...

    def counts(self, since: datetime, until: datetime) -> Iterable[IndependentCount]:
        """Tell the counts made before ``until`` whose period does not end before ``since``."""
        ...

    def inventory(self, at: datetime) -> Inventory:
        """Return the newest inventory frozen before ``at``.

        Raises:
            NotFoundError: No inventory was frozen before ``at``.
        """
        ...

    def waiting(self, at: datetime) -> Iterable[WaitingCase]:
        """Tell every case that was open at ``at``, with its state at that moment."""
        ...

    def arrivals(self, since: datetime, until: datetime) -> Mapping[str, int]:
        """Return how many cases arrived in ``[since, until)``, by channel."""
        ...
