"""Which diagnoses ``rpa doctor`` makes."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rpa.bootstrap.channels import open_remote
from rpa.bootstrap.notices import open_mailer
from rpa.bootstrap.reading_diagnosis import reading_diagnoses
from rpa.bootstrap.signing_health import signing_health
from rpa.doctor import (
    Diagnosis,
    browser_path,
    folder,
    fonts,
    port,
    program,
    tesseract_languages,
)
from rpa.domain.errors import RpaError
from rpa.i18n import _
from rpa.settings import ChannelSettings, Settings
from rpa.signing.health import HealthFinding, Severity

FONTS: Final = ("DejaVu Sans", "Liberation Sans")
LEAST_PYTHON: Final = (3, 11)


def diagnoses(settings: Settings | None) -> list[Diagnosis]:
    """Look for everything; with a home, also for what its settings name."""
    return [*_machine(), *(_home(settings) if settings else ())]


def _machine() -> Iterator[Diagnosis]:
    version = ".".join(map(str, sys.version_info[:3]))
    is_well = sys.version_info[:2] >= LEAST_PYTHON
    yield Diagnosis("Python", version, is_well=is_well, mend=_("Install Python 3.11 or newer."))
    yield program("tesseract", "tesseract-ocr", "--version")
    yield from tesseract_languages()
    yield from reading_diagnoses()
    yield _browser(None)
    yield program("gs", "ghostscript", "--version")
    yield program("pdfsig", "poppler-utils", "-v")
    yield program("mutool", "mupdf-tools", "-v")
    yield from fonts(FONTS)
    for number, use in ((4200, "Prefect"), (8300, _("example application")), (8318, "TSA")):
        yield port(number, use)


def _browser(said: Path | None) -> Diagnosis:
    path = browser_path(said)
    mend = _("`playwright install chromium`, or the package chromium (Debian).")
    if path is None:
        own = list(Path("~/.cache/ms-playwright").expanduser().glob("chromium*"))
        found = _("Playwright's own") if own else _("missing")
        return Diagnosis("chromium", found, is_well=bool(own), mend=mend)
    return program(str(path), "chromium", "--version")


def _home(settings: Settings) -> Iterator[Diagnosis]:
    yield folder(settings.home, _("the home"))
    for name, channel in settings.channels.items():
        yield _channel(name, channel, settings)
    yield from map(_signing, signing_health(settings))
    yield from mail_diagnoses(settings)
    if settings.browser is not None:
        yield _browser(settings.browser)


def _signing(finding: HealthFinding) -> Diagnosis:
    """Tell of a credential, a trusted root or timestamps; a warning is not yet a failure."""
    kind, _colon, name = finding.about.partition(":")
    words = {
        "credential": _("key {name}", name=name),
        "trust": _("trusted root {name}", name=name),
        "timestamps": _("timestamps"),
    }
    is_well = finding.severity is Severity.OK
    found = finding.code
    if is_well:
        found = _("in order, {days} days left", days=finding.days_left or 0)
        # A key that asks for its secret cannot be looked into, and its file may well be good.
        found = found if finding.days_left is not None else _("asks for its secret")
    is_needed = finding.severity is Severity.ERROR
    return Diagnosis(words[kind], found, is_well=is_well, mend=finding.message, is_needed=is_needed)


def mail_diagnoses(settings: Settings) -> Iterator[Diagnosis]:
    """Look whether notices can go out, where the home names a mail server."""
    mailer, said = open_mailer(settings), settings.mail
    if mailer is None or said is None:
        return
    what = _("mail server {host}", host=said.host)
    try:
        mailer.check()
    except RpaError as error:
        yield Diagnosis(what, error.reason, is_well=False, mend=error.message)
    else:
        found = _("reached and logged in") if said.username else _("reached")
        yield Diagnosis(what, found, is_well=True)


def _channel(name: str, channel: ChannelSettings, settings: Settings) -> Diagnosis:
    """Look whether documents can come in: a folder is written to, a mailbox or queue asked."""
    if channel.folder is not None:
        return folder(channel.folder, name)
    what = _("channel {name}", name=name)
    try:
        waiting = open_remote(name, channel, settings, insists=True).waiting()
    except RpaError as error:
        return Diagnosis(what, error.reason, is_well=False, mend=error.message)
    return Diagnosis(what, _("reached, {count} waiting", count=waiting), is_well=True)
