"""Hands mails to a mail server by SMTP (RFC 5321), with TLS from the first byte or by STARTTLS."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from pathlib import Path
from typing import Final, Literal

from rpa.domain.errors import NoticeRefusedError, RpaError, ToolTimeoutError, ToolUnavailableError
from rpa.i18n import _
from rpa.notices.api import Mail

PERMANENT: Final = 500
"""Answers from here on are for good (RFC 5321, section 4.2.1)."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """How a mail server is reached."""

    host: str
    port: int
    sender: str
    security: Literal["tls", "starttls", "none"]
    username: str = ""
    password: Callable[[], str] = str
    """Reads the secret when it is needed."""
    ca_file: Path | None = None
    timeout_s: float = 30.0


class SmtpMailer:
    """Opens one connection for each mail. Safe from several threads."""

    def __init__(self, server: MailServer, *, sender_name: str) -> None:
        """Send by ``server``, in the name of ``sender_name``."""
        self._server = server
        self._sender_name = sender_name

    def send(self, mail: Mail) -> None:
        """Hand one mail over; see :class:`rpa.notices.api.Mailer`.

        Raises:
            SetupError: The password is not there.
        """
        message = self._message(mail)
        with self._session() as connection:
            connection.send_message(message)

    def check(self) -> None:
        """Connect and log in, without a mail; see :class:`rpa.notices.api.Mailer`.

        Raises:
            SetupError: The password is not there.
        """
        with self._session() as connection:
            connection.noop()

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        try:
            with self._connected() as connection:
                yield connection
        except (smtplib.SMTPException, OSError) as error:
            raise self._told(error) from error

    def _connected(self) -> smtplib.SMTP:
        said = self._server
        where = (said.host, said.port)
        if said.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                *where, timeout=said.timeout_s, context=self._trust()
            )
        else:
            connection = smtplib.SMTP(*where, timeout=said.timeout_s)
        try:
            if said.security == "starttls":
                connection.starttls(context=self._trust())
            if said.username:
                connection.login(said.username, said.password())
        except BaseException:
            connection.close()
            raise
        return connection

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._server.ca_file)

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage(policy=SMTP_POLICY)
        try:
            message["From"] = Address(self._sender_name, addr_spec=self._server.sender)
            message["To"] = Address(mail.name, addr_spec=mail.to)
        except ValueError as error:
            raise NoticeRefusedError(
                _("A person's address can't be written to; correct it in their account."),
                code="address-malformed",
            ) from error
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.at)
        message["Message-ID"] = f"<{mail.message_id}@{self._server.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message

    def _told(self, error: smtplib.SMTPException | OSError) -> RpaError:
        if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
            return ToolTimeoutError(
                _("The mail server {host} does not answer in time.", host=self._server.host),
                code="mail-timeout",
            )
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code = min(answer for answer, _text in error.recipients.values())
            return self._answered(code, "recipient-refused")
        if isinstance(error, smtplib.SMTPSenderRefused):
            return self._unavailable("sender-refused", str(error.smtp_code))
        if isinstance(error, smtplib.SMTPDataError):
            return self._answered(error.smtp_code, "mail-refused")
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return self._unavailable("mail-log-in-refused", str(error.smtp_code))
        return self._unavailable("mail-unavailable", type(error).__name__)

    def _answered(self, answer: int, code: str) -> RpaError:
        if answer < PERMANENT:
            return self._unavailable("mail-try-later", str(answer))
        return NoticeRefusedError(
            _(
                "The mail server {host} refuses the address or the mail ({answer}).",
                host=self._server.host,
                answer=answer,
            ),
            code=code,
        )

    def _unavailable(self, code: str, cause: str) -> ToolUnavailableError:
        return ToolUnavailableError(
            _(
                "The mail server {host}:{port} can't be used ({cause}). Check mail in rpa.yaml; "
                "the notice is sent again later.",
                host=self._server.host,
                port=self._server.port,
                cause=cause,
            ),
            code=code,
        )
