"""Where a worker is killed: after everything that writes, around the commit, in a bot's sections.

Bot steps change nothing but the browser, which dies with its worker, and the log-in, which the
target keeps: so it is enough to die once after the first step of each section.
"""

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


def instrument(boundaries: Boundaries) -> None:
    """Put a boundary after everything that writes, around the click and after the answer to it."""
    for method in WRITES:
        boundaries.after(Register, method)
    boundaries.after(FolderStore, "put")
    boundaries.around(Commit, "_click")
    boundaries.after(Commit, "sent")
    _bot_steps(boundaries)


def _bot_steps(boundaries: Boundaries) -> None:
    original = actions.perform

    def perform(session: Any, step: Any, place: Any) -> None:
        original(session, step, place)
        section, number = place[:2]
        if number == 0:
            boundaries.reach(f"bot {section}")

    actions.perform = perform
