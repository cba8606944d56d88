"""Steps on their way to the definition: what will stand there, and what a person should confirm."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rpa.bots.recording.events import PUTS, Event


@dataclass(slots=True)
class Draft:
    """One step before it is written."""

    verb: str
    event: Event
    """What it comes from."""
    ways: tuple[dict[str, Any], ...] = ()
    """How its element is told, the best first."""
    body: dict[str, Any] = field(default_factory=dict)
    """Its other keys."""
    field_name: str = ""
    """The field it puts into the page."""
    notes: list[str] = field(default_factory=list)
    steps: list["Draft"] = field(default_factory=list)
    """Inner steps."""
    outcome: list[Event] = field(default_factory=list)
    """What came of it: requests, pages, dialogs."""

    @property
    def place(self) -> tuple[int, str]:
        """The window and frame it is done in."""
        return self.event.place

    @property
    def pages(self) -> list[Event]:
        """The pages that came of it."""
        return [event for event in self.outcome if event.kind == "page"]

    @property
    def sends(self) -> bool:
        """True where it made the browser ask for a page."""
        return any(event.kind == "request" for event in self.outcome)

    @property
    def posts(self) -> bool:
        """True where it sent something to the target."""
        return any(e.kind == "request" and e.method != "GET" for e in self.outcome)

    @property
    def puts(self) -> bool:
        """True where the step puts a value into the page."""
        return self.event.kind in PUTS

    def note(self, text: str) -> None:
        """Add something to confirm."""
        if text and text not in self.notes:
            self.notes.append(text)

    def said(self) -> dict[str, Any]:
        """Return what stands after the verb, as in ``bot.yaml``."""
        said = {**element(self.ways[:1]), **self.body}
        if self.ways[1:]:
            said["or"] = [dict(way) for way in self.ways[1:]]
        return said


def element(ways: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    """Return an element by its first way, the others under ``or``."""
    if not ways:
        return {}
    first, *others = (dict(way) for way in ways)
    return {**first, "or": others} if others else first
