"""Every way to lose an answer, at the commit of every application; then its own data are counted.

    python -m benchmarks.legacy.faults [--apps sql-ledger ...] [--cases 10] [--keep F]

The first commits meet one fault each: cut before and after the application saw them, cut within
the answer, answered late, timed out while the application worked on, passed on late, refused.
Nothing may be there twice, and what is not there, or not whole, must have been told.
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
from benchmarks.legacy.cases import lines
from benchmarks.legacy.declared_bots import bot_folder, work_folder
from benchmarks.legacy.oracles import flaws, number_of
from benchmarks.legacy.programs import free_port
from benchmarks.legacy.proxy import running_proxy

COMMITS = {
    "sql-ledger": {"path": r"ct\.pl", "body": "action=Save"},
    "asp-net": {"path": r"session1\.aspx"},
    "roundup": {"path": "/demo/issue", "body": "submit_button"},
    "request-tracker": {"path": r"Ticket/Create\.html", "body": "SubmitTicket"},
    "ldap-admin": {"path": r"cmd\.php", "body": "cmd=create&"},
    "postfix-admin": {"path": r"edit\.php", "body": "table=mailbox"},
    "trac": {"path": "/newticket"},
    "nagios": {"path": r"cmd\.cgi"},
}
"""What is sent when the bot commits."""
FAULTS: tuple[dict[str, Any], ...] = (
    {"do": "cut-after"}, {"do": "cut-before"}, {"do": "cut-within"},
    {"do": "504", "after_s": 1.0}, {"do": "delay", "after_s": 2.0}, {"do": "late", "after_s": 3.0},
    {"do": "refuse"}, {"do": "cut-after", "after_s": 0.01}, {"do": "delay", "after_s": 12.0},
)  # fmt: skip
TIMEOUT_S = 8
"""Less than the longest delay."""
GRACE_S = 8


def tried(app: str, count: int, folder: Path) -> list[str]:
    """File cases while the first commits go wrong; return what is worse than told."""
    inner, seen = free_port(), free_port()
    rules = [{**COMMITS[app], **fault} for fault in FAULTS]
    with (
        running_proxy(inner, seen, rules=rules) as proxy,
        running_application(app, folder / "application", inner, seen_at=seen) as running,
    ):
        circuit = {"failures": 100, "pause_s": 1}
        bot = bot_folder(app, running.url, folder, timeout_s=TIMEOUT_S, circuit=circuit)
        made = lines(app, count, folder)
        cases = folder / "cases.jsonl"
        cases.write_text("".join(json.dumps(line) + "\n" for line in made), "utf-8")
        told = _filed(bot, cases, running.password)
        found = list(flaws(app, running, made))
        outcomes = {number_of(app, line): told.get(str(line["case"]), "-") for line in made}
        worse = [flaw for flaw in found if _is_worse(flaw, outcomes)]
        summary = {"outcomes": dict(Counter(told.values())), "proxy": proxy.counted()}
        print(json.dumps({"app": app, **summary, "told": len(found) - len(worse)}), flush=True)
        return worse


def _filed(bot: Path, cases: Path, password: str) -> dict[str, str]:
    command = [sys.executable, "-m", "rpa", "bot", "file", str(bot), str(cases), "--json"]
    command += ["--register", str(bot.parent / "register"), "--grace", str(GRACE_S)]
    known = {**os.environ, "LEGACY_PASSWORD": password}  # noqa: TID251 - for the child
    outcomes: dict[str, str] = {}
    for _run in range(3):
        done = subprocess.run(command, env=known, capture_output=True, text=True, check=False)
        for line in done.stdout.splitlines():
            if line.startswith("{"):
                said = json.loads(line)
                outcomes[str(said["case"])] = str(said["outcome"])
        if set(outcomes.values()) <= {"filed"}:
            break
    return outcomes


def _is_worse(flaw: str, outcomes: dict[str, str]) -> bool:
    """Say whether a flaw is a silent one: told ones are for a person."""
    return " times" in flaw or outcomes.get(flaw.partition(": ")[0]) == "filed"


def main() -> None:
    """Try each application."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apps", nargs="+", choices=sorted(COMMITS), default=[*COMMITS])
    parser.add_argument("--cases", type=int, default=10)
    parser.add_argument("--keep", type=Path)
    said = parser.parse_args()
    wrong = 0
    for app in said.apps:
        with work_folder(app, said.keep) as folder:
            worse = tried(app, said.cases, folder)
        wrong += len(worse)
        print("\n".join(worse[:10]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
