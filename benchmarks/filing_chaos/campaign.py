"""One campaign: a list is filed while everything goes wrong, then in peace, then it is judged."""

import json
import random
import shutil
import subprocess
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.filing_chaos.crew import Crew, Work, wait_for_none
from benchmarks.filing_chaos.deck import Deck
from benchmarks.filing_chaos.director import Director, Stage
from benchmarks.filing_chaos.disk import own_disk
from benchmarks.filing_chaos.evidence import Evidence
from benchmarks.filing_chaos.targets import Target, write_lists
from benchmarks.legacy.proxy import Witness, running_proxy
from rpa.bootstrap.register import clock
from rpa.register.database import Database
from rpa.register.register import Register

LEASE_S = 300.0


@dataclass
class Verdict:
    """What a campaign came to."""

    cases: int
    happened: Counter[str]
    ways: Counter[str]
    lives: Counter[str]
    killed: int
    not_dealt: int
    commits: int
    flaws: list[str]
    outcomes: Counter[str]
    doubts: dict[str, int]
    """Cases that the last run says are in doubt, and how often the target holds each."""
    others: list[dict[str, Any]]
    ledger_flaws: int
    chaos_s: float
    last_run_s: float = 0.0
    wrong: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """Tell flaws that were shown as doubts from those that were not."""
        shown = [f"{key}: " for key in self.doubts]
        lost = [one for one in self.flaws if one.endswith(": lost")]
        self.wrong = [one for one in self.flaws if one not in lost or not _begins(one, shown)]

    @property
    def lost(self) -> int:
        """Cases that the target lacks, without anybody saying so."""
        return sum(1 for one in self.wrong if one.endswith(": lost"))

    @property
    def twice(self) -> int:
        """Cases that the target holds more than once."""
        return sum(1 for one in self.wrong if one.endswith(" times"))

    @property
    def is_good(self) -> bool:
        """Nothing lost, nothing twice, nothing wrong, and everything said."""
        return not self.wrong and not self.ledger_flaws and not self.others


def _begins(text: str, words: list[str]) -> bool:
    return any(text.startswith(word) for word in words)


def play(
    target: Target, deck: Deck, *, folder: Path, port: int, grace_s: float, limit_s: float
) -> Verdict:
    """File a target's cases while the deck is dealt; then once more in peace; then judge."""
    clocks, cases = folder / "clocks", target.cases()
    clocks.mkdir()
    chance = random.Random(deck.chance.random())  # noqa: S311 - lots, no secrets
    with ExitStack() as stack:
        disk = stack.enter_context(own_disk(folder / "disk", clocks))
        proxy = stack.enter_context(running_proxy(target.port, port))
        bot = target.bot(folder, proxy.port)
        kept = disk.folder / "register"
        work = Work(
            bot, write_lists(cases, folder), kept, folder, target.password, grace_s
        )  # fmt: skip
        evidence, until = Evidence(kept), time.monotonic() + limit_s

        def is_done() -> bool:
            return evidence.states()["filed"] == len(cases) or time.monotonic() > until

        crew = Crew(work, chance, is_done)
        stage = Stage(
            target, crew, evidence, disk, deck, chance, len(cases), folder / "incidents.jsonl"
        )
        director = Director(stage)
        proxy.witness = director
        began = time.monotonic()
        _until_filed(director, until)
        director.is_calm, proxy.witness = True, Witness()
        chaos_s = time.monotonic() - began
        return _judged(director, chaos_s)


def _until_filed(director: Director, until: float) -> None:
    crew = director.stage.crew
    works = (crew.tend, director.watch_intents, director.trouble)
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    crew.ended.wait(max(0.0, until - time.monotonic()))
    crew.ended.set()
    for thread in threads:
        thread.join(180)
    if not wait_for_none(crew.work.clocks, 20):
        crew.end()


def _judged(director: Director, chaos_s: float) -> Verdict:
    stage, work = director.stage, director.stage.crew.work
    for wrong in work.clocks.iterdir():
        wrong.unlink()
    if stage.target.faults:
        stage.target.order("none")
    began = time.monotonic()
    command = work.command(work.lists[0], 2)
    with (work.folder / "last.log").open("w") as errors:
        done = subprocess.run(
            command, env=work.environment(), stdout=subprocess.PIPE, stderr=errors, text=True,
            check=False, timeout=1800,
        )  # fmt: skip
    last_run_s = time.monotonic() - began
    results = [json.loads(line) for line in done.stdout.splitlines()]
    (work.folder / "results.jsonl").write_text(done.stdout)
    shutil.copytree(stage.evidence.folder, work.folder / "register", ignore_dangling_symlinks=True)
    doubts = [one["case"] for one in results if one["outcome"] == "in-doubt"]
    return Verdict(
        cases=stage.count,
        happened=director.happened,
        ways=director.ways,
        lives=stage.crew.lives,
        killed=director.killed,
        not_dealt=stage.deck.left,
        commits=director.commits.total(),
        flaws=list(stage.target.flaws()),
        outcomes=Counter(str(one["outcome"]) for one in results),
        doubts={key: stage.target.held(key) for key in doubts},
        others=[one for one in results if one["outcome"] not in {"filed", "in-doubt"}],
        ledger_flaws=_ledger_flaws(stage.evidence),
        chaos_s=chaos_s,
        last_run_s=last_run_s,
    )


def _ledger_flaws(evidence: Evidence) -> int:
    database = Database(f"sqlite:///{evidence.database}")
    try:
        return len(list(Register(database, now=clock, lease_s=LEASE_S).flaws()))
    finally:
        database.close()
