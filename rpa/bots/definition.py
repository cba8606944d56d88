"""``bot.yaml``: what a bot does, as a list of steps without conditions, loops or expressions.

``docs/bots.md`` describes every step. Each is written ``verb: {…}``; three have a short form.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import yaml
from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator

from rpa.domain.errors import DefinitionError
from rpa.domain.model import Value
from rpa.i18n import _

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
    """Says how the next dialog is answered; it must come before the next step but one ends."""

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


class Sign(Value):
    """How a state of the target shows, in any frame: by a text or by a CSS selector."""

    text: str | None = None
    selector: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.text is None) == (self.selector is None):
            msg = "give either text or selector"
            raise ValueError(msg)
        return self


class BotDefinition(Value):
    """A process's ``bot.yaml``."""

    hosts: tuple[str, ...] = ()
    """Hosts besides the target's own that the browser may reach (a log-in service, for example)."""
    login: tuple[Step, ...] = ()
    logged_out: Sign | None = None
    error: Sign | None = None
    file: Annotated[tuple[Step, ...], Field(min_length=1)]
    find: tuple[Step, ...] = ()

    @field_validator("login")
    @classmethod
    def _login_only_logs_in(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        _none_of(steps, Receipt, Hits)
        _commits_nowhere(steps)
        return steps

    @field_validator("file")
    @classmethod
    def _commits_once(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        _none_of(steps, Hits)
        commits = [place for place, step in enumerate(steps) if is_commit(step)]
        receipts = [place for place, step in enumerate(steps) if isinstance(step, Receipt)]
        if any(is_commit(inner) for step in steps for inner in _inner(step)):
            msg = "a step in a popup cannot commit"
            raise ValueError(msg)
        if len(commits) != 1:
            msg = f"exactly one click has “commits: true”; here {len(commits)} have"
            raise ValueError(msg)
        if receipts != [len(steps) - 1] or receipts[0] < commits[0]:
            msg = "the last step, after the one that commits, is the only “receipt”"
            raise ValueError(msg)
        return steps

    @field_validator("find")
    @classmethod
    def _find_changes_nothing(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        if not steps:
            return steps
        _commits_nowhere(steps)
        _none_of(steps, Receipt)
        _none_of(steps[:-1], Hits)
        if [step.kind for step in steps[-2:]] != ["expect", "hits"]:
            msg = "find ends with “expect”, which proves that the result page is shown, and “hits”"
            raise ValueError(msg)
        return steps

    def before_commit(self) -> tuple[Step, ...]:
        """Return the steps of ``file`` up to the one that commits, without it."""
        return self.file[: self._commit_place()]

    def commit(self) -> Click:
        """Return the step that commits."""
        step = self.file[self._commit_place()]
        assert isinstance(step, Click)  # noqa: S101 - the validator above made sure
        return step

    def after_commit(self) -> tuple[Step, ...]:
        """Return the steps after the commit, the receipt not among them."""
        return self.file[self._commit_place() + 1 : -1]

    def receipt(self) -> Receipt:
        """Return the step that reads the receipt."""
        step = self.file[-1]
        assert isinstance(step, Receipt)  # noqa: S101 - the validator above made sure
        return step

    def hits(self) -> Hits:
        """Return the step that reads the hits of ``find``."""
        step = self.find[-1]
        assert isinstance(step, Hits)  # noqa: S101 - the validator above made sure
        return step

    def _commit_place(self) -> int:
        return next(place for place, step in enumerate(self.file) if is_commit(step))


def is_commit(step: Step) -> bool:
    """Say whether ``step`` commits."""
    return isinstance(step, Click) and step.commits


def _inner(step: Step) -> tuple[Step, ...]:
    return step.steps if isinstance(step, Popup | Rows) else ()


def _commits_nowhere(steps: tuple[Step, ...]) -> None:
    if any(is_commit(inner) for step in steps for inner in (step, *_inner(step))):
        msg = "only a step of “file” may have “commits: true”"
        raise ValueError(msg)


def _none_of(steps: tuple[Step, ...], *kinds: type[Value]) -> None:
    lost = [step.kind for step in steps if isinstance(step, kinds)]
    if lost:
        msg = f"“{lost[0]}” does not belong here"
        raise ValueError(msg)


def load_definition(path: Path) -> BotDefinition:
    """Read a process's ``bot.yaml``.

    Raises:
        DefinitionError: It is missing, no YAML, or says something impossible: file, step and key
            are named.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise DefinitionError(
            _("{file} cannot be read: {problem}.", file=path, problem=exc.strerror or ""),
            code="bot-file",
        ) from exc
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise DefinitionError(
            _("{file} is no valid YAML: {problem}", file=path, problem=exc), code="bot-yaml"
        ) from exc
    try:
        return BotDefinition.model_validate(raw)
    except ValidationError as exc:
        problems = "; ".join(_problems(exc))
        raise DefinitionError(f"{path}: {problems}", code="bot-definition") from exc


def _problems(error: ValidationError) -> Iterator[str]:
    for flaw in error.errors(include_url=False, include_input=False, include_context=False):
        said = re.sub(r"^Value error, ", "", flaw["msg"])
        yield f"{place_named(flaw['loc'])}: {said}" if flaw["loc"] else said


def place_named(location: tuple[int | str, ...]) -> str:
    """Return a place in a definition for a person: ``file, step 4 (fill), value``."""
    words: list[str] = []
    rest = list(location)
    while rest:
        part = rest.pop(0)
        if not isinstance(part, int):
            words.append(part)
            continue
        verb = f" ({rest.pop(0)})" if rest else ""
        words.append(_("step {number}", number=part + 1) + verb)
    return ", ".join(words)
