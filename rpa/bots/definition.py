"""``bot.yaml``: what a bot does, as a list of steps without conditions, loops or expressions.

``docs/bots.md`` describes every section and step.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import yaml
from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator

from rpa.bots.acts import Check, Choose, Click, Date, Fill, Select, Upload
from rpa.bots.elements import regular
from rpa.bots.looks import Hits, Receipt
from rpa.bots.steps import Popup, Rows, Step, inner_steps
from rpa.domain.errors import DefinitionError
from rpa.domain.form import FieldKind
from rpa.domain.model import Value
from rpa.domain.target import TargetSpec
from rpa.i18n import _

ENTERING: Final = (Fill, Select, Check, Choose, Date, Upload, Rows, Popup)


class Sign(Value):
    """How a state of the target shows, in any frame."""

    text: str | None = None
    selector: str | None = None
    url: str | None = None
    """A piece of the address."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(way is not None for way in (self.text, self.selector, self.url)) != 1:
            msg = "give one of text, selector and url"
            raise ValueError(msg)
        return self


def _listed(raw: Any) -> Any:
    return [raw] if isinstance(raw, dict) else () if raw is None else raw


Signs = Annotated[tuple[Sign, ...], BeforeValidator(_listed)]
"""One sign or several; any of them will do."""


class FieldSpec(Value):
    """What is declared of a field where no form does."""

    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    sensitive: bool = False
    """Not to be seen in evidence, pictures included."""
    max: Annotated[int, Field(ge=1)] | None = None
    allowed: str | None = None
    """A regular expression that the whole canonical text must match."""

    @field_validator("allowed")
    @classmethod
    def _is_regular(cls, pattern: str | None) -> str | None:
        return pattern if pattern is None else regular(pattern)


class BotDefinition(Value):
    """A process's ``bot.yaml``."""

    version: str = ""
    """For people; evidence names the file's digest, too."""
    target: TargetSpec | None = None
    """For ``rpa bot file`` on its own; a process names one of the home's targets."""
    fields: dict[str, FieldSpec] = Field(default={})
    """What is known of the fields beside, or without, the form."""
    tables: dict[str, dict[str, str]] = Field(default={})
    """Code tables that steps name under ``map``."""
    encoding: str | None = None
    """The target's character set, such as ``iso-8859-1``: what it lacks is never sent."""
    form_charset: str | None = None
    """What the target reads forms in, where its pages do not say so (HTML ``accept-charset``)."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] = "fr-CA"
    """What the browser asks pages in; a target in several languages answers in it."""
    hosts: tuple[str, ...] = ()
    """Hosts besides the target's own that the browser may reach (a log-in service, for example)."""
    login: tuple[Step, ...] = ()
    logged_out: Signs = ()
    logged_in: Signs = ()
    """How it shows, after ``login``, that the bot is in."""
    error: Signs = ()
    file: Annotated[tuple[Step, ...], Field(min_length=1)]
    find: tuple[Step, ...] = ()
    doubt: Literal["find", "person"] = "find"
    """``person``: there is no ``find``, and a person settles every doubt."""
    reads: Annotated[int, Field(ge=1, le=20)] = 2
    """How often a search must find nothing before nothing is believed."""
    reads_wait_s: Annotated[float, Field(ge=0, le=600)] = 1.0
    """How long to wait between two such searches, for targets that index slowly."""
    recycle_after: Annotated[int, Field(ge=1, le=10_000)] = 200
    """Cases after which browser and log-in are made anew, before they grow."""

    @field_validator("encoding", "form_charset")
    @classmethod
    def _is_encoding(cls, encoding: str | None) -> str | None:
        if encoding is not None:
            try:
                codecs.lookup(encoding)
            except LookupError as exc:
                msg = f"{encoding} is no known character set"
                raise ValueError(msg) from exc
        return encoding

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
        if any(is_commit(inner) for step in steps for inner in inner_steps(step)):
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

    @model_validator(mode="after")
    def _is_found_again(self) -> Self:
        if self.receipt().find and not self.find and self.needs_find_steps():
            msg = "the receipt is to be found, but there are no “find” steps"
            raise ValueError(msg)
        if self.doubt == "person" and self.is_searchable:
            msg = "doubt: person is for bots without “find” steps"
            raise ValueError(msg)
        named = {
            step.map for step in self.all_steps() if isinstance(getattr(step, "map", None), str)
        }
        lost = named - set(self.tables)
        if lost:
            msg = f"no such code table under tables: {', '.join(sorted(lost))}"
            raise ValueError(msg)
        return self

    def needs_find_steps(self) -> bool:
        """Say whether only ``find`` steps can find a case again; code may do it."""
        return True

    @property
    def is_searchable(self) -> bool:
        """True where a case can be found again."""
        return bool(self.find)

    def signs_out(self) -> tuple[Sign, ...]:
        """Return how it shows that the session is gone: as declared, else a password box."""
        if self.logged_out or not self.login:
            return self.logged_out
        return (Sign(selector="input[type=password]"),)

    def all_steps(self) -> Iterator[Any]:
        """Yield every step of every section, inner ones included."""
        for step in (*self.login, *self.file, *self.find):
            yield step
            yield from inner_steps(step)

    @property
    def looks_first(self) -> bool:
        """True where equal records may be in the target before, so that they must be known."""
        return bool(self.find) and not self.hits().knows_key

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

    @property
    def enters_after_commit(self) -> bool:
        """True where something is still entered once the target holds the case."""
        return any(isinstance(step, ENTERING) for step in self.after_commit())

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


def _commits_nowhere(steps: tuple[Step, ...]) -> None:
    if any(is_commit(inner) for step in steps for inner in (step, *inner_steps(step))):
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
