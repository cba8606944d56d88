"""A worker that is killed, with SIGKILL, once at every boundary it comes to.

Usage: killed_worker.py HOME
"""

import sys
import time
from pathlib import Path
from typing import Any

from rpa.bootstrap import toolbox as wiring
from rpa.bots.adapters import playwright_bot
from rpa.domain.errors import ApplicationError
from rpa.intake.adapters.folder import FolderChannel
from rpa.register.register import Register
from rpa.settings import load_settings
from rpa.steps.advance import advance
from rpa.steps.owners import is_dead
from rpa.steps.receive import receive
from rpa.store.folder import FolderStore
from rpa.testing.deaths import Boundaries, live_until_the_end

LIVES = 400
BOT_STEP_EVERY = 4
"""A death at each fourth of the bot's steps: they change nothing but the browser."""


def instrument(boundaries: Boundaries) -> None:
    """Put a boundary before and after everything that writes."""
    for method in ("receive", "take", "save", "open_intent", "void_intent", "postpone", "release"):
        boundaries.around(Register, method)
    boundaries.around(FolderStore, "put")
    boundaries.around(FolderChannel, "settle")
    boundaries.around(playwright_bot, "_committed")
    _bot_steps(boundaries)


def _bot_steps(boundaries: Boundaries) -> None:
    original = playwright_bot.perform

    def perform(session: Any, step: Any, place: tuple[str, int]) -> None:
        original(session, step, place)
        section, number = place
        if number % BOT_STEP_EVERY == 0:
            boundaries.reach(f"bot {section} {number}")

    playwright_bot.perform = perform


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
    instrument(Boundaries(home / "deaths"))
    live_until_the_end(lambda: live(home), lives=LIVES)


if __name__ == "__main__":
    main()
