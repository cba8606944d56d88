"""Evidence in memory, for tests of figures and for trying out definitions."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rpa.domain.errors import NotFoundError
from rpa.domain.evidence import (
    Attestation,
    ClosedCase,
    IndependentCount,
    Inventory,
    WaitingCase,
    closed_case,
)
from rpa.domain.paperless import Touchpoint
from rpa.reporting.window import Window


@dataclass
class MemoryEvidence:
    """An :class:`~rpa.reporting.api.EvidenceSource` whose entries are simply put in."""

    cases: list[ClosedCase] = field(default_factory=list)
    words: list[Attestation] = field(default_factory=list)
    counted: list[IndependentCount] = field(default_factory=list)
    frozen: list[tuple[datetime, Inventory]] = field(default_factory=list)
    open_cases: list[tuple[WaitingCase, datetime | None]] = field(default_factory=list)
    """Each with the moment at which it stopped waiting, or None."""
    arrived: list[tuple[datetime, str]] = field(default_factory=list)
    """Moment and channel."""

    def closed(self, since: datetime, until: datetime) -> Iterable[ClosedCase]:
        """Tell the cases closed in ``[since, until)``."""
        return [case for case in self.cases if since <= case.closed_at < until]

    def attestations(self, until: datetime) -> Iterable[Attestation]:
        """Tell the attestations made before ``until``."""
        return [word for word in self.words if word.at < until]

    def counts(self, since: datetime, until: datetime) -> Iterable[IndependentCount]:
        """Tell the counts made before ``until`` whose period does not end before ``since``."""
        first = Window.ending(since, 1).first
        return [one for one in self.counted if one.at < until and one.period_end >= first]

    def inventory(self, at: datetime) -> Inventory:
        """Return the newest inventory frozen before ``at``."""
        known = [inventory for frozen_at, inventory in self.frozen if frozen_at < at]
        if not known:
            raise NotFoundError("no inventory", code="no-inventory")
        return known[-1]

    def waiting(self, at: datetime) -> Iterable[WaitingCase]:
        """Tell the cases that were open at ``at``."""
        return [
            case for case, end in self.open_cases if case.since < at and (end is None or end >= at)
        ]

    def arrivals(self, since: datetime, until: datetime) -> Mapping[str, int]:
        """Return how many cases arrived in ``[since, until)``, by channel."""
        return Counter(channel for at, channel in self.arrived if since <= at < until)


def told(process: str = "a", **more: object) -> dict[str, object]:
    """Return the data of a ledger entry ``closed``, every touchpoint native unless said.

    A touchpoint is said by its name: ``told(intake="digitised")``.
    """
    points = {
        point.value: {"medium": more.pop(point.value, "native"), "proof": "entry:1"}
        for point in Touchpoint
    }
    return {
        "process": process,
        "version": "1",
        "outcome": "archived",
        "channel": "fax",
        "received_at": "2026-09-01T14:00:00+00:00",
        "touchpoints": points,
        "fields": 10,
        "asked": 0,
        "corrected": 0,
        "pages": 1,
        **more,
    }


def closed(seq: int, at: str, data: dict[str, object] | None = None) -> ClosedCase:
    """Return the case that ledger entry ``seq`` closed ``at``."""
    return closed_case(seq, at, f"2026-{seq:06}", json.dumps(data or told()))


def inventory(*processes: str, **more: object) -> Inventory:
    """Return an inventory of ``processes``, all in force since the start of 2026."""
    return Inventory.model_validate(
        {
            "organization": {"fr": "Organisme", "en": "Organisation"},
            "period": "2026",
            "valid_from": "2026-01-01",
            "processes": [
                {
                    "process_id": process,
                    "name": {"fr": process, "en": process},
                    "owner": "Greffe",
                    "valid_from": "2026-01-01",
                }
                for process in processes
            ],
            **more,
        }
    )
