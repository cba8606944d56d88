"""What a filing costs: ``rpa bot file`` beside what a user would write instead, on SQL-Ledger.

    python -m benchmarks.filing_cost [--cases 40] [--chromium PATH] [--variants …]
    python -m benchmarks.filing_cost --memory 2000

CPU seconds of bot and browser for each filing, starting and logging in taken off, wall seconds
beside; one run, the variants one after the other. ``rpa`` has its register, leases, intents,
evidence and two screenshots, and looks every customer up for its receipt. Of the hand-written
scripts ``screenshots`` takes the same two pictures, ``search`` looks up as well, and ``fresh``
opens a browser and logs in for every case.

``--memory`` files so many cases in one run, and prints the memory of the program with its browser.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil

from benchmarks.legacy.apps import running_application
from benchmarks.legacy.cpu import Cost, measured
from benchmarks.legacy.declared_bots import bot_folder
from benchmarks.legacy.hand_written import customers

VARIANTS = ("screenshots", "search", "fresh")
PASSWORD = "LEGACY_PASSWORD"  # noqa: S105 - the variable's name
LOGIN = "worker1@office"
EVERY = 10
"""Filings between two looks at the memory."""


def case_file(folder: Path, count: int, start: str) -> Path:
    """Write customers as ``rpa bot file`` wants them."""
    path = folder / f"{start}.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for customer in customers(count, start):
            fields = {name: text for name, text in customer.items() if name != "customernumber"}
            line = {"case": customer["customernumber"], "fields": fields}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return path


def command(bot: Path, cases: Path) -> list[str]:
    """Return the command that files a list."""
    return [sys.executable, "-m", "rpa", "bot", "file", str(bot), str(cases), "--json"]


def bot_cost(bot: Path, folder: Path, count: int) -> Cost:
    """Measure filings, less a run of a single case."""
    whole = measured(command(bot, case_file(folder, count + 1, "R")), quiet=True)
    return whole.per_case(measured(command(bot, case_file(folder, 1, "S")), quiet=True), count)


def hand_cost(variant: str, running: Any, said: argparse.Namespace) -> Cost:
    """Measure a hand-written script, less a run without cases."""
    base = [sys.executable, "-m", "benchmarks.legacy.hand_written", "--url", running.url]
    base += ["--login", LOGIN, "--password", running.password, "--chromium", str(said.chromium)]
    count = max(5, said.cases // 4) if variant == "fresh" else said.cases
    whole = measured([*base, "--run", variant, "--cases", count])
    if variant == "fresh":
        return Cost(whole.cpu_s / count, whole.wall_s / count)
    return whole.per_case(measured([*base, "--run", variant, "--cases", 0]), count)


def compare(said: argparse.Namespace, running: Any, folder: Path) -> None:
    """Measure everything in one run, and print the ratios."""
    bot = bot_folder("sql-ledger-short", running.url, folder)
    costs = {"rpa": bot_cost(bot, folder, said.cases)}
    for variant in said.variants:
        costs[variant] = hand_cost(variant, running, said)
    ours = costs["rpa"]
    for name, cost in costs.items():
        told = {"cpu_s": round(cost.cpu_s, 3), "wall_s": round(cost.wall_s, 3)}
        print(json.dumps({"way": name, **told, "rpa is": round(ours.cpu_s / cost.cpu_s, 2)}))


def memory(said: argparse.Namespace, running: Any, folder: Path) -> None:
    """File many cases in one run, and print the memory now and then."""
    bot = bot_folder("sql-ledger-short", running.url, folder)
    cases = case_file(folder, said.memory, "M")
    seen: list[int] = []
    with subprocess.Popen(command(bot, cases), stdout=subprocess.PIPE, text=True) as filing:
        for number, _line in enumerate(filing.stdout or (), start=1):
            if number % EVERY == 0:
                seen.append(resident(filing.pid))
            if number % 100 == 0:
                last = seen[-100 // EVERY :]
                told = {"filed": number, "MB": round(statistics.median(last) / 1e6)}
                print(json.dumps({**told, "most MB": round(max(last) / 1e6)}), flush=True)


def resident(pid: int) -> int:
    """Return the bytes in memory of a program and of all it started, shared ones shared out."""
    total = 0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0
    for one in family:
        try:
            total += one.memory_full_info().pss
        except psutil.Error:
            continue
    return total


def main() -> None:
    """Measure on a SQL-Ledger of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=40)
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    parser.add_argument("--chromium", type=Path, default=found and Path(found))
    parser.add_argument("--variants", nargs="*", choices=VARIANTS, default=VARIANTS)
    parser.add_argument("--memory", type=int, default=0)
    said = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_application("sql-ledger") as running,
    ):
        os.environ[PASSWORD] = running.password  # noqa: TID251 - for the child
        Path(folder).chmod(0o755)
        (memory if said.memory else compare)(said, running, Path(folder))


if __name__ == "__main__":
    main()
