"""A bot without a browser, and a target in memory, for the tests of whoever files."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from rpa.bots.api import Filed, FilingRequest
from rpa.domain.errors import OutcomeUnknownError, TargetRefusedError, TargetUnavailableError
from rpa.domain.filing import Finding, Presence, Receipt


class Failure(StrEnum):
    """How a call fails, when told to."""

    REFUSED = "refused"
    """The target refuses the values; ``before_commit`` is not called."""
    BEFORE_COMMIT = "before-commit"
    """The target fails before the commit; ``before_commit`` is not called."""
    AFTER_COMMIT = "after-commit"
    """The target keeps the case, but the receipt is lost."""
    COMMIT_LOST = "commit-lost"
    """The commit never reaches the target, and nobody can tell."""


@dataclass
class RecordingBot:
    """Files into a list. Safe from several threads."""

    filed: list[FilingRequest] = field(default_factory=list)
    """What the target holds, in order."""
    failures: list[Failure] = field(default_factory=list)
    """How the next calls of :meth:`file` fail, first one first; then they succeed."""
    is_searchable: bool = True
    """False: :meth:`find` answers ``unknown``, as a target that is down."""
    screen: bytes = b"\x89PNG\r\n\x1a\n"
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def file(self, request: FilingRequest, *, before_commit: Callable[[bytes], None]) -> Filed:
        """Keep the request and return its receipt, or fail as told."""
        failure = self._next_failure()
        if failure is Failure.REFUSED:
            raise TargetRefusedError("The target refused the values.")
        if failure is Failure.BEFORE_COMMIT:
            raise TargetUnavailableError("The target does not answer.")
        before_commit(self.screen)
        if failure is Failure.COMMIT_LOST:
            raise OutcomeUnknownError("The commit was sent, but no receipt came back.")
        with self._lock:
            self.filed.append(request)
            receipt = _receipt(len(self.filed))
        if failure is Failure.AFTER_COMMIT:
            raise OutcomeUnknownError("The commit was sent, but no receipt came back.")
        return Filed(receipt=receipt, screen=self.screen)

    def find(self, request: FilingRequest) -> Finding:
        """Look for the request's key in what was filed."""
        if not self.is_searchable:
            return Finding(presence=Presence.UNKNOWN, detail="The target does not answer.")
        with self._lock:
            hits = [n for n, one in enumerate(self.filed, start=1) if one.key == request.key]
        if len(hits) == 1:
            return Finding(presence=Presence.FOUND_ONCE, receipt=_receipt(hits[0]))
        return Finding(presence=Presence.SEVERAL if hits else Presence.ABSENT)

    def _next_failure(self) -> Failure | None:
        with self._lock:
            return self.failures.pop(0) if self.failures else None


def _receipt(number: int) -> Receipt:
    return Receipt(number=f"ACC-2026-{number:06d}", text="Kept in memory.")
