"""A home's channels, each opened with its adapter."""

from collections.abc import Mapping

from rpa.bootstrap.register import clock
from rpa.domain.errors import SetupError
from rpa.i18n import _
from rpa.intake.adapters.folder import FolderChannel
from rpa.intake.adapters.hylafax import HylafaxChannel
from rpa.intake.adapters.imap import MailboxChannel
from rpa.intake.adapters.imap_account import MailAccount, Security
from rpa.intake.adapters.watched import Patience
from rpa.intake.api import Channel
from rpa.settings import ChannelSettings, HylafaxSettings, MailboxSettings, Settings


def open_channels(settings: Settings) -> Mapping[str, Channel]:
    """Open every channel of a home; nothing is connected to before it is looked at."""
    return {name: _opened(name, said, settings) for name, said in settings.channels.items()}


def open_remote(
    name: str, said: ChannelSettings, settings: Settings
) -> MailboxChannel | HylafaxChannel:
    """Open a channel that another server fills."""
    match said:
        case ChannelSettings(mailbox=MailboxSettings() as mailbox):
            account = _account(mailbox, settings)
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


def _account(said: MailboxSettings, settings: Settings) -> MailAccount:
    return MailAccount(
        host=said.host,
        username=said.username,
        password=lambda: settings.secret(said.password),
        folder=said.folder,
        done_folder=said.done_folder,
        port=said.port,
        security=Security(said.security),
        ca_file=said.ca_file,
        timeout_s=said.timeout_s,
    )
