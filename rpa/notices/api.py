"""What the notices room promises: mails handed to a mail server."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person, as plain text and as HTML that says the same."""

    message_id: str
    """The same for every try, without angle brackets and without ``@host``."""
    to: str
    name: str
    subject: str
    text: str
    html: str
    at: datetime


class Mailer(Protocol):
    """Hands mails to a mail server. Safe from several threads."""

    def send(self, mail: Mail) -> None:
        """Return once the server has taken ``mail``; a second call sends it again.

        Raises:
            NoticeRefusedError: The server refuses the address, the sender or the mail for good.
            ToolUnavailableError: It can't be reached, refuses the log-in, or says to try later.
            ToolTimeoutError: It does not answer in time.
        """
        ...

    def check(self) -> None:
        """Return once the server let us in, without a mail.

        Raises:
            ToolUnavailableError: As by :meth:`send`.
            ToolTimeoutError: As by :meth:`send`.
        """
        ...


@dataclass(frozen=True, slots=True)
class MailRules:
    """What mails may say."""

    console_url: str = ""
    """The console's address for links; without one there are none."""
    titles: bool = True
    """Whether a document's title may be named."""
    completed_links: bool = True
    """Whether the mail that tells of completion leads to the document."""
