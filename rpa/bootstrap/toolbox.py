"""Every room of a home, opened with its adapter."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rpa.archive.adapters.likeness import least_likeness
from rpa.archive.adapters.ocrmypdf_pdf import OcrmypdfSearchablePdf
from rpa.archive.zip_archive import ZipArchive
from rpa.bootstrap.channels import open_channels
from rpa.bootstrap.credentials import credential_named
from rpa.bootstrap.forms import open_form_reader
from rpa.bootstrap.intake import open_decoder
from rpa.bootstrap.notices import mail_rules, open_mailer
from rpa.bootstrap.register import clock, open_register
from rpa.bootstrap.signing import open_preserver, open_signer, trusted_roots
from rpa.bootstrap.signing_health import signing_health
from rpa.bootstrap.software import software_used
from rpa.bootstrap.targets import target_named
from rpa.bootstrap.verifying import Terms, open_validator
from rpa.bots.adapters.playwright_bot import PlaywrightBot
from rpa.bots.finding_again import approve_bot
from rpa.bots.flaws import flaws_of
from rpa.doctor import browser_path
from rpa.documents.adapters.weasy_composer import WeasyComposer
from rpa.domain.channel import ChannelKind
from rpa.domain.errors import DefinitionError, SetupError
from rpa.domain.process import FilingSpec, Stop
from rpa.domain.reading import Method
from rpa.domain.signature import RevocationRule
from rpa.i18n import _
from rpa.ocr.calibration import Calibration, load_calibration
from rpa.ocr.verdict import native
from rpa.processes.catalog import Catalog, load_catalog
from rpa.processes.folder import ProcessFolder
from rpa.settings import CALIBRATION_FILE, ChannelSettings, Settings
from rpa.signing.adapters.certificates import read_certificates
from rpa.signing.adapters.signer_certificates import signer_certificate
from rpa.signing.adapters.tsa import HttpTimestampAuthority, verify_token
from rpa.steps.owners import is_dead, this_worker
from rpa.steps.targets import Logins
from rpa.steps.timer import Timer
from rpa.steps.toolbox import ArchiveSeal, ChannelFacts, House, Toolbox, TransferFacts
from rpa.store.anchors import AnchorFolder
from rpa.store.folder import FolderStore

__all__ = ["Direct", "bot_warnings", "open_toolbox"]

FilingSlot = Callable[[FilingSpec], AbstractContextManager[None]]


_OWN: Final = Terms(revocation=RevocationRule.IF_AVAILABLE)
"""How what was just signed here is checked: is it whole, and does it lead to a trusted root?

Whether the signer's own certificate was revoked is asked by whoever relies on the document, and by
the levels B-LT and B-LTA when they gather its proofs.
"""


def _unlimited(_spec: FilingSpec) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Direct:
    """A channel of files handed over by hand, beside those of the settings."""

    name: str
    kind: ChannelKind
    process: ProcessFolder


def open_toolbox(
    settings: Settings,
    *,
    filing_slot: FilingSlot = _unlimited,
    direct: Direct | None = None,
    actor: str | None = None,
) -> Toolbox:
    """Open every room of a home.

    Raises:
        SetupError: A setting is wrong.
        ToolUnavailableError: The database, or a trusted certificate, can't be opened.
    """
    catalog, facts = _deployed(settings, direct)
    owner, register = actor or this_worker(), open_register(settings)
    return Toolbox(
        now=clock,
        register=register,
        store=FolderStore(settings.path("store")),
        decoder=open_decoder(),
        reader=open_form_reader(_calibration(settings)),
        check=lambda field, text: native(field, text, Method.PERSON),
        bot=PlaywrightBot(executable=browser_path(settings.browser)),
        composer=WeasyComposer(),
        signer=open_signer(settings),
        preserver=open_preserver(settings),
        validator=open_validator(roots=trusted_roots(settings), terms=_OWN),
        archive=ZipArchive(OcrmypdfSearchablePdf(), least_likeness),
        transfer=_transfer(settings),
        timestamps=_timestamps(settings),
        stamp_time=_stamp_time(settings),
        signing_health=partial(signing_health, settings),
        anchors=AnchorFolder(settings.path("anchors")),
        catalog=catalog,
        channels=open_channels(settings),
        channel_facts=facts,
        target=partial(target_named, settings),
        approve_bot=approve_bot,
        logins=Logins(register, owner=owner, is_dead=is_dead, timer=Timer()),
        timer=Timer(),
        signer_certificate=signer_certificate,
        mailer=open_mailer(settings),
        mail_rules=mail_rules(settings),
        credential=partial(credential_named, settings),
        filing_slot=filing_slot,
        house=_house(settings),
        actor=owner,
    )


def _stamp_time(settings: Settings) -> Callable[[bytes, bytes], datetime]:
    roots = trusted_roots(settings)
    return lambda token, digest: verify_token(token, digest, read_certificates(roots))


def _house(settings: Settings) -> House:
    return House(
        organization=settings.organization,
        language=settings.language,
        timezone=_zone(settings.timezone),
        retries=settings.retries,
        inventory=settings.inventory,
        reports=settings.path("reports"),
    )


def _deployed(settings: Settings, direct: Direct | None) -> tuple[Catalog, dict[str, ChannelFacts]]:
    """Return the processes and what is known of the channels, those of ``direct`` included."""
    catalog = load_catalog(settings.processes)
    facts = {
        name: ChannelFacts(
            kind=channel.kind,
            process=channel.process,
            batch=channel.batch,
            device=channel.device,
            passwords=partial(_passwords, settings, channel),
        )
        for name, channel in settings.channels.items()
    }
    if direct is not None:
        catalog = Catalog([*catalog, direct.process], catalog.problems)
        process_id = direct.process.process_id
        facts[direct.name] = ChannelFacts(kind=direct.kind, process=process_id)
    return catalog, facts


def _transfer(settings: Settings) -> TransferFacts:
    said = settings.archive
    seal = ArchiveSeal(said.seal, said.level) if said.seal else None
    return TransferFacts(software=software_used, seal=seal)


def _timestamps(settings: Settings) -> HttpTimestampAuthority | None:
    url = settings.signing.timestamp_url
    return HttpTimestampAuthority(url) if url else None


def _passwords(settings: Settings, channel: ChannelSettings) -> tuple[str, ...]:
    return tuple(settings.secret(reference) for reference in channel.passwords)


def _calibration(settings: Settings) -> Calibration | None:
    own = settings.path(CALIBRATION_FILE)
    return load_calibration(own) if own.is_file() else None


def bot_warnings(process: ProcessFolder) -> tuple[str, ...]:
    """Check a process's bot against its form; returns warnings for a person.

    Raises:
        DefinitionError: The bot is wrong, names a field the form does not have, or may not be
            deployed.
    """
    if Stop.FILE not in process.definition.stops:
        return ()
    flaws = flaws_of(process.bot, process.kinds)
    wrong = [flaw for flaw in flaws if flaw.severity == "error"]
    if wrong:
        told = "\n".join(flaw.told(process.bot) for flaw in wrong)
        raise DefinitionError(told, code=wrong[0].code)
    return tuple(f"{process.bot}: {flaw.message}" for flaw in flaws)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SetupError(_("{name} is no time zone.", name=name)) from error
