"""The steps of a bot, each written ``verb: {…}``; some have a short form."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, TypeAdapter

from rpa.bots.acts import (
    Check,
    Choose,
    Click,
    Date,
    Dialog,
    Download,
    Fill,
    Frame,
    Goto,
    Hover,
    Press,
    Select,
    Upload,
    Wait,
)
from rpa.bots.elements import Element
from rpa.bots.looks import Expect, Gone, Hits, Pick, Read, Receipt
from rpa.domain.model import Value

SHORT_FORMS: Final[Mapping[str, str]] = {
    "goto": "url",
    "frame": "name",
    "dialog": "answer",
    "press": "key",
    "wait": "seconds",
}
"""Verbs that may be followed by a plain text, and the key it stands for."""


def _with_kind(raw: Any) -> Any:
    """Turn ``{verb: {…}}`` into ``{kind: verb, …}``."""
    if not isinstance(raw, dict) or len(raw) != 1:
        msg = "a step is one verb with its keys, such as “click: {button: OK}”"
        raise ValueError(msg)
    verb, body = next(iter(raw.items()))
    if isinstance(body, str | int | float) and verb in SHORT_FORMS:
        body = {SHORT_FORMS[verb]: body}
    if not isinstance(body, dict) or "kind" in body:
        msg = f"after “{verb}:” stand keys in braces"
        raise ValueError(msg)
    return {"kind": verb, **body}


CellStep = Annotated[
    Fill | Select | Check | Choose | Date | Upload,
    Field(discriminator="kind"),
    BeforeValidator(_with_kind),
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
    close: bool = False
    """Close the window after the steps, where it does not close by itself."""
    steps: Annotated[
        tuple[
            Annotated[
                Fill
                | Select
                | Check
                | Choose
                | Date
                | Press
                | Hover
                | Wait
                | Expect
                | Gone
                | Read
                | Pick
                | Click
                | Dialog
                | Frame,
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
    | Date
    | Upload
    | Download
    | Press
    | Hover
    | Wait
    | Rows
    | Popup
    | Dialog
    | Expect
    | Gone
    | Read
    | Pick
    | Click
    | Receipt
    | Hits,
    Field(discriminator="kind"),
    BeforeValidator(_with_kind),
]


_STEP: Final[TypeAdapter[Any]] = TypeAdapter(Step)


def parsed_step(raw: Mapping[str, Any]) -> Any:
    """Return the step that ``{verb: {…}}`` means; ``pydantic.ValidationError`` where it is none."""
    return _STEP.validate_python(raw)


def inner_steps(step: Value) -> tuple[Any, ...]:
    """Return the steps inside a step."""
    return step.steps if isinstance(step, Popup | Rows) else ()


def texts_of(step: Value) -> Iterator[str]:
    """Yield the texts of a step that may hold placeholders, those of inner steps aside."""
    for element in _elements_of(step):
        yield from element.texts()
    for name in ("url", "value", "option", "type"):
        text = getattr(step, name, None)
        if isinstance(text, str) and not (name == "url" and isinstance(step, Read | Receipt)):
            yield text
    if isinstance(step, Dialog | Frame) and step.text is not None:
        yield step.text
    if isinstance(step, Pick):
        yield from step.where.values()
    if isinstance(step, Hits):
        yield from step.match.values()


def _elements_of(step: Value) -> Iterator[Element]:
    if isinstance(step, Element):
        yield step
    for name in ("day", "month", "year", "calendar", "earlier", "later", "open", "click", "next"):
        part = getattr(step, name, None)
        if isinstance(part, Element):
            yield part
