"""What a recorded browser tells: one event for each thing that a person did or that came of it."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Told = Mapping[str, Any]
"""One way to tell an element, as ``rpa.bots.elements.Element`` writes it."""
Phase = Literal["login", "file", "find", "done"]

ACTS = frozenset({"goto", "click", "fill", "select", "check", "choose", "upload", "press"})
"""Kinds of events that are something a person did to a page."""
PUTS = frozenset({"fill", "select", "check", "choose", "upload"})
"""Those that put a value into it."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Option(_Record):
    """An entry of a list, or a radio button of a group."""

    value: str
    text: str


class ShownCell(_Record):
    """A cell of a row, and how it is told within the row."""

    text: str
    selector: str
    column: str = ""


class ShownRow(_Record):
    """A row of a table that was shown."""

    table: str
    """CSS selector of its table."""
    row: str = ""
    """CSS selector of the row by its classes."""
    cells: tuple[ShownCell, ...] = ()
    links: tuple[str, ...] = ()


class Numbered(_Record):
    """A text with a figure in it that was shown."""

    text: str
    around: str = ""
    """The text of the block it stands in."""
    ways: tuple[dict[str, Any], ...] = ()


class Alarm(_Record):
    """A text that looks like something was refused."""

    text: str
    selector: str


class Event(_Record):
    """Something that happened in the recorded browser. What was typed into a password is not here.

    A ``request`` brings a page or sends something; a ``script`` request only fetches.
    ``page`` is the number of the window, 0 the first; ``frame`` is empty in the whole window.
    """

    kind: Literal[
        "goto", "click", "fill", "select", "check", "choose", "upload", "press",
        "dialog", "page", "request", "script", "opened", "closed", "phase",
    ]  # fmt: skip
    page: int = 0
    frame: str = ""
    """The frame's name; for one without, what its address holds, after ``url:``."""
    url: str = ""

    ways: tuple[dict[str, Any], ...] = ()
    """How the element is told, the best first; each finds exactly this one."""
    control: str = ""
    """Its HTML name or id."""
    label: str = ""
    value: str = ""
    text: str = ""
    """The visible text of the option."""
    options: tuple[Option, ...] = ()
    group: str = ""
    """Name of the radio buttons."""
    checked: bool = False
    secret: bool = False
    """A password was typed; what it was is not known."""
    weak: bool = False
    """A click that counts only where something came of it."""
    hidden: bool = False
    """What was clicked was not to be seen when the page came."""
    entered: bool = False
    """The browser clicked because Enter was pressed in a field."""
    calendar: dict[str, Any] | None = None
    """How the calendar is told that was clicked in; ``value`` is the day, ``text`` its head."""
    files: tuple[str, ...] = ()
    key: str = ""

    message: str = ""
    yes: bool = True
    typed: str | None = None
    """What was typed into a prompt."""

    method: str = "GET"
    top: bool = True
    """The request brings a page for the whole window."""
    opener: int = 0
    phase: Phase = "login"

    password: str = ""
    """CSS selector of the password field that the page shows, if it shows one."""
    headings: tuple[str, ...] = ()
    numbers: tuple[Numbered, ...] = ()
    rows: tuple[ShownRow, ...] = ()
    alarms: tuple[Alarm, ...] = ()

    @property
    def place(self) -> tuple[int, str]:
        """The window and the frame in it."""
        return self.page, self.frame
