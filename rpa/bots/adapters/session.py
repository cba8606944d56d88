"""One log-in's worth of browsing: the window, the frame, what is waited for and looked out for."""

import time
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Final, TypeVar

from playwright.sync_api import Browser, Frame, Locator, Page
from playwright.sync_api import Error as PlaywrightError

from rpa.bots.adapters.watch import Watch
from rpa.bots.definition import BotDefinition, Sign
from rpa.bots.errors import (
    ErrorShownError,
    LoggedOutError,
    PageMismatchError,
    login_refused,
)
from rpa.bots.privacy import masked
from rpa.bots.steps import Element
from rpa.bots.templates import Texts
from rpa.domain.errors import TargetRefusedError, TargetUnavailableError, ToolUnavailableError
from rpa.i18n import _

POLL_MS: Final = 50
GRACE_S: Final = 1.0
"""How long a field may stay disabled, or an option missing, on a page that is there."""
VIEWPORT: Final = {"width": 1280, "height": 1600}
TOP: Final = "_top"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done: the definition and the texts that go into it."""

    definition: BotDefinition
    texts: Texts
    hosts: tuple[str, ...]

    @property
    def timeout_s(self) -> float:
        """How long one step may take."""
        return self.texts.request.target.timeout_s

    def masked(self, text: str, *, keep: str = "") -> str:
        """Return ``text`` without the values that are filed."""
        target = self.texts.request.target
        secrets = (*self.texts.request.values.values(), target.username, target.password)
        return masked(text, secrets, keep=keep)


class Session:
    """A browser context on its way through a definition."""

    def __init__(self, page: Page, job: Job, watch: Watch, *, is_popup: bool = False) -> None:
        self.page = page
        self.is_popup = is_popup
        self.job = job
        self.texts = job.texts
        self.watch = watch
        self.frame_name = TOP
        self.is_logging_in = False

    def in_popup(self, page: Page) -> "Session":
        """Return the session as seen from a window that a page opened."""
        return Session(page, self.job, self.watch, is_popup=True)

    def in_row(self, table: str, number: int) -> "Session":
        """Return the session with the texts of one row of a table."""
        other = copy(self)
        other.texts = self.texts.for_row(table, number)
        return other

    def locator(self, element: Element) -> Locator:
        """Return where the element is, filled placeholders and all; it may not be there yet."""
        way, template = next(iter(element.ways().items()))
        text = self.texts.text(template)
        scope = self.scope()
        match way:
            case "name":
                return scope.locator(f'[name="{_css_string(text)}"]')
            case "label":
                return scope.get_by_label(text, exact=True)
            case "button":
                return scope.get_by_role("button", name=text, exact=True)
            case "link":
                return scope.get_by_role("link", name=text, exact=True)
            case "text":
                return scope.get_by_text(text)
            case _way:
                return scope.locator(text)

    def scope(self) -> Page | Frame:
        """Return the chosen frame.

        Raises:
            PageMismatchError: It did not come in time.
        """
        if self.frame_name == TOP:
            return self.page
        for _poll in self.polls(self.job.timeout_s):
            for frame in self.page.frames:
                if frame.name == self.frame_name:
                    return frame
        raise PageMismatchError(
            _("The page has no frame “{name}”.", name=self.frame_name), code="no-frame"
        )

    def polls(self, seconds: float) -> Iterator[int]:
        """Yield until the time is over, at least twice, with a short pause in between."""
        deadline = time.monotonic() + seconds
        number = 0
        while number < 2 or time.monotonic() < deadline:
            self._look(again=number > 0)
            yield number
            number += 1
            self.page.wait_for_timeout(POLL_MS)

    def found(self, element: Element) -> Locator:
        """Return the one visible element that fits, waiting for it.

        Raises:
            PageMismatchError: It did not come, or several fit.
            TargetRefusedError: It did not come, and would have shown a value of the case.
            TargetUnavailableError: The page is still on its way.
        """
        for _poll in self.polls(self.job.timeout_s):
            locator = self.locator(element).filter(visible=True)
            count = _tolerant(locator.count)
            if count == 1:
                return locator
            if count:
                said = _(
                    "{count} elements fit “{element}”: tell it more exactly.",
                    count=count,
                    element=element.described(),
                )
                raise PageMismatchError(said, code="ambiguous-element")
        if self.watch.is_underway(self.page):
            raise TargetUnavailableError(
                _("The target's page did not come in time."), code="timeout"
            )
        raise self._not_found(element)

    def found_all(self, element: Element) -> list[Locator]:
        """Return the visible elements that fit, waiting for the first; raises as :meth:`found`."""
        for _poll in self.polls(self.job.timeout_s):
            locators = _tolerant(self.locator(element).filter(visible=True).all)
            if locators:
                return locators
        raise self._not_found(element)

    def usable(self, element: Element) -> Locator:
        """Return the one visible element that fits and may be used.

        Raises:
            PageMismatchError: It is disabled, or as :meth:`found`.
        """
        locator = self.found(element)
        for _poll in self.polls(GRACE_S):
            if locator.is_enabled():
                return locator
        said = _("“{element}” is disabled.", element=element.described())
        raise PageMismatchError(said, code="disabled-element")

    def settle(self) -> None:
        """Wait for the pages that are on their way, then look for signs of trouble.

        Raises:
            TargetUnavailableError: A page did not come in time.
        """
        for _poll in self.polls(self.job.timeout_s):
            if not self.watch.is_underway(self.page):
                break
        else:
            raise TargetUnavailableError(
                _("The target's page did not come in time."), code="timeout"
            )
        self.page.wait_for_load_state("domcontentloaded", timeout=self.job.timeout_s * 1000)
        for frame in self.page.frames:
            if not frame.is_detached():
                frame.wait_for_load_state("domcontentloaded", timeout=self.job.timeout_s * 1000)
        self._look(again=True)

    def shows(self, sign: Sign | None) -> str | None:
        """Return the text of a sign that is to be seen in any frame, else None."""
        if sign is None:
            return None
        for frame in self.page.frames:
            where = (
                frame.get_by_text(sign.text) if sign.text else frame.locator(sign.selector or "")
            )
            for said in _tolerant(where.filter(visible=True).all_inner_texts) or ():
                if said.strip():
                    return said
        return None

    def texts_of(self, element: Element, *, everywhere: bool = False) -> list[str]:
        """Return the visible texts of the elements that fit now, in the chosen frame or in all."""
        scopes = self.page.frames if everywhere else [self.scope()]
        texts: list[str] = []
        for scope in scopes:
            way = scope.locator(element.selector or "").filter(visible=True)
            texts += _tolerant(way.all_inner_texts) or ()
        return texts

    def screenshot(self) -> bytes:
        """Return the whole page as PNG, password fields blanked."""
        secrets = [frame.locator("input[type=password]") for frame in self.page.frames]
        return self.page.screenshot(
            full_page=True, mask=secrets, mask_color="#ffffff", timeout=self.job.timeout_s * 1000
        )

    def closed(self) -> PageMismatchError | ToolUnavailableError:
        """Return what it means that the window is closed."""
        if self.is_popup:
            said = _("The window that was opened closed before its steps were done.")
            return PageMismatchError(said, code="popup")
        return ToolUnavailableError(_("The browser died."), code="browser")

    def _look(self, *, again: bool) -> None:
        self.watch.raise_trouble()
        if self.page.is_closed():
            raise self.closed()
        if not (again or self.watch.signs_due):
            return
        self.watch.signs_due = False
        # The error is looked for first: a page that asks to log in again may show one, too, and
        # may come between the two looks.
        said = self.shows(self.job.definition.error)
        if not self.is_logging_in and self.shows(self.job.definition.logged_out):
            raise LoggedOutError(_("The target asks to log in again."))
        if said and self.is_logging_in:
            raise login_refused()
        if said:
            raise ErrorShownError(_("The target refused: “{said}”", said=self.job.masked(said)))

    def _not_found(self, element: Element) -> PageMismatchError | TargetRefusedError:
        described = element.described()
        if "{" in described:
            said = _(
                "The target does not offer the value asked for (“{element}”).", element=described
            )
            return TargetRefusedError(said, code="no-such-choice")
        said = _("“{element}” is not on the page.", element=described)
        return PageMismatchError(said, code="no-element")


def open_session(browser: Browser, job: Job) -> Session:
    """Open a window without cookies of any earlier session."""
    context = browser.new_context(
        viewport={"width": VIEWPORT["width"], "height": VIEWPORT["height"]},
        locale="fr-CA",
        accept_downloads=False,
        service_workers="block",
    )
    context.set_default_timeout(job.timeout_s * 1000)
    watch = Watch(context, hosts=job.hosts)
    return Session(context.new_page(), job, watch)


def _tolerant(question: Callable[[], T]) -> T | None:
    """Ask a page that may just be changing; None where it could not answer."""
    try:
        return question()
    except PlaywrightError:
        return None


def _css_string(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
