"""A real mail server on loopback, which keeps what it takes and refuses what it is told to."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from rpa.testing.authorities import free_port

USERNAME: Final = "avis"
PASSWORD: Final = "secret-du-serveur"  # noqa: S105 - of a server that lives as long as a test


@dataclass
class MailServer:
    """What the server took, and how it answers; the names of its methods are aiosmtpd's."""

    mails: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    """The answer to ``RCPT TO``, by address, in place of 250."""
    data_answer: str = ""
    """The answer to a whole mail, in place of 250."""
    sessions: list[bool] = field(default_factory=list)
    """Whether each mail came in by TLS."""
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _opts: list[str]
    ) -> str:
        """Take or refuse one address."""
        answer = self.answers.get(address, "")
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take or refuse a whole mail."""
        if self.data_answer:
            return self.data_answer
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        self.mails.append(message_from_bytes(raw, policy=policy.default))
        self.sessions.append(session.ssl is not None)
        return "250 OK"


def _authenticated(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, said: Any
) -> AuthResult:
    expected = LoginPassword(USERNAME.encode(), PASSWORD.encode())
    return AuthResult(success=said == expected, handled=False)


@contextmanager
def mail_server(*, certificate: Path | None = None, auth: bool = False) -> Iterator[MailServer]:
    """Serve SMTP on a free port of 127.0.0.1 inside the block.

    ``certificate`` is a folder with ``server.pem`` and ``server.key``: mails are then taken after
    STARTTLS only.
    """
    server = MailServer()
    options: dict[str, Any] = {}
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate / "server.pem", certificate / "server.key")
        options |= {"tls_context": context, "require_starttls": True}
    if auth:
        options |= {"authenticator": _authenticated, "auth_required": True}
    controller = Controller(server, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()
