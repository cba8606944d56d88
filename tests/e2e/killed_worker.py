"""A worker that is killed, with SIGKILL, once at every boundary it comes to.

Usage: killed_worker.py HOME
"""

import sys
import time
from pathlib import Path

from boundaries import instrument

from rpa.bootstrap import toolbox as wiring
from rpa.domain.errors import ApplicationError
from rpa.intake.adapters.folder import FolderChannel
from rpa.settings import load_settings
from rpa.steps.advance import advance
from rpa.steps.owners import is_dead
from rpa.steps.receive import receive
from rpa.testing.deaths import Boundaries, live_until_the_end

LIVES = 400


def live(home: Path) -> None:
    """Take in what waits and work until nothing is due any more."""
    tools = wiring.open_toolbox(load_settings(home))
    for channel in tools.channels:
        receive(channel, tools)
    tools.register.break_dead(is_dead)
    for _look in range(100):
        for case_id in tools.register.due():
            try:
                advance(case_id, tools)
            except ApplicationError:
                continue
        if not tools.register.unfinished():
            return
        time.sleep(0.2)


def main() -> None:
    home = Path(sys.argv[1])
    boundaries = Boundaries(home / "deaths")
    instrument(boundaries)
    boundaries.after(FolderChannel, "settle")
    live_until_the_end(lambda: live(home), lives=LIVES)


if __name__ == "__main__":
    main()
