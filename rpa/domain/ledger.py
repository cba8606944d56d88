"""The ledger's entries: an append-only chain of hashes that anyone can check again.

The hash of an entry is the SHA-256 of its canonical JSON (RFC 8785 in effect: sorted keys, no white
space, UTF-8, no floats), in which the hash of the entry before stands as ``previous``. The first
entry's ``previous`` is 64 zeros.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pydantic import AwareDatetime

from rpa.domain.model import CaseId, Digest, Value

GENESIS: Final = Digest("0" * 64)
MOVED_AT_MOST: Final = 200
"""So many places to each side, a misplaced entry is recognized as moved; beyond, as changed."""


class LedgerEntry(Value):
    """One thing that happened; holds digests and codes, never a field's value."""

    seq: int
    at: AwareDatetime
    kind: str
    """A past participle: ``received``, ``filed``, ``archived``, ``attested``, …"""
    case_id: CaseId | None
    actor: str
    """The worker or the person: ``worker:<host>:<pid>`` or ``person:<name>``."""
    data: dict[str, Any]
    """Plain JSON without floats."""
    previous: Digest
    hash: Digest


class Columns(Value):
    """An entry as it is stored: what is hashed, and the hash."""

    seq: int
    at: str
    """ISO 8601, UTC, microseconds."""
    kind: str
    case_id: str | None
    actor: str
    data: str
    """Canonical JSON."""
    previous: str
    hash: str = ""

    def own_hash(self) -> Digest:
        """Return the hash that these columns must have."""
        head = canonical(
            {
                "actor": self.actor,
                "at": self.at,
                "case": self.case_id,
                "kind": self.kind,
                "previous": self.previous,
                "seq": self.seq,
            }
        )
        return Digest(hashlib.sha256(f"{head}\n{self.data}".encode()).hexdigest())


def canonical(data: object) -> str:
    """Return the one JSON text of ``data``: sorted keys, no white space."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Flaw(Value):
    """One thing wrong with a ledger, and the entry where it shows."""

    seq: int
    problem: str
    """``changed``, ``removed``, ``re-ordered``, ``cut-off`` or ``case-without-entry``."""
    detail: str


def flaws(rows: Iterable[Columns]) -> Iterator[Flaw]:
    """Check entries in the order of their numbers and name each that is not as it was written.

    A flawed entry is named once; those after it keep their own hashes and are not blamed.
    """
    expected_seq = 1
    previous: str | None = GENESIS
    for row in rows:
        if row.seq != expected_seq:
            yield _removed(expected_seq, row.seq - 1)
            previous = None
        if row.own_hash() != row.hash:
            yield _changed(row)
            previous = None
        else:
            if previous is not None and row.previous != previous:
                detail = f"entry {row.seq} ({row.kind}) does not follow entry {row.seq - 1}"
                yield Flaw(seq=row.seq, problem="re-ordered", detail=detail)
            previous = row.hash
        expected_seq = row.seq + 1


def _removed(first: int, last: int) -> Flaw:
    gone = f"entry {first} is" if first == last else f"entries {first} to {last} are"
    return Flaw(seq=first, problem="removed", detail=f"{gone} missing")


def _changed(row: Columns) -> Flaw:
    for seq in range(max(1, row.seq - MOVED_AT_MOST), row.seq + MOVED_AT_MOST + 1):
        if row.model_copy(update={"seq": seq}).own_hash() == row.hash:
            detail = f"entry {row.seq} ({row.kind}) was entry {seq}"
            return Flaw(seq=row.seq, problem="re-ordered", detail=detail)
    return Flaw(seq=row.seq, problem="changed", detail=f"entry {row.seq} ({row.kind})")
