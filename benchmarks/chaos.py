"""``rpa bot file`` in chaos: killed, cut off, robbed, out of disk, out of time; then counted.

    python -m benchmarks.chaos [--target sql-ledger|guichet] [--cases 200] [--kills 75] [--seed 1]
                               [--others 1.0] [--short] [--port 8310] [--keep FOLDER]

Two workers file a list (one command with two, or two commands side by side) through a proxy. They
are killed with SIGKILL at random and exactly before the click, when the POST was sent, when the
target has committed, when the answer was received, and when the receipt is not saved yet; answers
are cut, late or time-outs; sessions stolen, the disk full, clocks wrong; a worker sleeps through
its lease. A last run without faults says what it knows, and the target's own database is counted.
Exit status 1: something was lost, twice or wrong.
"""

import argparse
import random
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.filing_chaos.campaign import Verdict, play
from benchmarks.filing_chaos.deck import short, shuffled
from benchmarks.filing_chaos.targets import running_target

WHOLE = 200
"""Cases for which the deck is made."""


def show(verdict: Verdict) -> None:
    """Print what happened, and what it came to."""
    for name, count in sorted(verdict.happened.items()):
        print(f"{name:45} {count:5}")
    for name, count in sorted(verdict.ways.items()):
        print(f"  killed: {name:35} {count:5}")
    for name, count in sorted(verdict.lives.items()):
        print(f"started: {name:36} {count:5}")
    print(f"kill -9 {verdict.killed}, not dealt {verdict.not_dealt}, commits {verdict.commits}")
    print(f"outcomes {dict(verdict.outcomes)}, ledger flaws {verdict.ledger_flaws}")
    for key, held in verdict.doubts.items():
        print(f"shown in doubt: {key}, held {held} times")
    for one in verdict.others[:10]:
        print({name: one[name] for name in ("case", "outcome", "code", "message")})
    print("\n".join(verdict.wrong[:20]))
    print(
        f"cases {verdict.cases}, lost {verdict.lost}, twice {verdict.twice}, "
        f"other flaws {len(verdict.wrong) - verdict.lost - verdict.twice}, "
        f"in doubt {len(verdict.doubts)}, {verdict.chaos_s:.0f} s in chaos, "
        f"{verdict.last_run_s:.0f} s in peace"
    )


def main() -> None:
    """Play one campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", choices=("sql-ledger", "guichet"), default="sql-ledger")
    parser.add_argument("--cases", type=int, default=WHOLE)
    parser.add_argument("--kills", type=int)
    parser.add_argument("--others", type=float, default=1.0, help="share of all but kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="every named point once, no more")
    parser.add_argument("--port", type=int, default=8310, help="0: any")
    parser.add_argument("--grace", type=float, default=3.0)
    parser.add_argument("--limit", type=float, default=2400, help="seconds of chaos at most")
    parser.add_argument("--keep", type=Path, help="a folder for everything that is made")
    said = parser.parse_args()
    chance = random.Random(said.seed)  # noqa: S311 - lots, no secrets
    kills = said.kills or max(5, round(said.cases * 0.375))
    with ExitStack() as stack:
        own = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        folder = said.keep or Path(stack.enter_context(own))
        folder.mkdir(parents=True, exist_ok=True)
        target = stack.enter_context(running_target(said.target, said.cases, folder, said.port))
        deck = short(chance)
        if not said.short:
            deck = shuffled(kills, said.others * said.cases / WHOLE, target.faults, chance)
        proxy_port = said.port and said.port + 1
        verdict = play(
            target, deck, folder=folder.resolve(), port=proxy_port, grace_s=said.grace,
            limit_s=said.limit,
        )  # fmt: skip
    show(verdict)
    sys.exit(0 if verdict.is_good else 1)


if __name__ == "__main__":
    main()
