"""Bots on Chromium by Playwright: the exactly-once protocol around the steps of a definition."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from rpa.bots.adapters import script
from rpa.bots.adapters.committing import Commit
from rpa.bots.adapters.finding import searched
from rpa.bots.adapters.job import Job
from rpa.bots.adapters.pictures import failure
from rpa.bots.adapters.session import Session
from rpa.bots.adapters.workplace import Login, Workplace
from rpa.bots.api import (
    Exhibit,
    Filed,
    FilingRequest,
    Keep,
    Seen,
    keep_nothing,
)
from rpa.bots.checking import check_fits
from rpa.bots.definition import BotDefinition, load_definition
from rpa.bots.errors import (
    ErrorShownError,
    LoggedOutError,
    PageMismatchError,
)
from rpa.bots.fitting import check_values
from rpa.bots.record import Record, digest_of
from rpa.bots.templates import Texts
from rpa.bots.written import WrittenBot, load_written
from rpa.domain.document import MediaType
from rpa.domain.errors import (
    BusinessError,
    DefinitionError,
    RpaError,
    TargetUnavailableError,
    ToolUnavailableError,
)
from rpa.domain.filing import Finding, Presence
from rpa.domain.form import FieldKind
from rpa.i18n import _

LOGINS: Final = 3
"""How often a session may be lost on the way to the commit before the bot gives up."""
BeforeCommit = Callable[[Seen], None]


class PlaywrightBot:
    """Keys values into web applications with Chromium; keeps its log-ins from case to case."""

    def __init__(self, *, executable: Path | None = None, headless: bool = True) -> None:
        """Use the Chromium at ``executable``, or the one Playwright installed."""
        self._executable = executable
        self._headless = headless
        self._idle: list[Workplace] = []
        self._lock = threading.Lock()

    def file(
        self, request: FilingRequest, *, before_commit: BeforeCommit, keep: Keep = keep_nothing
    ) -> Filed:
        """See :meth:`rpa.bots.api.Bot.file`."""
        with self._working(request, keep) as (place, job, login):
            return place.run(lambda: _Run(place, job, login, keep).filed(before_commit))

    def rehearse(self, request: FilingRequest, *, keep: Keep = keep_nothing) -> Seen:
        """See :meth:`rpa.bots.api.Bot.rehearse`."""
        with self._working(request, keep) as (place, job, login):
            return place.run(lambda: _Run(place, job, login, keep).rehearsed())

    def find(self, request: FilingRequest, *, keep: Keep = keep_nothing) -> Finding:
        """See :meth:`rpa.bots.api.Bot.find`."""
        if not _job(request).definition.is_searchable:
            said = _("The bot has no “find” steps.")
            return Finding(presence=Presence.UNKNOWN, detail=said)
        try:
            with self._working(request, keep) as (place, job, login):
                return place.run(lambda: _Run(place, job, login, keep).found())
        except (BusinessError, TargetUnavailableError, PageMismatchError) as exc:
            return Finding(presence=Presence.UNKNOWN, detail=exc.message)

    def close(self) -> None:
        """See :meth:`rpa.bots.api.Bot.close`."""
        with self._lock:
            places, self._idle = self._idle, []
        for place in places:
            place.close()

    @contextmanager
    def _working(
        self, request: FilingRequest, keep: Keep
    ) -> Iterator[tuple[Workplace, Job, Login]]:
        job = _job(request)
        try:
            check_values(job.definition, job.texts)
        except RpaError as exc:
            job.record.outcome = exc.reason
            keep(job.record.exhibit())
            raise
        login = (request.target, job.record.bot)
        place = self._place(login)
        try:
            yield place, job, login
        finally:
            with self._lock:
                self._idle.append(place)

    def _place(self, login: Login) -> Workplace:
        """Take a place that nobody uses, best the one that is logged in already."""
        with self._lock:
            for place in self._idle:
                if place.login == login:
                    break
            else:
                if not self._idle:
                    return Workplace(self._executable, headless=self._headless)
                place = self._idle[0]
            self._idle.remove(place)
            return place


class _Run:
    """One call, in the thread of its workplace."""

    def __init__(self, place: Workplace, job: Job, login: Login, keep: Keep) -> None:
        self._place = place
        self._job = job
        self._login = login
        self._keep = keep
        self._session: Session | None = None
        self._present: tuple[str, ...] = ()

    def filed(self, before_commit: BeforeCommit) -> Filed:
        with self._told("filed"):
            commit = Commit(self._reached(self._fill), self._present)
            before_commit(commit.made_ready())
            self._place.cut()
            return commit.sent()

    def rehearsed(self) -> Seen:
        with self._told("rehearsed"):
            seen = Commit(self._reached(self._fill), self._present).made_ready()
            self._place.start_afresh()  # the form stays half-filled: nobody goes on from there
            return seen

    def found(self) -> Finding:
        with self._told("searched"):
            session = self._reached(lambda _session: None)
            finding = self._again_if_lost(lambda: searched(self._session or session))
            return _with_what_it_may_lack(finding, self._job.definition)

    def _fill(self, session: Session) -> None:
        definition = self._job.definition
        if definition.looks_first:
            finding = searched(session)
            if not finding.is_whole or finding.presence is Presence.UNKNOWN:
                raise TargetUnavailableError(finding.detail, code="not-searchable")
            self._present = tuple(one.number for one in finding.receipts)
        session.choose(None)
        session.typed.clear()
        script.fill(session)

    def _reached(self, go: Callable[[Session], None]) -> Session:
        """Log in and ``go``, from the start again where the session is lost on the way.

        A window that was kept may be anywhere: what fails in one is tried once more in a new one.
        Nothing was committed when this returns.
        """
        lost = 0
        while True:
            self._job.record.steps.clear()
            self._session = None
            is_kept = self._place.login == self._login
            try:
                self._session = self._place.session(self._job, login=self._login)
                go(self._session)
            except LoggedOutError:
                lost += 0 if is_kept else 1
                self._place.start_afresh()
                if lost >= LOGINS:
                    raise
            except (
                TargetUnavailableError,
                PageMismatchError,
                ToolUnavailableError,
            ):
                if not is_kept:
                    raise
                self._place.start_afresh(close_browser=True)
            else:
                return self._session

    def _again_if_lost(self, search: Callable[[], Finding]) -> Finding:
        try:
            return search()
        except (LoggedOutError, TargetUnavailableError, PageMismatchError, ToolUnavailableError):
            self._place.start_afresh(close_browser=True)
            self._reached(lambda _session: None)
            return search()

    @contextmanager
    def _told(self, outcome: str) -> Iterator[None]:
        """Keep the record of what is done, and what shows a failure; then start afresh."""
        started = time.monotonic()
        record = self._job.record
        record.outcome = outcome
        try:
            yield
        except BaseException as problem:
            record.outcome = problem.reason if isinstance(problem, RpaError) else "unexpected"
            record.ms = round((time.monotonic() - started) * 1000)
            self._keep_failure()
            self._place.start_afresh(close_browser=not isinstance(problem, ErrorShownError))
            raise
        record.ms = round((time.monotonic() - started) * 1000)
        for name, (_shown, content) in self._job.downloads.items():
            self._keep(Exhibit(name, MediaType.UNKNOWN, content))
        self._keep(record.exhibit())

    def _keep_failure(self) -> None:
        session = self._session
        if session is not None:
            self._job.record.answers = self._job.record.answers or tuple(session.watch.answers)
        self._keep(self._job.record.exhibit())
        if session is None or session.page.is_closed():
            return
        for exhibit in failure(session):
            self._keep(exhibit)


def _with_what_it_may_lack(finding: Finding, definition: BotDefinition) -> Finding:
    """Say of a record that was found later that what is entered after the commit may be missing."""
    if finding.receipt is None or not definition.enters_after_commit:
        return finding
    said = _(
        "The target holds it as {number}, but what the bot enters after the commit may be missing:"
        " look, complete it by hand, and settle.",
        number=finding.receipt.number,
    )
    return finding.model_copy(update={"may_lack": True, "detail": said})


def _job(request: FilingRequest) -> Job:
    definition, written, digest = _loaded(request)
    address = urlsplit(request.target.url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        said = _("The target's address must begin with http:// or https:// and name a host.")
        raise DefinitionError(said, code="target-url")
    record = Record(bot=digest, version=definition.version)
    hosts = (address.hostname, *definition.hosts)
    return Job(definition, Texts(request), hosts, record, written)


def _loaded(request: FilingRequest) -> tuple[BotDefinition, WrittenBot | None, str]:
    path = request.definition
    try:
        digest = digest_of(path.read_bytes())
    except OSError:
        digest = ""
    kinds = tuple(sorted(request.kinds.items()))
    return *_checked(path, digest, kinds), digest


@lru_cache(maxsize=32)
def _checked(
    path: Path, _digest: str, kinds: tuple[tuple[str, FieldKind], ...]
) -> tuple[BotDefinition, WrittenBot | None]:
    """Load and check a definition once for each version of its file."""
    if path.suffix == ".py":
        written, definition = load_written(path)
        return definition, written
    declared = load_definition(path)
    check_fits(declared, dict(kinds), path=path)
    return declared, None
