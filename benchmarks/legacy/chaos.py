"""Chaos on SQL-Ledger: workers killed, answers lost, sessions stolen; then its database is counted.

    python -m benchmarks.legacy.chaos [--cases 200] [--kills 60] [--seed 1] [--keep FOLDER]

``rpa bot file`` works on the list with two workers, behind a proxy that cuts, delays and loses
answers. It is killed (SIGKILL, with everything it started) again and again: at random, and as a
Save arrives, right after the application stored it, right after the answer was sent, and just
before the receipt can be saved. Meanwhile another person logs in under the workers' names. At the
end it runs undisturbed. Nothing may be there twice; what is not there must have been told.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from benchmarks.legacy.apps import running_application
from benchmarks.legacy.cases import lines
from benchmarks.legacy.declared_bots import bot_folder
from benchmarks.legacy.http_messages import Message
from benchmarks.legacy.oracles import flaws
from benchmarks.legacy.programs import free_port
from benchmarks.legacy.proxy import Proxy, running_proxy
from benchmarks.legacy.sql_ledger import SqlLedger
from benchmarks.legacy.web_forms import Visitor

SAVE = {"path": "ct\\.pl", "body": "action=Save"}
TROUBLE = (
    {"do": "cut-after", "share": 0.08}, {"do": "cut-before", "share": 0.05},
    {"do": "cut-within", "share": 0.05}, {"do": "504", "after_s": 1, "share": 0.05},
    {"do": "delay", "after_s": 1.5, "share": 0.05}, {"do": "late", "after_s": 2, "share": 0.04},
    {"do": "cut-after", "after_s": 0.02, "share": 0.05}, {"do": "refuse", "share": 0.03},
)  # fmt: skip
"""What the network does to a Save."""
ELSEWHERE = ({"do": "cut-within", "method": "*", "share": 0.01},
             {"do": "504", "method": "*", "share": 0.005})  # fmt: skip
POINTS = ("random", "arrived", "answered", "sent", "saving")
"""When it is killed; ``saving``: a moment after the answer was sent."""
GRACE_S = 6


class Killer:
    """Kills a running program with everything that it started, at a point of a Save's way."""

    def __init__(self, chance: random.Random) -> None:
        """Know no program yet."""
        self.chance, self.done = chance, Counter[str]()
        self._process: subprocess.Popen[bytes] | None = None
        self._point, self._skip = "", 0

    def aim(self, process: subprocess.Popen[bytes], point: str) -> None:
        """Kill it at a point of one of the next Saves, or at a random time."""
        self._skip, self._process = self.chance.randrange(3), process
        self._point = point
        if point == "random":
            threading.Timer(self.chance.uniform(1.5, 8), self._fire, ("random",)).start()

    def see(self, stage: str, request: Message) -> None:
        """Be told by the proxy how far a request is."""
        wanted = "sent" if self._point == "saving" else self._point
        if stage != wanted or b"action=Save" not in request.body:
            return
        if self._skip > 0:
            self._skip -= 1
            return
        if self._point == "saving":
            time.sleep(self.chance.uniform(0.0, 0.25))
        self._fire(self._point)

    def _fire(self, point: str) -> None:
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        self._point = ""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
            self.done[point] += 1


def steal(application: SqlLedger, stop: threading.Event, chance: random.Random) -> None:
    """Log in under the workers' names from time to time: their sessions end."""
    while not stop.wait(chance.uniform(4, 9)):
        login = chance.choice(application.logins[1:4])
        query = {"path": "bin/mozilla", "login": login, "password": application.password}
        with suppress(httpx.HTTPError), Visitor(f"{application.url}/") as thief:
            thief.open("login.pl", action="login", **query)


def started(folder: Path, application: SqlLedger) -> subprocess.Popen[bytes]:
    """Start the filing of all cases, in a session of its own."""
    register = ["--register", str(folder / "register"), "--workers", "2", "--retries", "10"]
    waits = ["--grace", str(GRACE_S), "--patience", "60"]
    command = [sys.executable, "-m", "rpa", "bot", "file", str(folder / "bot")]
    known = {**os.environ, "LEGACY_PASSWORD": application.password}  # noqa: TID251 - its child's
    with (folder / "told.jsonl").open("wb") as out, (folder / "errors").open("ab") as errors:
        return subprocess.Popen(
            [*command, str(folder / "cases.jsonl"), "--json", *register, *waits],
            env=known, stdout=out, stderr=errors, start_new_session=True,
        )  # fmt: skip


def disturb(
    folder: Path, application: SqlLedger, proxy: Proxy, chance: random.Random, kills: int
) -> Killer:
    """Run and kill until there were enough deaths, or everything is done before."""
    killer = Killer(chance)
    proxy.stages = killer.see
    for_saves = [{**SAVE, "times": None, **each} for each in TROUBLE]
    for_others = [{"path": "\\.pl", "times": None, **each} for each in ELSEWHERE]
    proxy.rules.replace([*for_saves, *for_others])
    while killer.done.total() < kills:
        process = started(folder, application)
        killer.aim(process, POINTS[killer.done.total() % len(POINTS)])
        try:
            process.wait(180)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        if process.returncode is not None and process.returncode >= 0:
            break  # it came to the end of the list
    proxy.stages = None
    proxy.rules.replace([])
    return killer


def told(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what was said of each case the last time."""
    text = (folder / "told.jsonl").read_text("utf-8")
    said = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return {str(line["case"]): line for line in said}


def main() -> None:
    """Do it, and say what is in the database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    said = parser.parse_args()
    chance, inner, seen = random.Random(said.seed), free_port(), free_port()  # noqa: S311
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as own:
        folder = (said.keep or Path(own)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        with (
            running_proxy(inner, seen, log=folder / "proxy.jsonl") as proxy,
            running_application("sql-ledger", folder / "app", inner, seen_at=seen) as application,
        ):
            bot_folder("sql-ledger", application.url, folder)
            made = lines("sql-ledger", said.cases, folder)
            text = "".join(json.dumps(line) + "\n" for line in made)
            (folder / "cases.jsonl").write_text(text, "utf-8")
            stop = threading.Event()
            thief = threading.Thread(target=steal, args=(application, stop, chance), daemon=True)
            thief.start()
            start = time.monotonic()
            killer = disturb(folder, application, proxy, chance, said.kills)
            stop.set()
            thief.join()
            outcomes = settle(folder, application)
            report(application, made, outcomes, killer=killer, proxy=proxy)
            print(json.dumps({"wall_s": round(time.monotonic() - start)}))


def settle(folder: Path, application: SqlLedger) -> dict[str, dict[str, Any]]:
    """Run undisturbed until nothing changes any more."""
    outcomes: dict[str, dict[str, Any]] = {}
    for _turn in range(4):
        started(folder, application).wait()
        new = told(folder)
        if Counter(each["outcome"] for each in new.values()) == Counter({"filed": len(new)}):
            return new
        outcomes = new
    return outcomes


def report(
    application: SqlLedger,
    made: list[dict[str, Any]],
    outcomes: dict[str, dict[str, Any]],
    *,
    killer: Killer,
    proxy: Proxy,
) -> None:
    """Print what was done, and what came of it."""
    found = list(flaws("sql-ledger", application, made))
    known = {str(line["key"]): outcomes[str(line["case"])]["outcome"] for line in made}
    lost = [flaw.partition(":")[0] for flaw in found if flaw.endswith(": lost")]
    print(json.dumps({
        "cases": len(made), "kills": dict(killer.done), "proxy": proxy.counted(),
        "outcomes": dict(Counter(each["outcome"] for each in outcomes.values())),
        "stored twice": sum("times" in flaw for flaw in found),
        "lost silently": sum(known[number] == "filed" for number in lost),
        "not stored, and told": sum(known[number] != "filed" for number in lost),
        "wrong in a field": sum(" is " in flaw for flaw in found),
    }, ensure_ascii=False))  # fmt: skip
    print("\n".join(flaw for flaw in found if not flaw.endswith(": lost")))


if __name__ == "__main__":
    main()
