"""A home's channels, each opened with its adapter."""

from collections.abc import Callable, Mapping

from rpa.bootstrap.register import clock
from rpa.domain.errors import SetupError
from rpa.i18n import _
from rpa.intake.adapters.folder import FolderChannel
from rpa.intake.adapters.hylafax import HylafaxChannel
from rpa.intake.adapters.imap import MailboxChannel
from rpa.intake.adapters.imap_account import MailAccount, Security, TokenSource
from rpa.intake.adapters.imap_patience import LoginPatience
from rpa.intake.adapters.imap_tokens import CommandToken, IssuedToken, Issuer
from rpa.intake.adapters.watched import Patience
from rpa.intake.api import Channel
from rpa.settings import (
    ChannelSettings,
    HylafaxSettings,
    MailboxSettings,
    Settings,
    TokenSettings,
)


def open_channels(settings: Settings) -> Mapping[str, Channel]:
    """Open every channel of a home; nothing is connected to before it is looked at."""
    return {name: _opened(name, said, settings) for name, said in settings.channels.items()}


def open_remote(
    name: str, said: ChannelSettings, settings: Settings, *, insists: bool = False
) -> MailboxChannel | HylafaxChannel:
    """Open a channel that another server fills.

    One that ``insists`` logs in though it was refused just now.
    """
    match said:
        case ChannelSettings(mailbox=MailboxSettings() as mailbox):
            account = _account(name, mailbox, settings, insists=insists)
            return MailboxChannel(name, account, max_bytes=mailbox.max_mb * 1_000_000)
        case ChannelSettings(hylafax=HylafaxSettings() as hylafax):
            return HylafaxChannel(
                name,
                hylafax.recvq,
                clock=clock,
                taken=settings.path("taken", name),
                remove=hylafax.remove,
                patience=Patience(said.settle_s, said.patience_s),
            )
    raise SetupError(_("The channel {name} has no folder, mailbox or hylafax.", name=name))


def _opened(name: str, said: ChannelSettings, settings: Settings) -> Channel:
    if said.folder is None:
        return open_remote(name, said, settings)
    return FolderChannel(
        name, said.folder, clock=clock, settle_s=said.settle_s, patience_s=said.patience_s
    )


def _account(name: str, said: MailboxSettings, settings: Settings, *, insists: bool) -> MailAccount:
    return MailAccount(
        host=said.host,
        username=said.username,
        password=lambda: settings.secret(said.password or ""),
        folder=said.folder,
        done_folder=said.done_folder,
        port=said.port,
        security=Security(said.security),
        ca_file=said.ca_file,
        timeout_s=said.timeout_s,
        token=_token(said.token, settings) if said.token else None,
        patience=LoginPatience(
            settings.path("logins", f"{name}.json"), clock=clock, insists=insists
        ),
    )


def _token(said: TokenSettings, settings: Settings) -> TokenSource:
    if said.url is None:
        return CommandToken(said.command, said.timeout_s)
    issuer = Issuer(
        url=said.url,
        client_id=said.client_id or "",
        client_secret=_secret(said.client_secret, settings),
        refresh_token=_secret(said.refresh_token, settings),
        scope=said.scope,
        timeout_s=said.timeout_s,
    )
    return IssuedToken(issuer, clock=clock)


def _secret(reference: str | None, settings: Settings) -> Callable[[], str] | None:
    return None if reference is None else lambda: settings.secret(reference)
