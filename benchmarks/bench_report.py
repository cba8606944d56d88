"""Measures a register of 100,000 cases: the report, the list of cases, the check of the ledger.

Run: ``python benchmarks/bench_report.py [CASES]``. The register is a real one, its entries chained;
it is written first, in bulk, and writing it is not measured.
"""

import hashlib
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import yaml
from sqlalchemy import insert

from rpa.bootstrap.register import open_register
from rpa.domain.ledger import GENESIS, Columns, canonical
from rpa.register.database import Database
from rpa.register.ledger import instant
from rpa.register.tables import cases, ledger
from rpa.reporting.adapters.inventory import read_inventory
from rpa.reporting.report import paperless_report
from rpa.reporting.writing import write_report
from rpa.settings import HOME_FILE, load_settings

DAY = date(2026, 11, 24)
START = datetime(2026, 8, 27, 12, tzinfo=UTC)
PROCESSES = ("changement-adresse", "demande-remboursement", "avis-absence")
INVENTORY = Path(__file__).parent.parent / "examples" / "inventory.yaml"
KINDS = ("recognized", "approved", "intended", "filed", "composed", "signed", "archived")
BATCH = 20_000


def happenings(count: int, dice: random.Random) -> Iterator[tuple[datetime, str, str, Any]]:
    """Tell what happens to ``count`` cases: time, kind, case, data."""
    for number in range(1, count + 1):
        at = START + timedelta(seconds=number * 86400 * 88 / count)
        case_id, process = f"2026-{number:06}", PROCESSES[number % len(PROCESSES)]
        yield at, "received", case_id, {"medium": "fax", "pages": 1, "process": process}
        for kind in KINDS:
            yield at, kind, case_id, {"document": dice.randbytes(32).hex()}
        yield at, "closed", case_id, closing(process, at, number)


def closing(process: str, at: datetime, number: int) -> dict[str, Any]:
    """Return what a case says at its end."""
    native = process == "avis-absence"
    points = dict.fromkeys(("rekeying", "routing", "signature", "output", "archive"), "native")
    media = {"intake": "native" if native else "digitised", **points}
    return {
        "process": process,
        "version": "1",
        "outcome": "archived",
        "channel": "fax",
        "received_at": (at - timedelta(hours=2)).isoformat(),
        "touchpoints": {p: {"medium": m, "proof": f"entry:{number * 9}"} for p, m in media.items()},
        "fields": 12,
        "asked": int(number % 10 == 0),
        "corrected": 0,
        "pages": 2,
    }


def entries(count: int) -> Iterator[dict[str, Any]]:
    """Chain the entries, beginning with the inventory and the independent counts."""
    told = INVENTORY.read_bytes()
    inventory = {"digest": hashlib.sha256(told).hexdigest(), "period": "2026", "valid_from": "-"}
    first: list[tuple[datetime, str, str | None, Any]] = [(START, "inventoried", None, inventory)]
    period = {"period_start": "2026-08-27", "period_end": "2026-11-24"}
    for process in PROCESSES:
        said = {"process": process, "by": "Vérificatrice", "source": "registre", **period}
        first.append((START, "counted", None, {**said, "cases": count // len(PROCESSES)}))
    dice = random.Random(1)  # noqa: S311 - not for secrets
    previous = str(GENESIS)
    for seq, (at, kind, case_id, data) in enumerate([*first, *happenings(count, dice)], start=1):
        columns = Columns.model_construct(
            seq=seq,
            at=instant(at),
            kind=kind,
            case_id=case_id,
            actor="worker:a:1:1",
            data=canonical(data),
            previous=previous,
            hash="",
        )
        previous = columns.own_hash()
        yield {**columns.__dict__, "hash": previous}


def case_rows(count: int) -> Iterator[dict[str, Any]]:
    """Make the rows of the cases, all archived."""
    for number in range(1, count + 1):
        at = instant(START + timedelta(seconds=number * 86400 * 88 / count))
        yield {
            "case_id": f"2026-{number:06}",
            "process": PROCESSES[number % len(PROCESSES)],
            "state": "archived",
            "reason": "Archivé; conservé jusqu'au 2029-11-24.",
            "channel": "fax",
            "received_at": at,
            "changed_at": at,
            "documents": "[]",
            "version": 7,
            "attempts": 0,
            "not_before": "",
            "lease_fence": 1,
            "last_seq": 4 + number * 9,
        }


def written(home: Path, count: int) -> None:
    """Write the home with its register."""
    (home / HOME_FILE).write_text(yaml.safe_dump({"organization": "Banc d'essai"}))
    database = Database(load_settings(home).database_url)
    for table, rows in ((cases, case_rows(count)), (ledger, entries(count))):
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                with database.writing() as connection:
                    connection.execute(insert(table), batch)
                batch = []
        if batch:
            with database.writing() as connection:
                connection.execute(insert(table), batch)
    database.close()


def timed(what: str, run: Callable[[], object]) -> None:
    """Run once and print how long it took."""
    start = perf_counter()
    run()
    print(f"{what:<58} {perf_counter() - start:6.2f} s")


def command(home: Path, *words: str) -> Callable[[], object]:
    """Return a run of the ``rpa`` command, its start included."""
    line = [sys.executable, "-m", "rpa", *words, "--home", str(home)]
    return lambda: subprocess.run(line, check=True, stdout=subprocess.DEVNULL)


def main(count: int) -> None:
    """Build, measure, print."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        written(home, count)
        register = open_register(load_settings(home))
        source = register.evidence(inventory=lambda _digest: read_inventory(INVENTORY.read_bytes()))
        print(f"{count:,} cases, {register.head()[0]:,} ledger entries")
        timed("rpa case list, its start included", command(home, "case", "list"))
        timed("rpa case show, its start included", command(home, "case", "show", "2026-000042"))
        timed("read and compute every figure", lambda: paperless_report(source, DAY))
        out = home / "report"
        timed(
            "write HTML, CSV, JSON and the list of every case",
            lambda: write_report(source, DAY, out, with_pdf=False),
        )
        timed("write all, PDF/A in both languages", lambda: write_report(source, DAY, out))
        timed("check the whole chain", lambda: list(register.flaws()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
