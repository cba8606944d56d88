"""How a mailbox is logged in to: by a password, or by an access token (OAuth 2)."""

import imaplib
from typing import Final

from rpa.domain.errors import RpaError, SetupError, ToolUnavailableError
from rpa.i18n import _
from rpa.intake.adapters.imap_account import MailAccount
from rpa.intake.adapters.imap_words import response_code

_PASSING: Final = frozenset({"UNAVAILABLE", "INUSE", "SERVERBUG", "LIMIT", "CONTACTADMIN"})
"""Refusals of a login that are not about the password (RFC 5530)."""
_END: Final = "\x01"


def log_in(client: imaplib.IMAP4, account: MailAccount) -> None:
    """Log in by what the server offers.

    Raises:
        SetupError: The server refuses the user, the password or the token.
        ToolUnavailableError: It lets nobody in now, or no token could be got.
        imaplib.IMAP4.abort: The connection broke.
    """
    token = account.token
    secret = account.password() if token is None else token()
    try:
        if token is None:
            _by_password(client, account.username, secret)
        else:
            _by_token(client, account, secret)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeEncodeError) as problem:
        if token is not None:
            token.forget()
        raise _not_let_in(account, str(problem).encode()) from None


def _by_password(client: imaplib.IMAP4, username: str, password: str) -> None:
    """Log in by the ways of SASL, which alone let accents through, else by LOGIN."""
    answers = iter((username, password))
    if "AUTH=PLAIN" in client.capabilities:
        client.authenticate("PLAIN", lambda _challenge: f"\0{username}\0{password}".encode())
    elif "AUTH=LOGIN" in client.capabilities:
        client.authenticate("LOGIN", lambda _challenge: next(answers, "").encode())
    else:
        client.login(username, password)


def _by_token(client: imaplib.IMAP4, account: MailAccount, token: str) -> None:
    """Log in by OAUTHBEARER (RFC 7628), else by XOAUTH2, which came before it."""
    bearer = f"auth=Bearer {token}{_END}{_END}"
    if "AUTH=OAUTHBEARER" in client.capabilities:
        user = account.username.replace("=", "=3D").replace(",", "=2C")
        place = f"host={account.host}{_END}port={account.number}{_END}"
        # The second answer, to a refusal's details, ends the exchange.
        answers = iter((f"n,a={user},{_END}{place}{bearer}", _END))
        client.authenticate("OAUTHBEARER", lambda _challenge: next(answers, _END).encode())
    elif "AUTH=XOAUTH2" in client.capabilities:
        answers = iter((f"user={account.username}{_END}{bearer}", ""))
        client.authenticate("XOAUTH2", lambda _challenge: next(answers, "").encode())
    else:
        raise SetupError(
            _("The mail server {host} takes no access tokens; name a password in rpa.yaml.",
              host=account.host),
            code="mailbox-login",
        )  # fmt: skip


def _not_let_in(account: MailAccount, said: bytes) -> RpaError:
    code = response_code([said])
    if code in _PASSING:
        return ToolUnavailableError(
            _("The mail server {host} lets nobody in now ({code}). It is tried again.",
              host=account.host, code=code),
            code="mailbox-refused",
        )  # fmt: skip
    return SetupError(_refused(account), code="mailbox-login")


def _refused(account: MailAccount) -> str:
    if account.token is not None:
        return _(
            "The mail server {host} refuses the user or the access token. Check in rpa.yaml where "
            "tokens come from, and whether the application may read this mailbox by IMAP.",
            host=account.host,
        )
    return _(
        "The mail server {host} refuses the user or the password. Check both in rpa.yaml, and "
        "whether the server allows passwords for IMAP.",
        host=account.host,
    )
