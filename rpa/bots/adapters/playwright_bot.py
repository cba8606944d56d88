"""Bots on Chromium by Playwright: the exactly-once protocol around the steps of a definition.

The synchronous Playwright cannot run inside a thread's running asyncio loop; call it from a thread
without one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator
from playwright.sync_api import Error as PlaywrightError

from rpa.bots.adapters.actions import click, perform, placed, translated
from rpa.bots.adapters.browser import chromium
from rpa.bots.adapters.session import Job, Session, open_session
from rpa.bots.adapters.tunnel import Tunnel, tunnel_to
from rpa.bots.api import Filed, FilingRequest
from rpa.bots.checking import check_fits
from rpa.bots.definition import load_definition
from rpa.bots.errors import (
    ErrorShownError,
    LoggedOutError,
    LoginRefusedError,
    PageMismatchError,
    login_refused,
)
from rpa.bots.steps import Element, Expect, Hits, Step
from rpa.bots.steps import Receipt as ReceiptStep
from rpa.bots.templates import Texts
from rpa.domain.errors import (
    BusinessError,
    DefinitionError,
    OutcomeUnknownError,
    RpaError,
    TargetUnavailableError,
)
from rpa.domain.filing import Finding, Presence, Receipt
from rpa.i18n import _

LOGINS: Final = 3
"""How often a session may be lost on the way to the commit before the bot gives up."""


class PlaywrightBot:
    """Keys values into web applications with Chromium; each call has a browser of its own."""

    def __init__(self, *, executable: Path | None = None, headless: bool = True) -> None:
        """Use the Chromium at ``executable``, or the one Playwright installed."""
        self._executable = executable
        self._headless = headless

    def file(self, request: FilingRequest, *, before_commit: Callable[[bytes], None]) -> Filed:
        """See :meth:`rpa.bots.api.Bot.file`."""
        job = _job(request)
        with self._browser(job) as (browser, tunnel):
            steps = job.definition.before_commit()
            session = _reached(browser, job, "file", steps, then=job.definition.commit())
            button, screen, stale = _ready(session)
            before_commit(screen)
            tunnel.cut()
            return _committed(session, button, stale)

    def find(self, request: FilingRequest) -> Finding:
        """See :meth:`rpa.bots.api.Bot.find`."""
        job = _job(request)
        if not job.definition.find:
            said = _("The bot has no “find” steps.")
            return Finding(presence=Presence.UNKNOWN, detail=said)
        try:
            with self._browser(job) as (browser, _tunnel):
                session = _reached(browser, job, "find", job.definition.find[:-1])
                return _finding(session, job.definition.hits())
        except (
            BusinessError,
            TargetUnavailableError,
            PageMismatchError,
            LoginRefusedError,
        ) as exc:
            return Finding(presence=Presence.UNKNOWN, detail=exc.message)

    @contextmanager
    def _browser(self, job: Job) -> Iterator[tuple[Browser, Tunnel]]:
        with (
            tunnel_to(job.hosts) as tunnel,
            chromium(self._executable, headless=self._headless, tunnel=tunnel) as browser,
        ):
            yield browser, tunnel


def _job(request: FilingRequest) -> Job:
    definition = load_definition(request.definition)
    check_fits(definition, request.kinds, path=request.definition)
    address = urlsplit(request.target.url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        said = _("The target's address must begin with http:// or https:// and name a host.")
        raise DefinitionError(said, code="target-url")
    return Job(definition, Texts(request), (address.hostname, *definition.hosts))


def _reached(
    browser: Browser,
    job: Job,
    section: str,
    steps: Sequence[Step],
    *,
    then: Element | None = None,
) -> Session:
    """Log in and do ``steps``, from the start again where the session is lost on the way.

    Nothing was committed when this returns, and the element ``then`` waits to be used.
    """
    if then is not None:
        steps = (*steps, Expect(kind="expect", **then.ways()))
    for _lost in range(LOGINS - 1):
        session = open_session(browser, job)
        try:
            return _walked(session, section, steps)
        except LoggedOutError:
            session.page.context.close()
    return _walked(open_session(browser, job), section, steps)


def _walked(session: Session, section: str, steps: Sequence[Step]) -> Session:
    _log_in(session)
    for number, step in enumerate(steps):
        perform(session, step, (section, number))
    return session


def _log_in(session: Session) -> None:
    definition = session.job.definition
    session.is_logging_in = True
    try:
        for number, step in enumerate(definition.login):
            perform(session, step, ("login", number))
    except PageMismatchError:
        _check_logged_in(session)
        raise
    _check_logged_in(session)
    session.is_logging_in = False


def _check_logged_in(session: Session) -> None:
    definition = session.job.definition
    if definition.login and session.shows(definition.logged_out):
        raise login_refused()


def _ready(session: Session) -> tuple[Locator, bytes, frozenset[str]]:
    """Make sure that the commit can be clicked, and keep what is on the screen just before."""
    definition = session.job.definition
    place = ("file", len(definition.before_commit()), "click")
    try:
        button = session.usable(definition.commit())
        button.click(trial=True)
        return button, session.screenshot(), _numbers(session, definition.receipt())
    except RpaError as exc:
        raise placed(exc, place) from exc
    except PlaywrightError as exc:
        raise placed(translated(session, exc), place) from None  # it may quote values


def _committed(session: Session, button: Locator, stale: frozenset[str]) -> Filed:
    """Commit and read the receipt. From the click on, only a receipt or a refusal is certain."""
    definition = session.job.definition
    first = len(definition.before_commit()) + 1
    try:
        click(session, button)
        for number, step in enumerate(definition.after_commit(), start=first):
            perform(session, step, ("file", number))
        receipt = _receipt(session, definition.receipt(), stale)
        return Filed(receipt=receipt, screen=session.screenshot())
    except ErrorShownError:
        raise
    except RpaError as exc:
        raise _in_doubt(exc.message) from exc
    except PlaywrightError as exc:
        raise _in_doubt(translated(session, exc).message) from None  # it may quote values


def _in_doubt(problem: str) -> OutcomeUnknownError:
    return OutcomeUnknownError(
        _("The commit was sent, but no receipt came back: {problem}", problem=problem)
    )


def _receipt(session: Session, step: ReceiptStep, stale: frozenset[str]) -> Receipt:
    element = Element(selector=step.selector)
    for _poll in session.polls(session.job.timeout_s):
        for text in session.texts_of(element):
            found = re.search(step.pattern, text)
            if found and found[0] not in stale:
                said = session.job.masked(text, keep=found[0])
                return Receipt(number=found[0], text=said)
    raise PageMismatchError(_("No receipt number was shown in time."), code="no-receipt")


def _numbers(session: Session, step: ReceiptStep) -> frozenset[str]:
    """Return receipt numbers that stood on the screen before: they prove nothing."""
    texts = session.texts_of(Element(selector=step.selector), everywhere=True)
    return frozenset(found[0] for text in texts if (found := re.search(step.pattern, text)))


def _finding(session: Session, step: Hits) -> Finding:
    rows = session.scope().locator(step.rows)
    key = " ".join(session.texts.request.key.split())
    numbers = []
    try:
        is_cut_off = bool(step.more and session.texts_of(Element(selector=step.more)))
        listed = rows.all()
        for row in listed:
            reference = row.locator(step.reference).inner_text()
            if " ".join(reference.split()) == key:
                numbers.append(row.locator(step.number).inner_text().strip())
    except PlaywrightError as exc:
        raise translated(session, exc) from None  # it may quote values
    detail = _(
        "The search showed {listed} entries, {exact} of them with exactly this reference.",
        listed=len(listed),
        exact=len(numbers),
    )
    return _judged(numbers, detail, is_cut_off=is_cut_off)


def _judged(numbers: list[str], detail: str, *, is_cut_off: bool) -> Finding:
    if len(numbers) > 1:
        return Finding(presence=Presence.SEVERAL, detail=detail)
    if is_cut_off:
        said = _("{detail} The list is cut off.", detail=detail)
        return Finding(presence=Presence.UNKNOWN, detail=said)
    if not numbers:
        return Finding(presence=Presence.ABSENT, detail=detail)
    if not numbers[0]:
        said = _("{detail} It shows no receipt number.", detail=detail)
        return Finding(presence=Presence.UNKNOWN, detail=said)
    receipt = Receipt(number=numbers[0], text=_("Found by its reference."))
    return Finding(presence=Presence.FOUND_ONCE, receipt=receipt, detail=detail)
