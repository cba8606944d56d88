"""What a bot promises."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rpa.domain.filing import Finding, Receipt
from rpa.domain.form import FieldKind


@dataclass(frozen=True, slots=True)
class Target:
    """The legacy application, as one worker reaches it."""

    url: str
    username: str
    password: str
    timeout_s: float = 15.0

    def __repr__(self) -> str:
        """Keep the password out of logs and tracebacks."""
        return f"Target(url={self.url!r}, username={self.username!r}, password=…)"


@dataclass(frozen=True, slots=True)
class FilingRequest:
    """What is to be filed."""

    key: str
    """The filing key: the bot writes it where the target has a place for a reference."""
    values: Mapping[str, str]
    """Canonical texts by field name; a field without a value is missing."""
    kinds: Mapping[str, FieldKind]
    definition: Path
    """The process's ``bot.yaml``."""
    target: Target


@dataclass(frozen=True, slots=True)
class Filed:
    """The proof of a filing."""

    receipt: Receipt
    screen: bytes
    """The page that showed the receipt, as PNG."""


class Bot(Protocol):
    """Keys values into a legacy application. One browser session a call; nothing shared."""

    def file(self, request: FilingRequest, *, before_commit: Callable[[bytes], None]) -> Filed:
        """Go the whole way once, and return the receipt.

        ``before_commit`` is called once with a screenshot (PNG) right before the step that
        commits; if it raises, nothing is committed. The caller has written the intent when it
        returns.

        Raises:
            TargetRefusedError: The application refused the values and holds nothing.
            TargetUnavailableError: It failed before the commit; nothing was filed.
            OutcomeUnknownError: It failed after ``before_commit`` returned; it may hold the case.
            DefinitionError: ``bot.yaml`` is wrong, or does not fit the page.
            ToolUnavailableError: The browser is missing or died before the commit.
        """
        ...

    def find(self, request: FilingRequest) -> Finding:
        """Search the target for the filing key; never changes anything there.

        A target that does not answer is the finding ``unknown``, not an error.

        Raises:
            DefinitionError, ToolUnavailableError: As :meth:`file`.
        """
        ...
