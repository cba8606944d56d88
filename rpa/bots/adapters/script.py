"""The stretches of a bot's way, be it declared in YAML or written in Python."""

import traceback
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from pydantic import ValidationError

from rpa.bots.adapters.actions import translated, walk
from rpa.bots.adapters.page_script import call
from rpa.bots.adapters.session import Session
from rpa.bots.steps import parsed_step
from rpa.domain.errors import DefinitionError, RpaError
from rpa.i18n import _


def log_in(session: Session) -> None:
    """Do what logs in."""
    if session.job.written is None:
        walk(session, session.job.definition.login, "login")
    else:
        _coded(session, session.job.written.log_in, "login")


def fill(session: Session) -> None:
    """Do what comes before the commit."""
    if session.job.written is None:
        walk(session, session.job.definition.before_commit(), "file")
    else:
        _coded(session, session.job.written.fill, "fill")


def after_commit(session: Session) -> None:
    """Do what lies between the answer and the receipt."""
    definition = session.job.definition
    if session.job.written is None:
        first = len(definition.before_commit()) + 1
        walk(session, definition.after_commit(), "file", first=first)
    else:
        _coded(session, session.job.written.after, "after")


def numbers_found(session: Session) -> list[str]:
    """Return the numbers that a written bot's search found."""
    assert session.job.written is not None  # noqa: S101 - the caller looked
    found: list[str] = []
    search = session.job.written.find
    _coded(session, lambda window: found.extend(search(window)), "find")
    return found


def _coded(session: Session, work: Callable[[Any], object], section: str) -> None:
    try:
        work(CodedWindow(session, section))
    except PlaywrightError as exc:
        raise translated(session, exc) from None  # it may quote values
    except RpaError:
        raise
    except Exception as exc:  # noqa: BLE001
        # A person's code may raise anything; its text may quote values, its kind does not.
        said = _("{section}: the bot's code raised {error}.", section=section, error=_kind(exc))
        raise DefinitionError(said, code="bot-code") from None


def _kind(error: Exception) -> str:
    line = traceback.extract_tb(error.__traceback__)[-1].lineno
    return f"{type(error).__name__} (line {line})"


class CodedWindow:
    """The window of a written bot; see :class:`rpa.bots.written.Window`."""

    def __init__(self, session: Session, section: str) -> None:
        self._session = session
        self._section = section
        self._number = 0

    @property
    def page(self) -> Any:
        """Playwright's own ``Page``."""
        return self._session.page

    def do(self, verb: str, **keys: Any) -> str:
        """Do one step."""
        try:
            step = parsed_step({verb: keys})
        except ValidationError as exc:
            flaw = exc.errors(include_url=False, include_input=False)[0]["msg"]
            raise DefinitionError(f"{self._section}, {verb}: {flaw}") from None
        if getattr(step, "commits", False):
            raise DefinitionError(_("A written bot leaves the commit to the engine."))
        walk(self._session, (step,), self._section, first=self._number)
        self._number += 1
        return self._session.texts.read.get(keys.get("into", ""), "")

    def text(self, template: str) -> str:
        """Fill placeholders."""
        return self._session.texts.text(template)

    def rows(self, selector: str) -> list[list[str]]:
        """Read table rows."""
        rows: list[list[str]] = call(self._session.scope(), "rpaRows", selector)
        return rows
