"""``bot.yaml``: what a bot does, as a list of steps without conditions, loops or expressions.

``docs/bots.md`` describes every section and step.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from rpa.bots.steps import Click, Hits, Popup, Receipt, Rows, Step
from rpa.domain.errors import DefinitionError
from rpa.domain.model import Value
from rpa.i18n import _


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
