"""A worker that is killed, with SIGKILL, once at every boundary it comes to.

Each life is a process of its own, forked after the imports; it dies at the first boundary at which
no life before it died. The last life finds no boundary left and ends by itself.

Usage: killed_worker.py HOME
"""

import os
import signal
import sys
import time
from collections.abc import Callable
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

LIVES = 400
BOT_STEP_EVERY = 4
"""A death at each fourth of the bot's steps: they change nothing but the browser."""


class Boundaries:
    """Where lives ended, kept in a file that outlives them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: dict[str, int] = {}

    def reach(self, name: str) -> None:
        """Die here, unless a life before did."""
        self._seen[name] = self._seen.get(name, 0) + 1
        numbered = f"{name}#{self._seen[name]}"
        if numbered in self._path.read_text().split("\n"):
            return
        with self._path.open("a") as file:
            file.write(numbered + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.kill(os.getpid(), signal.SIGKILL)


def instrument(boundaries: Boundaries) -> None:
    """Put a boundary before and after everything that writes."""

    def around(owner: Any, method: str) -> None:
        original: Callable[..., Any] = getattr(owner, method)

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            boundaries.reach(f"before {method}")
            answer = original(*args, **kwargs)
            boundaries.reach(f"after {method}")
            return answer

        setattr(owner, method, wrapped)

    for method in ("receive", "take", "save", "open_intent", "void_intent", "postpone", "release"):
        around(Register, method)
    around(FolderStore, "put")
    around(FolderChannel, "settle")
    around(playwright_bot, "_committed")
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
    log = home / "deaths"
    log.touch()
    instrument(Boundaries(log))
    for _life in range(LIVES):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                live(home)
                status = 0
            finally:
                os._exit(status)
        _pid, ended = os.waitpid(child, 0)
        if os.WIFEXITED(ended):
            sys.exit(os.WEXITSTATUS(ended))
    sys.exit("no end")


if __name__ == "__main__":
    main()
