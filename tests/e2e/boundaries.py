"""Where a worker is killed: around everything that writes, and between a bot's steps."""

from typing import Any, Final

from rpa.bots.adapters import actions
from rpa.bots.adapters.committing import Commit
from rpa.register.register import Register
from rpa.store.folder import FolderStore
from rpa.testing.deaths import Boundaries

WRITES: Final = (
    "receive",
    "take",
    "claim_login",
    "save",
    "open_intent",
    "confirm",
    "void_intent",
    "postpone",
    "release",
)
BOT_STEP_EVERY: Final = 4
"""A death at each fourth of the bot's steps: they change nothing but the browser."""


def instrument(boundaries: Boundaries) -> None:
    """Put a boundary before and after everything that writes, and around the commit."""
    for method in WRITES:
        boundaries.around(Register, method)
    boundaries.around(FolderStore, "put")
    for method in ("_click", "sent"):
        boundaries.around(Commit, method)
    _bot_steps(boundaries)


def _bot_steps(boundaries: Boundaries) -> None:
    original = actions.perform

    def perform(session: Any, step: Any, place: Any) -> None:
        original(session, step, place)
        section, number = place[:2]
        if number % BOT_STEP_EVERY == 0:
            boundaries.reach(f"bot {section} {number}")

    actions.perform = perform
