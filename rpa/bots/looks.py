"""The steps that look at a page, and read it: one model a verb."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from rpa.bots.elements import Element, regular
from rpa.domain.model import Value


class Expect(Element):
    """Waits until an element is to be seen, holds a value, or an address was reached."""

    kind: Literal["expect"]
    value: str | None = None
    """What the element must hold or show."""
    url: str | None = None
    """A regular expression that the address must match."""

    def needs_telling(self) -> bool:
        """See the base class."""
        return self.url is None


class Gone(Element):
    """Waits until an element is not to be seen any more."""

    kind: Literal["gone"]


class Read(Element):
    """Reads a text, a part of the address, or a table's cell, for later steps and the evidence."""

    kind: Literal["read"]
    into: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """Known from then on as ``{read.name}``."""
    pattern: str | None = None
    """A regular expression; its first group, else all of it, is what is read."""
    url: str | None = None
    """A regular expression over the address, in place of an element."""

    def needs_telling(self) -> bool:
        """See the base class."""
        return self.url is None


class Pick(Value):
    """Opens the one row of a list whose cells equal what is asked; never a similar one."""

    kind: Literal["pick"]
    where: Annotated[dict[str, str], Field(min_length=1)]
    """Wanted text by column: the text of its head, or a CSS selector within the row."""
    rows: str = "tr"
    """CSS selector of the rows."""
    click: Element | None = None
    """What to click in the row; the row's only link if not said."""


class Receipt(Element):
    """Reads the receipt number, which proves that the target holds the case."""

    kind: Literal["receipt"]
    pattern: str | None = None
    """A regular expression over the element's text; its first group, else all of it."""
    url: str | None = None
    """A regular expression over the address of the page that came."""
    find: bool = False
    """The target gives no receipt: the case is looked up by the steps of ``find``."""
    unique: bool = True
    """No other case has the same receipt number."""

    def needs_telling(self) -> bool:
        """See the base class."""
        return False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = (bool(self.ways()) or self.pattern is not None, self.url is not None, self.find)
        if sum(ways) != 1:
            msg = "read the receipt in exactly one way: an element's text, url, or find: true"
            raise ValueError(msg)
        if self.ways() and self.pattern is None:
            msg = "give the pattern of the number in the text"
            raise ValueError(msg)
        return self

    @field_validator("pattern", "url")
    @classmethod
    def _is_regular(cls, pattern: str | None) -> str | None:
        return pattern if pattern is None else regular(pattern)


class Cell(Value):
    """Something of a hit: in a column, in an element, or in the address of a link."""

    column: str | None = None
    selector: str | None = None
    link: str | None = None
    """A regular expression over the addresses of the row's links."""
    pattern: str | None = None
    """A regular expression over the text; its first group, else all of it, is meant."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(way is not None for way in (self.column, self.selector, self.link)) != 1:
            msg = "tell the cell by one of: column, selector, link"
            raise ValueError(msg)
        regular(self.link or self.pattern or "")
        return self


def _cell(raw: Any) -> Any:
    return {"selector": raw} if isinstance(raw, str) else raw


SomeCell = Annotated[Cell, BeforeValidator(_cell)]


class Hits(Value):
    """Reads the list of hits; only one that equals what is asked exactly counts."""

    kind: Literal["hits"]
    rows: str
    """CSS selector of the hits."""
    reference: SomeCell | None = None
    """Where a hit shows the key."""
    match: dict[str, str] = Field(default={})
    """Wanted text by column, where the target holds no key: all must be equal."""
    unique: bool = False
    """What ``match`` compares is a number that no two cases have, though it is not the key."""
    number: SomeCell
    """Where a hit shows the receipt number."""
    more: str | None = None
    """CSS selector of what shows that the list is cut off: then nothing is surely absent."""
    next: Element | None = None
    """What leads to the next page of the list, while it is there."""

    @model_validator(mode="after")
    def _compares(self) -> Self:
        if (self.reference is None) == (not self.match):
            msg = "give either reference, where the key stands, or match"
            raise ValueError(msg)
        return self

    @property
    def knows_key(self) -> bool:
        """True where the target holds the filing key, so that no other record can equal it."""
        return (
            self.unique
            or self.reference is not None
            or any("{key}" in text for text in self.match.values())
        )
