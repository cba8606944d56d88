"""What a filing costs: a declared bot beside hand-written scripts, on SQL-Ledger, in one run.

    python -m benchmarks.legacy.speed [--cases 40] [--turns 2]

CPU seconds of Python, Playwright's driver and all of the browser, and wall seconds, of one more
case: a run with 5 cases is taken off a run with 5 more than ``--cases``, so that starting is not in
it (for ``fresh`` it is, since each case starts). The bot keeps its register, ledger, lease, intent,
evidence with two pictures, and looks each case up for its receipt; the script ``search`` does that
too, ``screenshots`` only takes the pictures.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.legacy.apps import running_application
from benchmarks.legacy.cases import Line
from benchmarks.legacy.cpu import Cost, measured
from benchmarks.legacy.declared_bots import bot_folder
from benchmarks.legacy.hand_written import customers
from rpa.doctor import browser_path

FEW = 5
FIELDS = {
    "nom": "name", "adresse": "address1", "ville": "city", "province": "state",
    "code_postal": "zipcode", "pays": "country", "telephone": "phone", "courriel": "email",
    "notes": "notes",
}  # fmt: skip
"""The ten fields that the scripts fill, the number aside; the bot's others stay empty."""


def one_more(run: Callable[[int], Cost], cases: int) -> Cost:
    """Return what one more case costs."""
    return run(FEW + cases).per_case(run(FEW), cases)


def script(variant: str, url: str, chromium: Path) -> Callable[[int], Cost]:
    """Return how a hand-written script is run."""
    base = [sys.executable, "-m", "benchmarks.legacy.hand_written", "--url", url]
    base += ["--chromium", str(chromium), "--run", variant]
    return lambda count: measured([*base, "--cases", count])


def bot(application: Any, folder: Path, turn: int) -> Callable[[int], Cost]:
    """Return how the declared bot is run."""
    made = bot_folder("sql-ledger", application.url, folder)
    os.environ["LEGACY_PASSWORD"] = application.password  # noqa: TID251 - for the child

    def run(count: int) -> Cost:
        cases, register = folder / f"{turn}-{count}.jsonl", folder / f"register-{turn}-{count}"
        lines = [_line(each) for each in customers(count, f"B{turn}{count}")]
        cases.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        command = [sys.executable, "-m", "rpa", "bot", "file", made, cases, "--json"]
        return measured([*command, "--register", register], quiet=True)

    return run


def _line(customer: dict[str, str]) -> Line:
    number = customer["customernumber"]
    fields = {name: customer[field] for name, field in FIELDS.items()}
    return {"case": number, "key": number, "fields": fields}


def main() -> None:
    """Measure all in turn, and say how they compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--turns", type=int, default=2)
    said = parser.parse_args()
    chromium = browser_path(None)  # what the bot takes, too
    if chromium is None:
        sys.exit("there is no Chromium")
    costs: dict[str, list[Cost]] = {}
    with tempfile.TemporaryDirectory() as own, running_application("sql-ledger") as application:
        for turn in range(said.turns):
            runs = {
                name: script(name, application.url, chromium)
                for name in ("plain", "screenshots", "search")
            }
            runs["declared bot"] = bot(application, Path(own), turn)
            for name, run in runs.items():
                costs.setdefault(name, []).append(one_more(run, said.cases))
                _say(name, costs[name][-1])
            fresh = script("fresh", application.url, chromium)
            costs.setdefault("fresh", []).append(one_more(fresh, max(1, said.cases // 4)))
            _say("fresh", costs["fresh"][-1])
        best = {name: min(each.cpu_s for each in seen) for name, seen in costs.items()}
        ours = best["declared bot"]
        print(f"bot / screenshots: {ours / best['screenshots']:.2f}")
        print(f"bot / search: {ours / best['search']:.2f}")
        print(f"fresh / bot: {best['fresh'] / ours:.2f}")


def _say(name: str, cost: Cost) -> None:
    told = {"cpu_s": round(cost.cpu_s, 3), "wall_s": round(cost.wall_s, 3)}
    print(json.dumps({"what": name, **told}), flush=True)


if __name__ == "__main__":
    main()
