"""Where a bot works: one thread with its browser, its log-in kept from case to case.

Playwright's synchronous objects belong to the thread that made them, and cannot be used in a thread
with a running asyncio loop: so each workplace has a thread of its own.
"""

import contextvars
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

from rpa.bots.adapters import script
from rpa.bots.adapters.browser import Chromium
from rpa.bots.adapters.job import Job
from rpa.bots.adapters.session import Session
from rpa.bots.adapters.watch import Watch
from rpa.bots.api import Target
from rpa.bots.errors import PageMismatchError, login_refused
from rpa.domain.errors import ToolTimeoutError
from rpa.i18n import _

COMMIT_S: Final = 5.0
"""How long after the last look at the lease a commit may still be sent."""
LOGIN_S: Final = 3.0
"""How long a target may go on showing its log-in once the bot sent it: some pages think first."""
LONGEST_S: Final = 900
"""How long one call may take before its browser is killed."""

T = TypeVar("T")
Login = tuple[Target, str]
"""Whom a kept window is logged in as: the target with its user, and the definition's digest."""


@dataclass(slots=True)
class Kept:
    """A window that is logged in."""

    login: Login
    context: BrowserContext
    page: Page
    watch: Watch


class Workplace:
    """One thread, one browser, at most one log-in. Used by one caller at a time."""

    def __init__(self, executable: Path | None, *, headless: bool) -> None:
        """Prepare a place; the browser starts with the first call."""
        self._executable = executable
        self._headless = headless
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="bot")
        self._browser: Chromium | None = None
        self._kept: Kept | None = None
        self._cases = 0

    @property
    def login(self) -> Login | None:
        """Whom the kept window is logged in as."""
        return self._kept.login if self._kept else None

    def run(self, work: Callable[[], T]) -> T:
        """Do ``work`` in the place's thread, and return what it returns.

        Raises:
            ToolTimeoutError: It did not end in time; the browser was killed.
        """
        running: Future[T] = self._thread.submit(contextvars.copy_context().run, work)
        try:
            return running.result(timeout=LONGEST_S)
        except FutureTimeoutError:
            if self._browser is not None:
                self._browser.kill()
            with suppress(Exception):  # whatever it ends in now, it took too long
                running.result(timeout=30)
            raise ToolTimeoutError(_("The bot did not end in time.")) from None

    def close(self) -> None:
        """End the browser and the thread."""
        with suppress(RuntimeError):  # the interpreter is ending, or the thread has ended
            self._thread.submit(self.start_afresh, close_browser=True).result(timeout=60)
        self._thread.shutdown(wait=False)

    # ---- in the place's own thread ---------------------------------------------------------

    def session(self, job: Job, *, login: Login) -> Session:
        """Return a session that is logged in, kept from an earlier case where there is one."""
        if self._cases >= job.definition.recycle_after:
            self.start_afresh(close_browser=True)
        kept = self._kept
        if kept is not None and (kept.login != login or kept.page.is_closed()):
            self.start_afresh()
            kept = None
        self._cases += 1
        if kept is not None:
            kept.watch.begin()
            job.record.browser = self._browser.version if self._browser else ""
            return Session(kept.page, job, kept.watch)
        return self._logged_in(job, login)

    def cut(self) -> None:
        """Cut every connection of the browser: the commit goes out on a new one, and soon."""
        if self._browser is not None:
            self._browser.tunnel.close_after(COMMIT_S)
            self._browser.tunnel.cut()

    def start_afresh(self, *, close_browser: bool = False) -> None:
        """Close the window and forget the log-in."""
        if self._kept is not None:
            with suppress(PlaywrightError):
                self._kept.context.close()
            self._kept = None
        is_dead = self._browser is not None and not self._browser.is_alive
        if self._browser is not None and (close_browser or is_dead):
            self._browser.close()
            self._browser = None
            self._cases = 0

    def _logged_in(self, job: Job, login: Login) -> Session:
        browser = self._started(job)
        job.record.browser = browser.version
        context = browser.context(
            job.texts.request.target,
            language=job.definition.language,
            form_charset=job.definition.form_charset,
        )
        watch = Watch(context, hosts=job.hosts, tunnel=browser.tunnel)
        self._kept = Kept(login, context, context.new_page(), watch)
        session = Session(self._kept.page, job, watch)
        log_in(session)
        return session

    def _started(self, job: Job) -> Chromium:
        if self._browser is not None and (
            not self._browser.is_alive or self._browser.hosts != job.hosts
        ):
            self.start_afresh(close_browser=True)
        if self._browser is None:
            self._browser = Chromium(self._executable, headless=self._headless, hosts=job.hosts)
        return self._browser


def log_in(session: Session) -> None:
    """Do the steps of ``login``, and make sure that the target let the bot in.

    Raises:
        LoginRefusedError: It did not.
    """
    session.is_logging_in = True
    try:
        script.log_in(session)
    except PageMismatchError:
        if _was_sent(session):
            _check_logged_in(session)
        raise
    _check_logged_in(session)
    session.is_logging_in = False
    session.choose(None)
    session.typed.clear()


def _was_sent(session: Session) -> bool:
    """Say whether name and password were sent: before, no target can have refused them."""
    done = session.job.record.steps
    is_sent = any(step.kind in {"click", "press"} and not step.error for step in done)
    return is_sent or session.job.written is not None


def _check_logged_in(session: Session) -> None:
    definition = session.job.definition
    if not definition.login and session.job.written is None:
        return
    if session.goes_on_showing((*definition.signs_out(), *definition.error), LOGIN_S):
        raise login_refused()
    if definition.logged_in:
        for _poll in session.polls(session.job.timeout_s):
            if session.shown(definition.logged_in):
                return
        raise login_refused()
