"""Which mailbox, and how it is reached."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from rpa.intake.adapters.imap_patience import LoginPatience


class Security(StrEnum):
    """How the connection to the mail server is kept from others."""

    TLS = "tls"
    """TLS from the first byte, RFC 8314."""
    STARTTLS = "starttls"
    """TLS before anything is told, RFC 3501, 6.2.1."""
    NONE = "none"
    """Plain text: only for a server on this very machine."""

    @property
    def port(self) -> int:
        """The port that servers listen on for this."""
        return 993 if self is Security.TLS else 143


class TokenSource(Protocol):
    """Gives access tokens (OAuth 2)."""

    def __call__(self) -> str:
        """Return a token that is good now.

        Raises:
            SetupError: No token is given by this right.
            ToolUnavailableError, ToolTimeoutError: None can be got at the moment.
        """
        ...

    def forget(self) -> None:
        """Give another token the next time: the mail server refused this one."""
        ...


@dataclass(frozen=True, slots=True)
class MailAccount:
    """A mailbox's folder on an IMAP server."""

    host: str
    username: str
    password: Callable[[], str]
    """Looked up at each connection, so that nobody needs it who doesn't connect."""
    folder: str = "INBOX"
    done_folder: str | None = None
    """Where a mail goes once its case is stored; flagged in its place if None."""
    port: int | None = None
    """The security's own if None."""
    security: Security = Security.TLS
    ca_file: Path | None = None
    """Certificates to trust in place of the system's."""
    timeout_s: float = 60.0
    """How long the server may be silent."""
    token: TokenSource | None = None
    """Logs in by an access token in place of the password."""
    patience: LoginPatience | None = None
    """Keeps from trying again at once what was refused; nothing does if None."""

    @property
    def number(self) -> int:
        """The port."""
        return self.port or self.security.port

    @property
    def identity(self) -> str:
        """Name this folder of this mailbox; a digest, since a user's name may be a person's."""
        said = "\0".join((self.host.lower(), self.username, self.folder))
        return hashlib.sha256(said.encode()).hexdigest()[:16]
