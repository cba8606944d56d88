"""Where in a recording the log-in ends, the case begins, and the looking up."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rpa.bots.recording.events import ACTS, Event


@dataclass(slots=True)
class Parts:
    """The events of a recording by what the clerk was doing."""

    login: list[Event] = field(default_factory=list)
    file: list[Event] = field(default_factory=list)
    find: list[Event] = field(default_factory=list)
    has_find: bool = False
    """The clerk said where the looking up begins; else it is guessed."""


def parted(events: Sequence[Event]) -> Parts:
    """Return the events by phase: as the clerk said, else guessed by the password field."""
    said = [event.phase for event in events if event.kind == "phase"]
    parts = Parts(has_find="find" in said)
    start = 0 if "file" in said else _logged_in(events)
    phase = "login" if start or "file" in said else "file"
    for place, event in enumerate(events):
        if event.kind == "phase":
            phase = event.phase
            continue
        if phase == "login" and start and place >= start:
            phase = "file"
        if phase != "done":
            _line(parts, phase).append(event)
    return parts


def _line(parts: Parts, phase: str) -> list[Event]:
    return {"login": parts.login, "file": parts.file, "find": parts.find}[phase]


def _logged_in(events: Sequence[Event]) -> int:
    """Return the place of the first act after the log-in; 0 where no password was typed."""
    secrets = [place for place, event in enumerate(events) if event.secret]
    if not secrets:
        return 0
    asked = [at for at in range(secrets[0], len(events)) if events[at].kind == "request"]
    if not asked:
        return 0
    acts = (at for at in range(asked[0], len(events)) if events[at].kind in ACTS)
    return next(acts, len(events))
