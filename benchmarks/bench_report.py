"""Measures the report over a ledger of 100,000 closed cases: reading, computing, rendering.

Run: ``python benchmarks/bench_report.py [CASES]``. The ledger is a SQLite table with the columns
and index of the register's; it is built first, and building is not measured.
"""

import json
import random
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter

from rpa.domain.evidence import ClosedCase, IndependentCount, Inventory, closed_case
from rpa.reporting.adapters.html import html
from rpa.reporting.adapters.inventory import read_inventory
from rpa.reporting.adapters.pdf import pdf
from rpa.reporting.report import paperless_report
from rpa.reporting.writing import write_report
from rpa.testing.evidence import MemoryEvidence

DAY = date(2026, 11, 24)
PROCESSES = ("changement-adresse", "demande-remboursement", "avis-absence")
TABLE = """
create table ledger (seq integer primary key, at text not null, kind text not null, case_id text,
  actor text not null, data text not null, previous text not null, hash text not null);
create index ledger_by_kind on ledger (kind, at);
"""


class LedgerFile(MemoryEvidence):
    """Evidence whose closed cases stream from a SQLite file."""

    def __init__(self, path: Path, inventory: Inventory, counts: list[IndependentCount]) -> None:
        super().__init__(frozen=[(datetime(2026, 4, 1, tzinfo=UTC), inventory)], counted=counts)
        self._path = path

    def closed(self, since: datetime, until: datetime) -> Iterator[ClosedCase]:
        """Read the entries ``closed`` by the index on kind and time."""
        query = (
            "select seq, at, case_id, data from ledger"
            " where kind = 'closed' and at >= ? and at < ? order by at"
        )
        span = [
            moment.astimezone(UTC).isoformat(timespec="microseconds") for moment in (since, until)
        ]
        connection = sqlite3.connect(self._path)
        try:
            for row in connection.execute(query, span):
                yield closed_case(*row)
        finally:
            connection.close()

    def arrivals(self, since: datetime, until: datetime) -> Mapping[str, int]:  # noqa: ARG002
        """Say a fixed number: counting arrivals is one query of the register's."""
        return {"fax": 66_000, "e-mail": 34_000}


def rows(cases: int) -> Iterator[tuple[object, ...]]:
    """Make the entries; the dice are seeded, so that every run measures the same."""
    dice = random.Random(1)  # noqa: S311 - not for secrets
    start = datetime(2026, 8, 27, 12, tzinfo=UTC)
    for seq in range(1, cases + 1):
        at = start + timedelta(seconds=seq * 86400 * 89 / cases)
        process = dice.choice(PROCESSES)
        points = {
            "intake": {
                "medium": "native" if process == "avis-absence" else "digitised",
                "proof": f"entry:{seq * 7}",
            },
            "rekeying": {"medium": "native", "proof": f"entry:{seq * 7 + 3}"},
            "routing": {"medium": "native", "proof": f"entry:{seq * 7 + 1}"},
            "signature": {"medium": "native", "proof": f"document:{dice.randbytes(32).hex()}"},
            "output": {"medium": "native", "proof": f"document:{dice.randbytes(32).hex()}"},
            "archive": {"medium": "native", "proof": f"entry:{seq * 7 + 6}"},
        }
        told = {
            "process": process,
            "version": "1",
            "outcome": "archived",
            "channel": "fax",
            "received_at": (at - timedelta(hours=dice.randint(1, 90))).isoformat(),
            "touchpoints": points,
            "fields": 12,
            "asked": int(dice.random() < 0.1),
            "corrected": 0,
            "pages": 2,
        }
        data = json.dumps(told, sort_keys=True, separators=(",", ":"))
        moment = at.isoformat(timespec="microseconds")
        yield (seq, moment, "closed", f"2026-{seq:06}", "worker:a:1", data, "0" * 64, "0" * 64)


def built(folder: Path, cases: int) -> LedgerFile:
    """Write the ledger and return the evidence that reads it."""
    path = folder / "ledger.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(TABLE)
    connection.executemany("insert into ledger values (?, ?, ?, ?, ?, ?, ?, ?)", rows(cases))
    connection.commit()
    connection.close()
    inventory = Path(__file__).parent.parent / "examples" / "inventory.yaml"
    period = {"period_start": "2026-08-27", "period_end": "2026-11-24", "seq": 1}
    counts = [
        IndependentCount.model_validate(
            {
                **period,
                "at": "2026-11-20T12:00:00+00:00",
                "process": process,
                "by": "Vérificatrice",
                "source": "registre",
                "cases": cases // 3,
            }
        )
        for process in PROCESSES
    ]
    return LedgerFile(path, read_inventory(inventory.read_bytes()), counts)


def timed(what: str, run: Callable[[], object]) -> None:
    """Run once and print how long it took."""
    start = perf_counter()
    run()
    print(f"{what:<52} {perf_counter() - start:6.2f} s")


def main(cases: int) -> None:
    """Build, measure, print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = built(folder, cases)
        print(f"{cases:,} closed cases in the window")
        since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
        timed("read from the ledger", lambda: sum(1 for _ in source.closed(since, until)))
        timed("read and compute every figure", lambda: paperless_report(source, DAY))
        report = paperless_report(source, DAY)
        timed("render HTML, French", lambda: html(report, "fr"))
        timed("render PDF/A, French", lambda: pdf(report, "fr"))
        out = folder / "report"
        timed(
            "write all but PDF, with the list of every case",
            lambda: write_report(source, DAY, out, with_pdf=False),
        )
        timed("write all, PDF in both languages", lambda: write_report(source, DAY, out))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
