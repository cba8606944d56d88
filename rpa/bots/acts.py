"""The steps that do something to a page: one model a verb."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from rpa.bots.elements import Element, regular
from rpa.domain.model import Value

Codes = dict[str, str] | str
"""A code table, or the name of one under ``tables``."""


class Goto(Value):
    """Opens an address in the whole window, or in the chosen frame."""

    kind: Literal["goto"]
    url: str
    in_frame: bool = False


class Frame(Value):
    """Chooses the frame in which the following steps act; ``_top`` is the whole window."""

    kind: Literal["frame"]
    name: str | None = None
    """Its HTML name, or id; else its title, such as that of an editor for rich text."""
    url: str | None = None
    """A piece of the frame's address."""
    text: str | None = None
    """A text that only this frame shows."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(way is not None for way in (self.name, self.url, self.text)) != 1:
            msg = "tell the frame by one of: name, url, text"
            raise ValueError(msg)
        return self


class Taken(Element):
    """What a step that puts a value into the page says of the value."""

    map: Codes | None = None
    """Code table: from the case's text to what the target wants."""
    max: Annotated[int, Field(ge=1)] | None = None
    """The most characters the target takes."""
    allowed: str | None = None
    """A regular expression that the whole text must match."""

    @field_validator("allowed")
    @classmethod
    def _is_regular(cls, pattern: str | None) -> str | None:
        return pattern if pattern is None else regular(pattern)


class Fill(Taken):
    """Types a text into a field, and looks whether the field kept it."""

    kind: Literal["fill"]
    value: str
    keys: bool = False
    """Type key by key, for pages that listen to the keyboard."""


class Select(Taken):
    """Chooses an option of a list, by its value or by its visible text."""

    kind: Literal["select"]
    value: str | None = None
    option: str | None = None

    @model_validator(mode="after")
    def _by_value_or_option(self) -> Self:
        if (self.value is None) == (self.option is None):
            msg = "give either value or option"
            raise ValueError(msg)
        return self

    @property
    def template(self) -> str:
        """The text to choose by."""
        return self.value if self.value is not None else self.option or ""


class Check(Element):
    """Ticks a box where ``value`` is ``true``, and unticks it where it is ``false`` or missing."""

    kind: Literal["check"]
    value: str = "true"


class Choose(Taken):
    """Chooses a radio button: of the group ``name`` by its value, or of ``label`` by the text."""

    kind: Literal["choose"]
    value: str | None = None

    @model_validator(mode="after")
    def _has_value(self) -> Self:
        if self.name is not None and self.value is None:
            msg = "give the value to choose in the group"
            raise ValueError(msg)
        return self


class Date(Element):
    """Sets a date: in one field (``format``), in three lists or fields, or in a calendar."""

    kind: Literal["date"]
    value: str
    """The date, ISO 8601: ``{field}``."""
    format: str | None = None
    """How one field wants it: ``DD/MM/YYYY``."""
    day: Element | None = None
    month: Element | None = None
    year: Element | None = None
    calendar: Element | None = None
    """The table of a calendar whose days are links."""
    earlier: Element | None = None
    """The link to the month before, where the calendar's head does not hold it as first link."""
    later: Element | None = None

    def needs_telling(self) -> bool:
        """See the base class."""
        return False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        parts = (self.day, self.month, self.year)
        ways = [bool(self.ways()), all(parts), self.calendar is not None]
        if sum(ways) != 1 or (any(parts) and not all(parts)):
            msg = "set a date in one field, or with day, month and year, or in a calendar"
            raise ValueError(msg)
        if self.format is not None and not self.ways():
            msg = "format goes with one field"
            raise ValueError(msg)
        return self


class Upload(Element):
    """Hands over a file of the case."""

    kind: Literal["upload"]
    file: str
    """Name of the file among the case's: ``document`` is what was received."""
    optional: bool = False
    """A case without this file is filed without it."""


class Download(Element):
    """Clicks, and keeps the file that comes of it as evidence."""

    kind: Literal["download"]
    keep: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")] = "download"


class Press(Element):
    """Presses a key, in an element or where the cursor is: ``Enter``, ``Tab``, ``Control+s``."""

    kind: Literal["press"]
    key: str

    def needs_telling(self) -> bool:
        """See the base class."""
        return False


class Hover(Element):
    """Moves the mouse over an element, for menus that open so."""

    kind: Literal["hover"]


class Wait(Value):
    """Waits for a time; where something shows that the page is ready, use ``expect``."""

    kind: Literal["wait"]
    seconds: Annotated[float, Field(gt=0, le=60)]


class Dialog(Value):
    """Says how the next dialog is answered; stands before the step that causes it."""

    kind: Literal["dialog"]
    answer: Literal["accept", "dismiss"]
    text: str | None = None
    """Words that the dialog must hold."""
    type: str | None = None
    """What to type into a prompt."""


class Click(Element):
    """Clicks an element and waits for the page it leads to."""

    kind: Literal["click"]
    commits: bool = False
    """The target holds the case once this was clicked."""
