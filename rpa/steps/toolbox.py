"""What the steps work with: the rooms' contracts, chosen in ``rpa.bootstrap``."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from rpa.archive.api import Archive
from rpa.bots.api import Bot
from rpa.documents.api import Composer
from rpa.domain.batch import AS_DELIVERED, BatchRule
from rpa.domain.channel import ChannelKind
from rpa.domain.form import FieldDefinition
from rpa.domain.model import ProcessId
from rpa.domain.process import FilingSpec
from rpa.domain.reading import FieldValue
from rpa.domain.signature import SignatureLevel
from rpa.domain.transfer import Software
from rpa.i18n import Language
from rpa.intake.api import Channel, Decoder
from rpa.notices.api import Mailer, MailRules
from rpa.ocr.api import FormReader
from rpa.processes.catalog import Catalog
from rpa.register.register import Register
from rpa.signing.api import (
    Credential,
    Preserver,
    SignatureValidator,
    Signer,
    SignerCertificate,
    TimestampAuthority,
)
from rpa.signing.health import HealthFinding
from rpa.steps.targets import DeclaredTarget, Logins
from rpa.steps.timer import Timer
from rpa.store.anchors import AnchorFolder
from rpa.store.api import DocumentStore


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What the steps must know of a channel beside its deliveries."""

    kind: ChannelKind
    process: ProcessId | None
    """The process of everything that comes in here, if there is only one."""
    batch: BatchRule = AS_DELIVERED
    """How deliveries are split and put in order."""
    device: str = ""
    """The fax machine, scanner or server behind it, for the transfer record."""
    passwords: Callable[[], Sequence[str]] = tuple
    """The passwords that locked PDFs are tried with."""


@dataclass(frozen=True, slots=True)
class ArchiveSeal:
    """What transfer records are sealed with."""

    credential: str
    level: SignatureLevel


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """What a transfer record must know beside the case."""

    software: Callable[[], tuple[Software, ...]]
    """The programs that a transfer rests on."""
    seal: ArchiveSeal | None = None
    """Without one, records are not sealed."""


@dataclass(frozen=True, slots=True)
class House:
    """What a home's settings say of the organisation."""

    organization: str
    language: Language
    timezone: ZoneInfo
    inventory: Path | None
    reports: Path
    retries: int


class Credentials(Protocol):
    """Knows the signing keys of ``rpa.yaml`` by name."""

    def __call__(self, name: str, *, typed: str | None = None) -> Credential:
        """Return a key; ``typed`` is its passphrase where its owner alone knows it.

        Raises:
            SetupError: There is no such key, or what opens it is missing.
        """
        ...


@dataclass(frozen=True, slots=True)
class Toolbox:
    """Everything a step may use; the same for every case a worker takes."""

    now: Callable[[], datetime]
    register: Register
    store: DocumentStore
    decoder: Decoder
    reader: FormReader
    check: Callable[[FieldDefinition, str], FieldValue]
    """Parses and checks what a person wrote for a field."""
    bot: Bot
    composer: Composer
    signer: Signer
    preserver: Preserver
    validator: SignatureValidator
    archive: Archive
    transfer: TransferFacts
    timestamps: TimestampAuthority | None
    stamp_time: Callable[[bytes, bytes], datetime]
    """Checks a time-stamp token over a digest and returns its time; ``BusinessError`` if false."""
    signing_health: Callable[[], Sequence[HealthFinding]]
    """Checks credentials, trusted roots and the time-stamping authority; takes seconds."""
    anchors: AnchorFolder
    catalog: Catalog
    channels: Mapping[str, Channel]
    channel_facts: Mapping[str, ChannelFacts]
    target: Callable[[str], DeclaredTarget]
    """Knows a target by its name; :meth:`DeclaredTarget.reached_by` opens it for a log-in."""
    approve_bot: Callable[[Path], None]
    """Raises where a bot may not be deployed: nobody could tell what it filed."""
    logins: Logins
    """The log-ins this process holds, given back by :meth:`close`."""
    timer: Timer
    signer_certificate: Callable[[bytes, str], SignerCertificate]
    """Reads the certificate of the signature in a field; ``BusinessError`` if there is none."""
    mailer: Mailer | None
    """None where no mail server is set: notices then wait."""
    mail_rules: MailRules
    credential: Credentials
    filing_slot: Callable[[FilingSpec], AbstractContextManager[None]]
    """Waits for a free place on a target, so that it is never worked harder than it may be."""
    house: House
    actor: str
    """Who writes the ledger's entries: ``worker:<host>:<pid>:<start>`` or ``person:<name>``."""

    @property
    def organization(self) -> str:
        """The organisation's name."""
        return self.house.organization

    @property
    def language(self) -> Language:
        """The language of what is put on record."""
        return self.house.language

    @property
    def timezone(self) -> ZoneInfo:
        """Where days begin and end."""
        return self.house.timezone

    @property
    def inventory(self) -> Path | None:
        """The inventory of all processes, as the organisation keeps it (YAML)."""
        return self.house.inventory

    @property
    def reports(self) -> Path:
        """The folder that reports are written into."""
        return self.house.reports

    @property
    def retries(self) -> int:
        """Failures of a tool after which a case is suspended."""
        return self.house.retries

    def close(self) -> None:
        """End the bot's sessions, and give back the log-ins; the tools can be used again."""
        self.bot.close()
        self.logins.close()
