"""``rpa bot file`` that is killed, with SIGKILL, once at every boundary it comes to.

Usage: killed_list.py DEATHS BOT CASES
"""

import sys
from pathlib import Path

from boundaries import instrument

from rpa.bootstrap.filing_desk import FilingPlan, checked_definition, rules_of
from rpa.cli.bot_file import results_of
from rpa.steps.case_lines import read_lines
from rpa.testing.deaths import Boundaries, live_until_the_end

LIVES = 400


def live(bot: Path, cases: Path) -> None:
    """File the whole list; every case must be filed in the end."""
    plan = FilingPlan(bot=bot, cases=cases, grace_s=0.5)
    lines = list(read_lines(cases, rules_of(checked_definition(plan))))
    results = list(results_of(plan, lines, 1))
    if {result.outcome for result in results} != {"filed"}:
        sys.stderr.write(f"{results}\n")
        raise SystemExit(1)


def main() -> None:
    """Live until the end."""
    deaths, bot, cases = map(Path, sys.argv[1:])
    instrument(Boundaries(deaths))
    live_until_the_end(lambda: live(bot, cases), lives=LIVES)


if __name__ == "__main__":
    main()
