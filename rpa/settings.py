"""The one reader of a home folder's ``rpa.yaml``.

A *home* is the folder that holds everything of one organisation's installation: its settings, the
register's database, the stored documents, the channels' folders, keys and reports.
"""

from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from rpa.domain.addresses import is_loopback
from rpa.domain.batch import BatchRule, BlankPages, Duplex, SplitRule
from rpa.domain.channel import ChannelKind
from rpa.domain.errors import SetupError
from rpa.domain.model import ProcessId
from rpa.domain.target import TargetSpec, is_reference
from rpa.environment import default_home, secret_behind
from rpa.i18n import Language, _
from rpa.settings_archive import ArchiveSettings
from rpa.settings_console import ConsoleSettings
from rpa.settings_mail import MailSettings
from rpa.settings_signing import SigningSettings

HOME_FILE: Final = "rpa.yaml"
CALIBRATION_FILE: Final = "calibration.json"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class TokenSettings(_Section):
    """Where a mailbox's access tokens come from (OAuth 2): a program, or the issuer itself."""

    command: tuple[str, ...] = ()
    """A program with its arguments, which prints a token; started without a shell."""
    url: str | None = None
    """The issuer's token endpoint."""
    client_id: str | None = None
    client_secret: str | None = None
    """A reference, as passwords are."""
    refresh_token: str | None = None
    """A reference; without one the application asks in its own name."""
    scope: str | None = None
    timeout_s: Annotated[float, Field(gt=0, le=300)] = 30.0

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if bool(self.command) == (self.url is not None):
            msg = "token needs a command or a url, not both"
            raise ValueError(msg)
        if self.url is None:
            return self
        address = urlsplit(self.url)
        if address.scheme != "https" and not is_loopback(address.hostname or ""):
            msg = "token: url must begin with https://"
            raise ValueError(msg)
        secrets = [one for one in (self.client_secret, self.refresh_token) if one is not None]
        if not self.client_id or not secrets:
            msg = "token: url goes with client_id, and with client_secret or refresh_token"
            raise ValueError(msg)
        if not all(map(is_reference, secrets)):
            msg = "client_secret and refresh_token must be references, env:NAME or file:PATH"
            raise ValueError(msg)
        return self


class MailboxSettings(_Section):
    """A mailbox that documents are sent to, read by IMAP."""

    host: str
    username: str
    password: str | None = None
    """A reference: ``env:NAME`` or ``file:PATH``; never the secret itself."""
    token: TokenSettings | None = None
    """In place of a password."""
    folder: str = "INBOX"
    done_folder: str | None = None
    """Where a mail goes once its case is stored; else it is flagged in its place."""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """993, or 143 with ``security: starttls``, if not said."""
    security: Literal["tls", "starttls", "none"] = "tls"
    ca_file: Path | None = None
    """Certificates to trust in place of the system's."""
    timeout_s: Annotated[float, Field(gt=0, le=600)] = 60.0
    max_mb: Annotated[int, Field(ge=1, le=100)] = 50
    """A larger mail is refused, and stays in the mailbox."""

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if (self.password is None) == (self.token is None):
            msg = "a mailbox needs a password or a token, not both"
            raise ValueError(msg)
        if self.password is not None and not is_reference(self.password):
            msg = "password must be a reference, env:NAME or file:PATH"
            raise ValueError(msg)
        if self.security == "none" and not is_loopback(self.host):
            msg = "security: none is for a server on this machine only (localhost, 127.0.0.1, ::1)"
            raise ValueError(msg)
        if self.done_folder is not None and self.done_folder in ("", self.folder):
            msg = "done_folder must be another folder than the one that is read"
            raise ValueError(msg)
        return self


class HylafaxSettings(_Section):
    """A HylaFAX server's receive queue on this machine."""

    recvq: Path
    remove: bool = False
    """Delete a fax from the queue once its case is stored; else it is left to HylaFAX."""


class ChannelSettings(_Section):
    """A channel: a folder that documents are dropped into, a mailbox, or a fax server's queue."""

    kind: ChannelKind
    folder: Path | None = None
    mailbox: MailboxSettings | None = None
    hylafax: HylafaxSettings | None = None
    process: ProcessId | None = None
    """The process of everything that comes in here, if there is only one."""
    device: str = ""
    """The fax machine, scanner or server behind it, by make and model: for the transfer record."""
    settle_s: Annotated[float, Field(ge=0)] = 2.0
    """How long a file must have been quiet."""
    patience_s: Annotated[float, Field(ge=0)] = 600.0
    """How long a file that is not whole yet is left to its writer before it is taken as damaged."""

    split: SplitRule | None = None
    """Where one document of a delivery ends and the next begins; if not said, it isn't split."""
    duplex: Duplex = Duplex.NONE
    """How a pile with two sides was scanned."""
    blank_pages: BlankPages = BlankPages.KEEP
    """``set-aside`` leaves blank pages unread; they are kept and listed."""
    passwords: tuple[str, ...] = ()
    """References, as a mailbox's password: what locked PDFs are tried with."""

    @model_validator(mode="after")
    def _by_reference(self) -> Self:
        if not all(is_reference(password) for password in self.passwords):
            msg = "passwords must be references, env:NAME or file:PATH"
            raise ValueError(msg)
        return self

    @property
    def batch(self) -> BatchRule:
        """What a delivery goes through before it is a case."""
        return BatchRule(split=self.split, duplex=self.duplex, blank_pages=self.blank_pages)

    @model_validator(mode="after")
    def _comes_one_way(self) -> Self:
        ways = (self.folder, self.mailbox, self.hylafax)
        if sum(way is not None for way in ways) != 1:
            msg = "say exactly one of folder, mailbox and hylafax"
            raise ValueError(msg)
        return self


class Settings(_Section):
    """A home folder's settings; every path is absolute once loaded."""

    home: Path
    organization: str = "Organisme"
    language: Language = "fr"
    timezone: str = "America/Toronto"
    database: str = "sqlite:///register.db"
    processes: tuple[Path, ...] = ()
    inventory: Path | None = None
    channels: dict[str, ChannelSettings] = {}
    targets: dict[str, TargetSpec] = {}
    """The legacy applications that bots file into, by name."""
    signing: SigningSettings = SigningSettings()
    console: ConsoleSettings = ConsoleSettings()
    mail: MailSettings | None = None
    """The mail server; without one, notices wait."""
    archive: ArchiveSettings = ArchiveSettings()
    browser: Path | None = None
    """The browser's program; found on the path if not said."""
    lease_s: float = 300.0
    retries: Annotated[int, Field(ge=0, le=50)] = 5
    """Failures of a tool after which a case is suspended and shown to a person."""

    def path(self, *parts: str) -> Path:
        """Return a path inside the home."""
        return self.home.joinpath(*parts)

    @property
    def database_url(self) -> str:
        """The register's address, with SQLite's file inside the home."""
        prefix = "sqlite:///"
        if self.database.startswith(prefix) and not self.database.startswith(prefix + "/"):
            return prefix + str(self.home / self.database.removeprefix(prefix))
        return self.database

    def secret(self, reference: str) -> str:
        """Return the secret behind ``env:NAME`` or ``file:PATH``.

        Raises:
            SetupError: It is not there; the message names the reference, never a secret.
        """
        return secret_behind(reference, folder=self.home)


def load_settings(home: Path | None = None) -> Settings:
    """Read a home's ``rpa.yaml``.

    Raises:
        SetupError: There is no home here, or the file is not right; says what to do.
    """
    folder = (home or default_home()).expanduser().resolve()
    path = folder / HOME_FILE
    try:
        with path.open("rb") as file:
            # From a file, not from a text: the parser's errors then quote no line of it.
            said: Any = yaml.safe_load(file) or {}
        settings = Settings.model_validate({**said, "home": folder})
    except FileNotFoundError as error:
        raise SetupError(
            _("{folder} is no home of rpa yet. Make one with `rpa init {folder}`.", folder=folder),
            code="no-home",
        ) from error
    except (OSError, yaml.YAMLError, TypeError, UnicodeDecodeError) as error:
        raise SetupError(_("{file} cannot be read: {cause}", file=path, cause=error)) from error
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        places = "\n".join(f"  {'.'.join(map(str, p['loc']))}: {p['msg']}" for p in problems)
        raise SetupError(_("{file} is not right:\n{places}", file=path, places=places)) from error
    return _resolved(settings)


def _resolved(settings: Settings) -> Settings:
    home = settings.home
    update = {
        "processes": tuple((home / path).resolve() for path in settings.processes),
        "inventory": home / settings.inventory if settings.inventory else None,
        "channels": {
            name: _resolved_channel(channel, home) for name, channel in settings.channels.items()
        },
        "signing": settings.signing.within(home),
        "console": _resolved_console(settings.console, home),
        "mail": settings.mail.within(home) if settings.mail else None,
    }
    return settings.model_copy(update=update)


def _resolved_channel(channel: ChannelSettings, home: Path) -> ChannelSettings:
    mailbox, hylafax = channel.mailbox, channel.hylafax
    update: dict[str, object] = {}
    if channel.folder is not None:
        update["folder"] = home / channel.folder
    if mailbox is not None and mailbox.ca_file is not None:
        update["mailbox"] = mailbox.model_copy(update={"ca_file": home / mailbox.ca_file})
    if hylafax is not None:
        update["hylafax"] = hylafax.model_copy(update={"recvq": home / hylafax.recvq})
    return channel.model_copy(update=update)


def _resolved_console(console: ConsoleSettings, home: Path) -> ConsoleSettings:
    files = {"certfile": console.certfile, "keyfile": console.keyfile}
    update = {name: home / path for name, path in files.items() if path is not None}
    return console.model_copy(update=update)
