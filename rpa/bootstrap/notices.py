"""The mail server of a home, and what its mails may say."""

from functools import partial

from rpa.notices.adapters.smtp import MailServer, SmtpMailer
from rpa.notices.api import Mailer, MailRules
from rpa.settings import Settings


def open_mailer(settings: Settings) -> Mailer | None:
    """Return what sends a home's mails; None where ``rpa.yaml`` names no mail server."""
    said = settings.mail
    if said is None:
        return None
    server = MailServer(
        host=said.host,
        port=said.port_number,
        sender=said.sender,
        security=said.security,
        username=said.username,
        password=partial(settings.secret, said.password or ""),
        ca_file=said.ca_file,
        timeout_s=said.timeout_s,
    )
    return SmtpMailer(server, sender_name=settings.organization)


def mail_rules(settings: Settings) -> MailRules:
    """Return what a home's mails may say."""
    url, said = settings.console.url, settings.mail
    if said is None:
        return MailRules(console_url=url)
    return MailRules(console_url=url, titles=said.titles, completed_links=said.completed_links)
