"""A list of cases is filed: each is tried until it is known what became of it."""

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from rpa.domain.case import CaseState
from rpa.domain.errors import (
    ApplicationError,
    BusinessError,
    LostLeaseError,
    OutcomeUnknownError,
    RpaError,
    StaleCaseError,
    TargetPausedError,
)
from rpa.i18n import _
from rpa.register.register import Entry
from rpa.register.rows import Lease
from rpa.steps.case_lines import BadLine, CaseLine
from rpa.steps.exhibits import told_of
from rpa.steps.listed_case import Desk, Outcome, Result, case_of, result_of, work
from rpa.steps.owners import is_dead
from rpa.steps.targets import NO_LOGIN
from rpa.steps.unexpected import place_of

log = logging.getLogger(__name__)

POLL_S: Final = 0.5
LONGEST_NAP_S: Final = 60.0
HELD: Final = "held"
OTHERS_WORK: Final = frozenset({HELD, NO_LOGIN})
"""Codes of waits for others, not for the target."""


def bad_line(line: BadLine) -> Result:
    """Return what becomes of a line that cannot be filed."""
    return Result(
        case=line.case,
        line=line.line,
        outcome="business-error",
        code=line.code,
        message=line.message,
    )


@dataclass(slots=True)
class ListFiler:
    """Files one case after another; for one thread."""

    desk: Desk
    _until: float = field(init=False)
    _seen: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        """Be patient from now on."""
        self._renew_patience()

    def file(self, line: CaseLine, *, waits: bool = True) -> Result:
        """File one case, trying again what a tool failed at, and say what became of it.

        One that another command works on is waited for, or, without ``waits``, answered with the
        code :data:`HELD`.
        """
        began = self.desk.timer.lived()
        try:
            result = self._until_known(line, waits=waits)
        except Exception as error:  # noqa: BLE001
            # A bug met by one case must not stop the others; its text could hold a person's data.
            kind = type(error).__name__
            log.error("%s on line %s at %s", kind, line.line, place_of(error))  # noqa: TRY400
            said = _("Unexpected {error}; see the log.", error=kind)
            result = _unrecorded(line, RpaError(said, code="unexpected"))
        return result.model_copy(update={"seconds": round(self.desk.timer.lived() - began, 3)})

    def _until_known(self, line: CaseLine, *, waits: bool) -> Result:
        failed = 0
        while True:
            try:
                lease = self._taken(line)
                if lease is None and not waits:
                    return _unrecorded(line, _held(line))
                result = self._tried(lease, line, left=self.desk.retries - failed)
            except _AgainError:
                failed += 1
            except ApplicationError as error:  # it could not even be put on record
                if failed >= self.desk.retries:
                    return _unrecorded(line, error)
                failed += 1
            else:
                if result is not None:
                    self._renew_patience()
                    return result
                continue
            self.desk.timer.sleep(min(LONGEST_NAP_S, 2.0 ** (failed - 1)))

    def _taken(self, line: CaseLine) -> Lease | None:
        """Take the case; None where another command works on it. The dead work on nothing."""
        case = case_of(line, self.desk)
        lease = self.desk.register.take(case.case_id, owner=self.desk.actor)
        if lease is None and case.case_id in self.desk.register.break_dead(self._is_over):
            lease = self.desk.register.take(case.case_id, owner=self.desk.actor)
        return lease

    def _tried(self, lease: Lease | None, line: CaseLine, *, left: int) -> Result | None:
        """Try once; None where the case was another's, or the target at rest, and it goes on."""
        if lease is None:
            return self._waited(line, POLL_S, _held(line))
        try:
            return work(lease, line, self.desk)
        except (LostLeaseError, StaleCaseError) as error:
            return self._waited(line, POLL_S, error)
        except TargetPausedError as error:
            self.desk.register.release(lease)
            return self._waited(line, min(error.wait_s, LONGEST_NAP_S), error)
        except RpaError as error:
            return self._failed(lease, line, error, left=left)
        finally:
            with suppress(ApplicationError):
                self.desk.register.release(lease)

    def _is_over(self, owner: str) -> bool:
        """Say whether a lease is nobody's any more: this worker's own could not be given back."""
        return owner == self.desk.actor or is_dead(owner)

    def _failed(self, lease: Lease, line: CaseLine, error: RpaError, *, left: int) -> Result:
        desk = self.desk
        # A doubt is looked into once, though it came with the last try.
        again = isinstance(error, OutcomeUnknownError) and left == 0
        again = again or (isinstance(error, ApplicationError) and left > 0)
        if not desk.dry_run:
            _put_on_record(lease, error, desk)
        if again:
            raise _AgainError from error
        case = desk.register.get(lease.case.case_id)
        is_doubtful = desk.register.intent(case.case_id) is not None
        return result_of(
            case,
            line,
            "in-doubt" if is_doubtful else _outcome(error),
            code=error.reason,
            message=error.message,
        )

    def _waited(self, line: CaseLine, seconds: float, why: ApplicationError) -> Result | None:
        if why.reason in OTHERS_WORK:
            self._watch_others()
        if why.reason == HELD:
            # Whoever has the case may wait for the very log-in that would lie idle here.
            self.desk.logins.close()
        left = self._until - self.desk.timer.lived()
        if left <= 0:
            return _unrecorded(line, why)
        self.desk.timer.sleep(min(seconds, left))
        return None

    def _watch_others(self) -> None:
        """Be patient with whoever holds the case, or the log-in, while they get on."""
        newest, _hash = self.desk.register.head()
        if newest != self._seen:
            self._seen = newest
            self._renew_patience()

    def _renew_patience(self) -> None:
        self._until = self.desk.timer.lived() + self.desk.patience_s


class _AgainError(Exception):
    """The case is to be tried again after a nap."""


def _put_on_record(lease: Lease, error: RpaError, desk: Desk) -> None:
    # The case may have moved since the lease's copy was read; the lease is the same.
    now = desk.register.get(lease.case.case_id)
    held = Lease(case=now, owner=lease.owner, fence=lease.fence, attempts=lease.attempts)
    told = {"code": error.reason, **told_of(error.evidence)}
    if isinstance(error, ApplicationError):
        entry = Entry("put-off", {**told, "attempt": held.attempts + 1})
        desk.register.postpone(held, entry, until=desk.now(), adding=error.evidence)
    elif now.state is CaseState.APPROVED:
        case = now.moved(
            CaseState.SUSPENDED, at=desk.now(), because=error.message, adding=error.evidence
        )
        desk.register.save(held, case, Entry("suspended", {**told, "from": now.state.value}))


def _outcome(error: RpaError) -> Outcome:
    return "business-error" if isinstance(error, BusinessError) else "application-error"


def _unrecorded(line: CaseLine, error: RpaError) -> Result:
    return Result(
        case=line.case,
        line=line.line,
        outcome=_outcome(error),
        code=error.reason,
        message=error.message,
    )


def _held(line: CaseLine) -> ApplicationError:
    return LostLeaseError(_("Another command works on case {case}.", case=line.case), code=HELD)
