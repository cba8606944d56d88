"""What a bot promises."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from rpa.domain.document import MediaType
from rpa.domain.filing import Finding, Receipt
from rpa.domain.form import FieldKind


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A certificate by which the target knows the organisation (TLS client authentication)."""

    certificate: Path
    """PEM, or PKCS#12 where ``key`` is not given."""
    key: Path | None = None
    passphrase: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Target:
    """The legacy application, as one worker reaches it."""

    url: str
    username: str
    password: str = field(repr=False)
    timeout_s: float = 15.0
    totp: str | None = field(default=None, repr=False)
    """The shared secret of one-time codes (RFC 6238), base 32."""
    http_basic: bool = False
    """User name and password are asked for by the browser, too (RFC 7617)."""
    client_certificate: ClientCertificate | None = None


@dataclass(frozen=True, slots=True)
class FilingRequest:
    """What is to be filed."""

    key: str
    """The filing key: the bot writes it where the target has a place for a reference."""
    values: Mapping[str, str]
    """Canonical texts by field name; a field without a value is missing."""
    kinds: Mapping[str, FieldKind]
    definition: Path
    """The process's ``bot.yaml`` or ``bot.py``."""
    target: Target
    files: Mapping[str, Path] = field(default_factory=dict)
    """Files to hand over, by name."""
    sensitive: frozenset[str] = frozenset()
    """Fields whose values must not be seen in evidence, pictures included."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece of evidence of what was done in the target."""

    name: str
    """A file name, such as ``record.json``, ``failure.png``, ``trace.zip``."""
    media_type: MediaType
    content: bytes = field(repr=False)


Keep = Callable[[Exhibit], None]


def keep_nothing(_exhibit: Exhibit) -> None:
    """Let evidence go."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the target showed right before the commit."""

    screen: bytes = field(repr=False)
    """PNG."""
    present: tuple[str, ...] = ()
    """Receipt numbers of records that equal the case already, where the target holds no key."""


@dataclass(frozen=True, slots=True)
class Filed:
    """The proof of a filing."""

    receipt: Receipt
    screen: bytes = field(repr=False)
    """The page that showed the receipt, as PNG."""


class Bot(Protocol):
    """Keys values into a legacy application. May keep its log-in from one call to the next.

    Safe from several threads.
    """

    def file(
        self,
        request: FilingRequest,
        *,
        before_commit: Callable[[Seen], None],
        keep: Keep = keep_nothing,
    ) -> Filed:
        """Go the whole way once, and return the receipt.

        ``before_commit`` is called once right before the step that commits; if it raises, nothing
        is committed. The caller has written the intent when it returns. ``keep`` is given the
        evidence beside the two screenshots: ``record.json`` always, and where the filing failed
        ``failure.png`` and ``trace.zip``.

        Raises:
            TargetRefusedError: The application refused the values, or cannot take them; it holds
                nothing.
            TargetUnavailableError: It failed before the commit; nothing was filed.
            OutcomeUnknownError: It failed after ``before_commit`` returned; it may hold the case.
            DefinitionError: The definition is wrong, or does not fit the page.
            ToolUnavailableError: The browser is missing or died before the commit.
        """
        ...

    def rehearse(self, request: FilingRequest, *, keep: Keep = keep_nothing) -> Seen:
        """Do everything but the commit, and return what would have been committed.

        Raises:
            As :meth:`file`, but for ``OutcomeUnknownError``.
        """
        ...

    def find(self, request: FilingRequest, *, keep: Keep = keep_nothing) -> Finding:
        """Search the target for the case; never changes anything there.

        A target that does not answer is the finding ``unknown``, not an error.

        Raises:
            DefinitionError, ToolUnavailableError: As :meth:`file`.
        """
        ...

    def close(self) -> None:
        """End every session and browser; may be called twice. The bot can be used again."""
        ...
