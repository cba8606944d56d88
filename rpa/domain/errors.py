"""The error tree: two families for what happens to a case, one for how the tool is set up.

::

    RpaError
    ├── BusinessError               document or data wrong: never retried, a person decides
    │   ├── DocumentRefusedError        cannot be taken in; set aside with this reason
    │   ├── RecognitionError            readable, but not as this form
    │   ├── TargetRefusedError          the legacy application refused the values, nothing was filed
    │   ├── FilingInDoubtError          filed or not: cannot be told; never filed again on a guess
    │   ├── SignatureRefusedError       the document cannot or must not be signed
    │   ├── NoticeRefusedError          the mail server refuses an address or a mail for good
    │   └── IntegrityError              stored bytes or a ledger entry are not what they were
    ├── ApplicationError            a tool or remote system failed: retried, then shown
    │   ├── ToolUnavailableError        a program, service or file is missing or unreachable
    │   ├── ToolTimeoutError            it did not answer in time
    │   ├── TargetUnavailableError      the legacy application failed before anything was committed
    │   ├── TargetPausedError           it must not be worked now: the case waits, no failure
    │   ├── OutcomeUnknownError         it failed after the commit was sent: in doubt until found
    │   ├── LostLeaseError              another worker holds the case now: this one must not write
    │   └── StaleCaseError              the case moved since it was read
    └── SetupError                  a setting, process folder or command is wrong
        ├── DefinitionError             a process folder says something impossible
        ├── IllegalMoveError            no way from this state to that one
        └── NotFoundError               no such case, document, process or item
"""

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:  # errors are everywhere: they bring no data model along
    from rpa.domain.document import DocumentRef


class RpaError(Exception):
    """The root; ``code`` is stable and safe to search for, ``message`` is for a person.

    A message says what was met, where, and what to do. It never holds a field's value.
    """

    code: ClassVar[str] = "rpa"
    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, *, code: str | None = None) -> None:
        """Keep ``message``; ``code`` names the case more exactly than the class does."""
        super().__init__(message)
        self.message = message
        self.reason = code or self.code
        self.evidence: tuple[DocumentRef, ...] = ()
        """What was kept of how it came about."""

    def __reduce__(self) -> tuple[object, ...]:
        """Let the error cross a process boundary with its code."""
        return (_rebuilt, (type(self), self.message, self.reason))


def _rebuilt(kind: type[RpaError], message: str, reason: str) -> RpaError:
    return kind(message, code=reason)


class BusinessError(RpaError):
    """The document or its data is wrong: never retried, a person decides."""

    code = "business"
    exit_status = 3


class DocumentRefusedError(BusinessError):
    """The document cannot be taken in: set aside, readable, with this reason."""

    code = "document-refused"


class RecognitionError(BusinessError):
    """The pages are readable but are not the form they should be."""

    code = "recognition"


class TargetRefusedError(BusinessError):
    """The legacy application refused the values; nothing was filed."""

    code = "target-refused"


class FilingInDoubtError(BusinessError):
    """Whether the case was filed cannot be told; a person must look."""

    code = "filing-in-doubt"


class SignatureRefusedError(BusinessError):
    """The document cannot or must not be signed."""

    code = "signature-refused"


class NoticeRefusedError(BusinessError):
    """The mail server refuses an address or a mail for good."""

    code = "notice-refused"


class IntegrityError(BusinessError):
    """Stored bytes or a ledger entry are not what they were."""

    code = "integrity"
    exit_status = 4


class ApplicationError(RpaError):
    """A tool or a remote system failed: retried with back-off, then shown."""

    code = "application"
    exit_status = 5


class ToolUnavailableError(ApplicationError):
    """A program, service or file is missing or unreachable."""

    code = "tool-unavailable"


class ToolTimeoutError(ApplicationError):
    """A tool did not answer in the time it was given."""

    code = "tool-timeout"


class TargetUnavailableError(ApplicationError):
    """The legacy application failed before anything was committed."""

    code = "target-unavailable"


class TargetPausedError(ApplicationError):
    """The legacy application must not be worked now: closed, at rest, or every log-in in use."""

    code = "target-paused"

    def __init__(self, message: str, *, code: str | None = None, wait_s: float = 60) -> None:
        """Keep how long to wait, besides what every error keeps."""
        super().__init__(message, code=code)
        self.wait_s = wait_s


class OutcomeUnknownError(ApplicationError):
    """The target failed after the commit was sent: in doubt until it is found."""

    code = "outcome-unknown"


class LostLeaseError(ApplicationError):
    """Another worker holds the case now; this one must not write."""

    code = "lost-lease"


class StaleCaseError(ApplicationError):
    """The case moved since it was read."""

    code = "stale-case"


class SetupError(RpaError):
    """A setting, a process folder or a command is wrong."""

    code = "setup"
    exit_status = 2


class DefinitionError(SetupError):
    """A process folder says something impossible, with file and place."""

    code = "definition"


class IllegalMoveError(SetupError):
    """The table of moves has no way from this state to that one."""

    code = "illegal-move"


class NotFoundError(SetupError):
    """No such case, document, process or review item."""

    code = "not-found"
