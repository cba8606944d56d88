"""Bots that were recorded, not written, file cases; the applications' own data are counted.

    python -m benchmarks.legacy.recorded_bots [--apps roundup ...] [--cases 50] [--keep FOLDER]

For each application: start it from nothing, record a clerk (driven by Playwright) who keys a case,
take away the comments that ask to confirm, and file the other cases with ``rpa bot file``.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.legacy.apps import running_application
from benchmarks.legacy.cases import Line, lines
from benchmarks.legacy.clerks import CLERKS
from benchmarks.legacy.declared_bots import work_folder
from benchmarks.legacy.oracles import flaws
from rpa.bootstrap.recording import Outcome, plan_of, write
from rpa.bots.adapters.recorder import recording
from rpa.doctor import browser_path
from rpa.testing.recordings import confirmed

WORDS = {
    "Critique": "critical", "Urgent": "urgent", "Anomalie": "bug", "Ajout": "feature",
    "Souhait": "wish",
}  # fmt: skip
"""Roundup's words for what the cases call so: a recording sees one pair of them only."""


STARTS = {
    "sql-ledger": "/login.pl",
    "ldap-admin": "/cmd.php?cmd=login_form&server_id=1",
    "postfix-admin": "/login.php",
}
"""Where clerks begin, where it is not at the address itself."""


def as_typed(app: str, line: Line) -> Line:
    """Return a line in the words that the application uses."""
    if app != "roundup":
        return line
    fields = {**line["fields"], "priorite": WORDS[line["fields"]["priorite"]]}
    return {**line, "fields": fields}


def record(app: str, running: Any, line: Line, folder: Path) -> Outcome:
    """Record the clerk with one case; return the definition and what it asks to confirm."""
    (folder / "sample.json").write_text(json.dumps(line, ensure_ascii=False), "utf-8")
    key = line.get("key") or line["case"]
    url = running.url.removesuffix("/").removesuffix("/login.php") + STARTS.get(app, "/")
    plan = plan_of(folder / "bot", url, said=folder / "sample.json", key=key)
    with recording(url, executable=browser_path(None), headless=True) as recorder:
        CLERKS[app](recorder.page, running, line, folder)
        events = recorder.finish()
    return write(plan, events)


def file_rest(bot: Path, made: list[Line], running: Any, folder: Path) -> list[dict[str, Any]]:
    """File cases with a recorded bot; return what came of each."""
    cases = folder / "cases.jsonl"
    cases.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in made), "utf-8")
    command = [sys.executable, "-m", "rpa", "bot", "file", str(bot), str(cases), "--json"]
    command += ["--register", str(folder / "register")]
    known = {**os.environ, "BOT_PASSWORD": running.password}  # noqa: TID251 - for the child
    done = subprocess.run(command, env=known, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr[-2000:])
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def measure(app: str, count: int, folder: Path) -> int:
    """Record, file and count in one application; return how many flaws there are."""
    with running_application(app, folder / "application") as running:
        made = lines(app, count + 1, folder)
        typed = [as_typed(app, line) for line in made]
        outcome = record(app, running, typed[0], folder)
        confirmed(outcome.path)
        told = file_rest(outcome.path.parent, typed[1:], running, folder)
        found = list(flaws(app, running, made))
    states = dict(Counter(str(line.get("outcome")) for line in told))
    facts = {"app": app, "to_confirm": len(outcome.to_confirm), "remarks": outcome.remarks}
    print(json.dumps({**facts, "outcomes": states, "flaws": len(found)}, ensure_ascii=False))
    for line in [line for line in told if line.get("outcome") != "filed"][:3]:
        print(json.dumps(line, ensure_ascii=False)[:800])
    print("\n".join(found[:10]))
    return len(found)


def main() -> None:
    """Measure each application."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apps", nargs="+", choices=sorted(CLERKS), default=[*CLERKS])
    parser.add_argument("--cases", type=int, default=50)
    parser.add_argument("--keep", type=Path, help="a folder for everything that is made")
    said = parser.parse_args()
    wrong = 0
    for app in said.apps:
        with work_folder(app, said.keep) as folder:
            wrong += measure(app, said.cases, folder)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
