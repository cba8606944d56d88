"""The steps of a bot: one model a verb, each written ``verb: {…}``; three have a short form."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from rpa.domain.model import Value

SHORT_FORMS: Final[Mapping[str, str]] = {"goto": "url", "frame": "name", "dialog": "answer"}
"""Verbs that may be followed by a plain text, and the key it stands for."""


class Element(Value):
    """One element of a page, told in exactly one way. Every text may hold placeholders."""

    name: str | None = None
    """The HTML ``name``."""
    label: str | None = None
    """The text of the ``<label>`` that belongs to it."""
    button: str | None = None
    """The caption of a button."""
    link: str | None = None
    """The text of a link."""
    text: str | None = None
    """The element's own text."""
    selector: str | None = None
    """A CSS selector."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if len(self.ways()) != 1:
            msg = f"tell the element in exactly one way: {', '.join(Element.model_fields)}"
            raise ValueError(msg)
        return self

    def ways(self) -> dict[str, str]:
        """Return the ways in which it is told."""
        told = {way: getattr(self, way) for way in Element.model_fields}
        return {way: text for way, text in told.items() if text is not None}

    def described(self) -> str:
        """Return it as written in the definition, placeholders unfilled."""
        return ", ".join(f"{way}: {text}" for way, text in self.ways().items())


class Goto(Value):
    """Opens an address in the whole window; a frame chosen before is left."""

    kind: Literal["goto"]
    url: str


class Frame(Value):
    """Chooses the frame in which the following steps act; ``_top`` is the whole window."""

    kind: Literal["frame"]
    name: str


class Fill(Element):
    """Types a text into a field, and looks whether the field kept it."""

    kind: Literal["fill"]
    value: str


class Select(Element):
    """Chooses an option of a list, by its value or by its visible text."""

    kind: Literal["select"]
    value: str | None = None
    option: str | None = None
    map: dict[str, str] | None = None
    """Code table: from the filled text to the option's value or visible text."""

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


class Choose(Value):
    """Chooses the radio button of a group, by its value."""

    kind: Literal["choose"]
    name: str
    value: str
    map: dict[str, str] | None = None


class Dialog(Value):
    """Says how the next dialog is answered; stands before the step that causes it."""

    kind: Literal["dialog"]
    answer: Literal["accept", "dismiss"]
    text: str | None = None
    """Words that the dialog must hold."""


class Expect(Element):
    """Waits until an element is to be seen: proof that a page was reached."""

    kind: Literal["expect"]


class Click(Element):
    """Clicks an element and waits for the page it leads to."""

    kind: Literal["click"]
    commits: bool = False
    """The target holds the case once this was clicked."""


class Receipt(Value):
    """Reads the receipt number, which proves that the target holds the case."""

    kind: Literal["receipt"]
    selector: str
    pattern: str
    """A regular expression that finds the number in the element's text."""

    @field_validator("pattern")
    @classmethod
    def _is_regular_expression(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as exc:
            msg = f"no regular expression: {exc}"
            raise ValueError(msg) from exc
        return pattern


class Hits(Value):
    """Reads the list of hits; only one whose reference equals the key exactly counts."""

    kind: Literal["hits"]
    rows: str
    """CSS selector of the hits."""
    reference: str
    """CSS selector of the reference, within a hit."""
    number: str
    """CSS selector of the receipt number, within a hit."""
    more: str | None = None
    """CSS selector of what shows that the list is cut off: then nothing is surely absent."""


def _with_kind(raw: Any) -> Any:
    """Turn ``{verb: {…}}`` into ``{kind: verb, …}``."""
    if not isinstance(raw, dict) or len(raw) != 1:
        msg = "a step is one verb with its keys, such as “click: {button: OK}”"
        raise ValueError(msg)
    verb, body = next(iter(raw.items()))
    if isinstance(body, str) and verb in SHORT_FORMS:
        body = {SHORT_FORMS[verb]: body}
    if not isinstance(body, dict) or "kind" in body:
        msg = f"after “{verb}:” stand keys in braces"
        raise ValueError(msg)
    return {"kind": verb, **body}


CellStep = Annotated[
    Fill | Select | Check | Choose, Field(discriminator="kind"), BeforeValidator(_with_kind)
]


class Rows(Value):
    """Fills a table: the steps run for each row that has a value, with ``{row}`` its number."""

    kind: Literal["rows"]
    table: str
    steps: Annotated[tuple[CellStep, ...], Field(min_length=1)]


class Popup(Value):
    """Opens a window by a click, does the steps in it, and waits until it has closed."""

    kind: Literal["popup"]
    open: Element
    steps: Annotated[
        tuple[
            Annotated[
                Fill | Select | Check | Choose | Expect | Click | Dialog | Frame,
                Field(discriminator="kind"),
                BeforeValidator(_with_kind),
            ],
            ...,
        ],
        Field(min_length=1),
    ]


Step = Annotated[
    Goto
    | Frame
    | Fill
    | Select
    | Check
    | Choose
    | Rows
    | Popup
    | Dialog
    | Expect
    | Click
    | Receipt
    | Hits,
    Field(discriminator="kind"),
    BeforeValidator(_with_kind),
]
