"""A bot without a browser, and a target in memory, for the tests of whoever files."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from rpa.bots.api import Exhibit, Filed, FilingRequest, Keep, Seen, keep_nothing
from rpa.domain.document import MediaType
from rpa.domain.errors import (
    DefinitionError,
    OutcomeUnknownError,
    TargetRefusedError,
    TargetUnavailableError,
)
from rpa.domain.filing import Finding, Presence, Receipt, found


class Failure(StrEnum):
    """How a call fails, when told to."""

    REFUSED = "refused"
    """The target refuses the values; ``before_commit`` is not called."""
    BEFORE_COMMIT = "before-commit"
    """The target fails before the commit; ``before_commit`` is not called."""
    LOGIN_REFUSED = "login-refused"
    """The target does not let the user in."""
    AFTER_COMMIT = "after-commit"
    """The target keeps the case, but the receipt is lost."""
    COMMIT_LOST = "commit-lost"
    """The commit never reaches the target, and nobody can tell."""
    ANSWERED = "answered"
    """The target answers the commit well, and a search finds nothing that equals the case."""
    COMMIT_LATE = "commit-late"
    """The commit reaches the target when :meth:`RecordingBot.arrive` is called."""
    STALE_RECEIPT = "stale-receipt"
    """The target keeps the case, and shows the receipt of the case before it."""
    REFUSED_AFTER = "refused-after"
    """The target answers the commit with a refusal, and holds nothing."""


UNCERTAIN = (Failure.AFTER_COMMIT, Failure.COMMIT_LOST, Failure.COMMIT_LATE)
"""Failures after which nobody can tell whether the target holds the case."""


@dataclass
class RecordingBot:
    """Files into a list. Safe from several threads."""

    filed: list[FilingRequest] = field(default_factory=list)
    """What the target holds, in order."""
    failures: list[Failure] = field(default_factory=list)
    """How the next calls of :meth:`file` fail, first one first; then they succeed."""
    is_searchable: bool = True
    """False: :meth:`find` answers ``unknown``, as a target that is down."""
    may_lack: bool = False
    """True: the bot enters something after the commit, which a record that is found may lack."""
    holds_key: bool = True
    """False: the target keeps no key, and cases are told by their values."""
    screen: bytes = b"\x89PNG\r\n\x1a\n"
    late: list[FilingRequest] = field(default_factory=list)
    """Commits on the way."""
    users: list[str] = field(default_factory=list)
    """Who was logged in at each call."""
    clashes: int = 0
    """How often two calls used one log-in at the same time."""
    closed: int = 0
    searches: int = 0
    _inside: list[str] = field(default_factory=list, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def file(
        self,
        request: FilingRequest,
        *,
        before_commit: Callable[[Seen], None],
        keep: Keep = keep_nothing,
    ) -> Filed:
        """Keep the request and return its receipt, or fail as told."""
        with self._logged_in(request):
            keep(_record(request, "file"))
            failure = self._next_failure()
            _fail_before(failure)
            before_commit(Seen(self.screen, self._present(request)))
            return self._committed(request, failure)

    def rehearse(self, request: FilingRequest, *, keep: Keep = keep_nothing) -> Seen:
        """Fail as told, or show what would have been committed."""
        with self._logged_in(request):
            keep(_record(request, "rehearse"))
            _fail_before(self._next_failure())
            return Seen(self.screen, self._present(request))

    def find(self, request: FilingRequest, *, keep: Keep = keep_nothing) -> Finding:
        """Look for the request's key, or its values, in what was filed."""
        with self._logged_in(request):
            keep(_record(request, "find"))
            self.searches += 1
            if not self.is_searchable:
                return Finding(presence=Presence.UNKNOWN, detail="The target does not answer.")
            hits = self._equal(request)
            presence = found(len(hits), is_whole=True)
            receipts = tuple(_receipt(hit) for hit in hits)
            return Finding(presence=presence, receipts=receipts, may_lack=self.may_lack)

    def close(self) -> None:
        """Count how often it was called."""
        self.closed += 1

    def arrive(self) -> None:
        """Let the target hold what was on the way."""
        with self._lock:
            self.filed += self.late
            self.late.clear()

    def _committed(self, request: FilingRequest, failure: Failure | None) -> Filed:
        if failure is Failure.REFUSED_AFTER:
            raise TargetRefusedError("The target refused the commit.")
        with self._lock:
            if failure is Failure.COMMIT_LATE:
                self.late.append(request)
            elif failure not in {Failure.COMMIT_LOST, Failure.ANSWERED}:
                self.filed.append(request)
            number = len(self.filed)
        if failure is Failure.ANSWERED:
            said = "The commit was answered, but the case is not to be found."
            raise OutcomeUnknownError(said, code="not-found-yet")
        if failure in UNCERTAIN:
            raise OutcomeUnknownError("The commit was sent, but no receipt came back.")
        stale = failure is Failure.STALE_RECEIPT
        return Filed(receipt=_receipt(number - 1 if stale else number), screen=self.screen)

    @contextmanager
    def _logged_in(self, request: FilingRequest) -> Iterator[None]:
        user = request.target.username
        with self._lock:
            self.clashes += user in self._inside
            self._inside.append(user)
            self.users.append(user)
        try:
            yield
        finally:
            with self._lock:
                self._inside.remove(user)

    def _equal(self, request: FilingRequest) -> list[int]:
        with self._lock:
            kept = list(enumerate(self.filed, start=1))
        if self.holds_key:
            return [number for number, one in kept if one.key == request.key]
        return [number for number, one in kept if one.values == request.values]

    def _present(self, request: FilingRequest) -> tuple[str, ...]:
        if self.holds_key:
            return ()
        return tuple(_receipt(number).number for number in self._equal(request))

    def _next_failure(self) -> Failure | None:
        with self._lock:
            return self.failures.pop(0) if self.failures else None


def _fail_before(failure: Failure | None) -> None:
    if failure is Failure.REFUSED:
        raise TargetRefusedError("The target refused the values.")
    if failure is Failure.BEFORE_COMMIT:
        raise TargetUnavailableError("The target does not answer.")
    if failure is Failure.LOGIN_REFUSED:
        raise DefinitionError("The target refused the user.", code="login-refused")


def _record(request: FilingRequest, what: str) -> Exhibit:
    told = json.dumps({"key": request.key, "did": what}).encode()
    return Exhibit(name="record.json", media_type=MediaType.JSON, content=told)


def _receipt(number: int) -> Receipt:
    return Receipt(number=f"ACC-2026-{number:06d}", text="Kept in memory.")
