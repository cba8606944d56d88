"""Bots written in Python, for targets that need code: the same engine, evidence and guarantees.

A ``bot.py`` holds one class::

    from rpa.bots.written import Window, WrittenBot

    class Complaints(WrittenBot):
        logged_out = [{"text": "Please log in"}]
        commit = {"button": "Save"}
        receipt = {"find": True}

        def log_in(self, window: Window) -> None:
            window.do("goto", url="{url}/")
            window.do("fill", name="user", value="{username}")
            ...

What is only declared (signs, the commit, the receipt, limits) are class attributes as in
``bot.yaml``; what needs code are methods. The commit is clicked by the engine alone.
"""

import importlib.util
import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol

from pydantic import ValidationError

from rpa.bots.definition import BotDefinition
from rpa.domain.errors import DefinitionError
from rpa.i18n import _


class Window(Protocol):
    """The window that a written bot works in."""

    @property
    def page(self) -> Any:
        """Playwright's own ``Page``, for what no step does. It must not commit anything."""
        ...

    def do(self, verb: str, **keys: Any) -> str:
        """Do one step as in ``bot.yaml``; returns what a ``read`` read, else an empty text."""
        ...

    def text(self, template: str) -> str:
        """Return ``template`` with its placeholders filled."""
        ...

    def rows(self, selector: str) -> list[list[str]]:
        """Return the texts of the cells of the table rows that a CSS selector finds."""
        ...


class WrittenBot:
    """The base of a bot in Python; see the module."""

    version: ClassVar[str] = ""
    target: ClassVar[Mapping[str, Any] | None] = None
    fields: ClassVar[Mapping[str, Any]] = {}
    encoding: ClassVar[str | None] = None
    form_charset: ClassVar[str | None] = None
    language: ClassVar[str] = "fr-CA"
    hosts: ClassVar[Sequence[str]] = ()
    logged_out: ClassVar[Sequence[Mapping[str, str]]] = ()
    logged_in: ClassVar[Sequence[Mapping[str, str]]] = ()
    error: ClassVar[Sequence[Mapping[str, str]]] = ()
    reads: ClassVar[int] = 2
    reads_wait_s: ClassVar[float] = 1.0
    recycle_after: ClassVar[int] = 200
    doubt: ClassVar[str] = "find"
    """``person``: there is no :meth:`find`, and a person settles every doubt."""
    knows_key: ClassVar[bool] = True
    """The target holds the filing key, so that :meth:`find` finds no other record."""
    commit: ClassVar[Mapping[str, Any]] = {}
    """The element that is clicked to commit."""
    receipt: ClassVar[Mapping[str, Any]] = {"find": True}
    """How the receipt is read, as the step ``receipt``."""

    def log_in(self, window: Window) -> None:
        """Go from a window without cookies to being logged in."""

    def fill(self, window: Window) -> None:
        """Go to the form and fill it, up to where only the commit is left to be clicked."""
        raise NotImplementedError

    def after(self, window: Window) -> None:
        """Go from the answer to where the receipt is to be read, if it is not there already."""

    def find(self, window: Window) -> Sequence[str]:
        """Search the target, change nothing, and return the receipt numbers of all equal records.

        Anything but a whole list must be an error: raise, rather than return too little.
        """
        raise NotImplementedError


class WrittenDefinition(BotDefinition):
    """What a written bot declares, as a definition."""

    can_find: bool = False
    knows_key: bool = True

    def needs_find_steps(self) -> bool:
        """See the base class."""
        return False

    @property
    def is_searchable(self) -> bool:
        """See the base class."""
        return self.can_find

    @property
    def looks_first(self) -> bool:
        """See the base class."""
        return self.can_find and not self.knows_key


def load_written(path: Path) -> tuple[WrittenBot, WrittenDefinition]:
    """Load the one bot of a ``bot.py``, and what it declares.

    Raises:
        DefinitionError: It cannot be loaded, holds no bot or several, or declares what is wrong.
    """
    kind = _class_of(path)
    named = ("version", "encoding", "form_charset", "language", "reads", "reads_wait_s")
    said: dict[str, Any] = {name: getattr(kind, name) for name in (*named, "recycle_after")}
    said |= {name: list(getattr(kind, name)) for name in ("logged_out", "logged_in", "error")}
    can_find = kind.find is not WrittenBot.find
    said |= {
        "target": kind.target,
        "fields": dict(kind.fields),
        "hosts": tuple(kind.hosts),
        "knows_key": kind.knows_key,
        "can_find": can_find,
        "doubt": kind.doubt,
        "file": [{"click": {**kind.commit, "commits": True}}, {"receipt": dict(kind.receipt)}],
    }
    try:
        definition = WrittenDefinition.model_validate(said)
    except ValidationError as exc:
        flaws = exc.errors(include_url=False, include_input=False, include_context=False)
        told = "; ".join(f"{'.'.join(map(str, flaw['loc']))}: {flaw['msg']}" for flaw in flaws)
        raise DefinitionError(f"{path}: {told}", code="bot-definition") from exc
    return kind(), definition


def _class_of(path: Path) -> type[WrittenBot]:
    spec = importlib.util.spec_from_file_location(f"rpa_bot_{abs(hash(path))}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise DefinitionError(
            _("{file} cannot be read: {problem}.", file=path, problem="–"), code="bot-file"
        )
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as exc:  # whatever a person's code does
        problem = f"{type(exc).__name__}: {exc}"
        said = _("{file} cannot be loaded: {problem}", file=path, problem=problem)
        raise DefinitionError(said, code="bot-file") from exc
    own = [one for one in vars(module).values() if inspect.isclass(one)]
    found = [
        one for one in own if one.__module__ == module.__name__ and issubclass(one, WrittenBot)
    ]
    if len(found) != 1:
        said = _(
            "{file} must hold one class of WrittenBot; it holds {count}.",
            file=path,
            count=len(found),
        )
        raise DefinitionError(said, code="bot-file")
    return found[0]
