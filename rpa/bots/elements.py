"""How a definition tells one element of a page, the way a person sees it first."""

import re
from collections.abc import Iterator
from typing import Annotated, Final, Self

from pydantic import ConfigDict, Field, model_validator

from rpa.domain.model import Value

WAYS: Final = (
    "label",
    "button",
    "link",
    "text",
    "placeholder",
    "title",
    "name",
    "id",
    "selector",
)
"""What an element is told by; the order is that of a person's eye."""
NARROWING: Final = ("row", "column", "near")
"""What tells which of several is meant; alone, ``row`` and ``column`` tell what is in the cell."""


class Element(Value):
    """One element of a page; all that is said must hold. Every text may hold placeholders.

    ``or`` lists other ways, tried in order where the first finds nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    label: str | None = None
    """The text of its ``<label>``, or the text that stands before it, in its row or above it."""
    button: str | None = None
    """The caption of a button."""
    link: str | None = None
    """The text of a link."""
    text: str | None = None
    """The element's own text; the smallest element that holds it."""
    placeholder: str | None = None
    """The grey text in an empty field."""
    title: str | None = None
    """The tip that shows under the mouse, or a picture's alternative text."""
    name: str | None = None
    """The HTML ``name``."""
    id: str | None = None
    """The HTML ``id``."""
    selector: str | None = None
    """A CSS selector."""
    row: str | None = None
    """Text of a cell in the same table row."""
    column: str | None = None
    """Text of the head of its table column."""
    near: str | None = None
    """A text beside or above it: of several, the one nearest is meant."""
    position: Annotated[int, Field(ge=1)] | None = None
    """Which of several that fit, in the page's order, where nothing else tells them apart."""
    hidden: bool = False
    """The element may be invisible, such as the entry of a menu that only a mouse opens."""
    others: tuple["Element", ...] = Field(default=(), alias="or")

    @model_validator(mode="after")
    def _is_told(self) -> Self:
        if self.needs_telling() and not self.ways():
            msg = f"tell the element by one of: {', '.join((*WAYS, *NARROWING))}"
            raise ValueError(msg)
        if set(self.ways()) == {"near"}:
            msg = "near tells which of several is meant: add what it is, such as button or selector"
            raise ValueError(msg)
        return self

    def needs_telling(self) -> bool:
        """Say whether an element must be told; some steps have another subject."""
        return True

    def ways(self) -> dict[str, str]:
        """Return the ways in which it is told, ``or`` aside."""
        told = {way: getattr(self, way) for way in (*WAYS, *NARROWING)}
        return {way: text for way, text in told.items() if text is not None}

    def alternatives(self) -> tuple["Element", ...]:
        """Return the element and what stands under ``or``, in order."""
        return (self, *(inner for other in self.others for inner in other.alternatives()))

    def texts(self) -> Iterator[str]:
        """Yield every text that may hold placeholders."""
        for element in self.alternatives():
            yield from element.ways().values()

    def described(self) -> str:
        """Return it as written in the definition, placeholders unfilled."""
        said = ", ".join(f"{way}: {text}" for way, text in self.ways().items())
        return f"{said}, position: {self.position}" if self.position else said


def regular(pattern: str) -> str:
    """Return ``pattern`` where it is a regular expression; ``ValueError`` where it is none."""
    try:
        re.compile(pattern)
    except re.error as exc:
        msg = f"no regular expression: {exc}"
        raise ValueError(msg) from exc
    return pattern
