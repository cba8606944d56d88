"""One log-in's worth of browsing: the window, the frame, what is waited for and looked out for."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from copy import copy
from typing import Any, Final, TypeVar

from playwright.sync_api import CDPSession, Frame, Locator, Page
from playwright.sync_api import Error as PlaywrightError

from rpa.bots.acts import Frame as FrameStep
from rpa.bots.adapters.job import Job
from rpa.bots.adapters.page_script import ask, selector_of, spec_of
from rpa.bots.adapters.watch import Watch
from rpa.bots.definition import Sign
from rpa.bots.elements import Element
from rpa.bots.errors import (
    ErrorShownError,
    LoggedOutError,
    PageMismatchError,
    login_refused,
)
from rpa.domain.errors import TargetRefusedError, TargetUnavailableError, ToolUnavailableError
from rpa.i18n import _

POLL_MS: Final = 20
LONGEST_POLL_MS: Final = 250
START_MS: Final = (4, 8, 16)
TOP: Final = "_top"

T = TypeVar("T")


class Session:
    """A browser context on its way through a definition."""

    def __init__(self, page: Page, job: Job, watch: Watch, *, is_popup: bool = False) -> None:
        self.page = page
        self.is_popup = is_popup
        self.job = job
        self.texts = job.texts
        self.watch = watch
        self.chosen: FrameStep | None = None
        self.frame: Frame = page.main_frame
        self.is_logging_in = False
        self.typed: list[tuple[Frame, dict[str, Any], str]] = []
        """What fields must still hold when something is clicked: frame, order, description."""

    def in_popup(self, page: Page) -> "Session":
        """Return the session as seen from a window that a page opened."""
        other = Session(page, self.job, self.watch, is_popup=True)
        other.texts, other.is_logging_in = self.texts, self.is_logging_in
        return other

    def in_row(self, table: str, number: int) -> "Session":
        """Return the session with the texts of one row of a table."""
        other = copy(self)
        other.texts = self.texts.for_row(table, number)
        return other

    def devtools(self, page: Page) -> CDPSession:
        """Return the line to Chromium itself, kept while the page lives."""
        if page not in self.watch.devtools:
            self.watch.devtools[page] = page.context.new_cdp_session(page)
        return self.watch.devtools[page]

    # ---- where ----------------------------------------------------------------------------

    def choose(self, step: FrameStep | None) -> None:
        """Have the following steps act in a frame; None is the whole window."""
        self.chosen = None if step is None or step.name == TOP else step
        self.scope()

    def scope(self) -> Frame:
        """Return the chosen frame as it is now.

        Raises:
            PageMismatchError: It did not come in time, or several fit.
        """
        if self.chosen is None:
            self.frame = self.page.main_frame
            return self.frame
        if self._is_still_chosen():
            return self.frame
        for _poll in self.polls(self.job.timeout_s):
            frames = self.page.frames
            fitting = [frame for frame in frames if self._fits(frame)]
            if not fitting and self.chosen.name is not None:
                fitting = [one for one in frames if _title_of(one) == self.chosen.name]
            if len(fitting) == 1:
                self.frame = fitting[0]
                return self.frame
            if len(fitting) > 1:
                said = _("{count} frames fit “{name}”.", count=len(fitting), name=self._chosen())
                raise PageMismatchError(said, code="ambiguous-frame")
        raise PageMismatchError(
            _("The page has no frame “{name}”.", name=self._chosen()), code="no-frame"
        )

    def _chosen(self) -> str:
        step = self.chosen
        return (step.name or step.url or step.text or "") if step else TOP

    def _is_still_chosen(self) -> bool:
        step = self.chosen
        if step is None or self.frame.is_detached() or self.frame not in self.page.frames:
            return False
        return step.name is not None and self.frame.name == step.name

    def _fits(self, frame: Frame) -> bool:
        step = self.chosen
        if step is None or frame.is_detached():
            return False
        if step.name is not None:
            return frame.name == step.name
        if step.url is not None:
            return self.texts.text(step.url) in frame.url
        sign = {"text": self.texts.text(step.text or "")}
        shown = ask(frame, "rpaSigns", [sign])
        return bool(shown and shown[0])

    def spec(self, element: Element) -> dict[str, Any]:
        """Return an element as the page script wants it."""
        return spec_of(element, self.texts)

    def locator(self, element: Element) -> Locator:
        """Return the element for Playwright's own actions."""
        return self.scope().locator(selector_of(self.spec(element)))

    # ---- waiting --------------------------------------------------------------------------

    def polls(self, seconds: float) -> Iterator[int]:
        """Yield until the time is over, at least twice, with a growing pause in between."""
        deadline = time.monotonic() + seconds
        number, pause = 0, POLL_MS
        while number < 2 or time.monotonic() < deadline:
            self.look(again=number > 1)
            yield number
            number += 1
            self.page.wait_for_timeout(pause)
            pause = min(LONGEST_POLL_MS, round(pause * 1.5))

    def goes_on_showing(self, signs: Sequence[Sign], seconds: float) -> bool:
        """Say whether a sign is still to be seen after so long, on pages that have come whole."""
        deadline = time.monotonic() + seconds
        while True:
            self.settle()
            shown = self.shown(signs)
            if shown is None and not self.watch.arrived:
                return False
            if time.monotonic() > deadline:
                return shown is not None
            self.page.wait_for_timeout(LONGEST_POLL_MS)

    def start_settling(self) -> None:
        """Give a click the instant in which its page, if it leads to one, is asked for."""
        for pause in START_MS:
            if self.watch.is_underway(self.page) or self.watch.arrived or self.page.is_closed():
                return
            with suppress(PlaywrightError):  # the window closes by the click
                self.page.wait_for_timeout(pause)

    def settle(self) -> None:
        """Wait for the pages that are on their way, then look for signs of trouble.

        Raises:
            TargetUnavailableError: A page did not come in time.
        """
        deadline = time.monotonic() + self.job.timeout_s
        while self.watch.is_underway(self.page):
            self._raise_what_happened()
            if time.monotonic() > deadline:
                raise too_late()
            self.page.wait_for_timeout(POLL_MS)
        for frame in self.page.frames:
            if frame in self.watch.arrived and not frame.is_detached():
                frame.wait_for_load_state("domcontentloaded", timeout=self.job.timeout_s * 1000)
        self.look(again=False)

    def pause(self) -> None:
        """Give a page that may be in motion a moment to show it."""
        for _time in range(3):
            if self.watch.is_underway(self.page):
                break
            self.page.wait_for_timeout(POLL_MS)
        self.settle()

    # ---- what the target shows ------------------------------------------------------------

    def look(self, *, again: bool) -> None:
        """Look for trouble: in new pages only, or everywhere.

        Raises:
            LoggedOutError: The target asks to log in again.
            ErrorShownError: It shows what the definition declares to be its error.
            RpaError: A dialog, a failed page or a crash that was noticed meanwhile.
        """
        self._raise_what_happened()
        frames = set(self.page.frames) if again else self.watch.arrived & set(self.page.frames)
        self.watch.arrived -= frames
        if not frames:
            return
        # The error is looked for first: a page that asks to log in again may show one, too, and
        # may come between the two looks.
        definition = self.job.definition
        signs_out = () if self.is_logging_in else definition.signs_out()
        seen = self._seen((*definition.error, *signs_out), frames)
        error = next((said for said in seen[: len(definition.error)] if said), None)
        if any(seen[len(definition.error) :]):
            raise LoggedOutError(_("The target asks to log in again."))
        if error and self.is_logging_in:
            raise login_refused()
        if error:
            raise ErrorShownError(_("The target refused: “{said}”", said=self.job.masked(error)))

    def _raise_what_happened(self) -> None:
        self.watch.raise_trouble()
        if self.page.is_closed():
            raise self.closed()

    def shown(self, signs: Sequence[Sign], frames: set[Frame] | None = None) -> str | None:
        """Return the text of the first sign that is to be seen in any of the frames, else None."""
        seen = self._seen(signs, frames or set(self.page.frames))
        return next((said for said in seen if said), None)

    def _seen(self, signs: Sequence[Sign], frames: set[Frame]) -> list[str | None]:
        """Return, for each sign, the text that shows it in one of the frames, or None."""
        seen: list[str | None] = [None] * len(signs)
        asked = [sign.model_dump(exclude_none=True) for sign in signs]
        for frame in frames if asked else ():
            if frame.is_detached():
                continue
            shown = ask(frame, "rpaSigns", asked)
            if shown is None and not frame.is_detached():
                self.watch.arrived.add(frame)  # it was changing: look again
            seen = [old or new for old, new in zip(seen, shown or seen, strict=True)]
        return seen

    def closed(self) -> PageMismatchError | ToolUnavailableError:
        """Return what it means that the window is closed."""
        if self.is_popup:
            said = _("The window that was opened closed before its steps were done.")
            return PageMismatchError(said, code="popup")
        return ToolUnavailableError(_("The browser died."), code="browser")


def _title_of(frame: Frame) -> str | None:
    """Return the tip of a frame's element, which editors for rich text give it as its name."""
    if frame.parent_frame is None:
        return None
    return tolerant(lambda: frame.frame_element().get_attribute("title"))


def too_late() -> TargetUnavailableError:
    """Return the error of a page that does not come."""
    return TargetUnavailableError(_("The target's page did not come in time."), code="timeout")


def not_found(element: Element) -> PageMismatchError | TargetRefusedError:
    """Return the error of an element that does not come."""
    described = element.described()
    if "{" in described:
        said = _("The target does not offer the value asked for (“{element}”).", element=described)
        return TargetRefusedError(said, code="no-such-choice")
    said = _("“{element}” is not on the page.", element=described)
    return PageMismatchError(said, code="no-element")


def ambiguous(element: Element, count: int) -> PageMismatchError:
    """Return the error of an element that is told by what fits several."""
    said = _(
        "{count} elements fit “{element}”: tell it more exactly.",
        count=count,
        element=element.described(),
    )
    return PageMismatchError(said, code="ambiguous-element")


def tolerant(question: Callable[[], T]) -> T | None:
    """Ask a page that may just be changing; None where it could not answer."""
    try:
        return question()
    except PlaywrightError:
        return None
