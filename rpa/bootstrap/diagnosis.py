"""Which diagnoses ``rpa doctor`` makes."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rpa.bootstrap.channels import open_remote
from rpa.bootstrap.reading_diagnosis import reading_diagnoses
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
from rpa.settings_signing import Pkcs12Settings

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
    for name, said in settings.signing.credentials.items():
        there = not isinstance(said, Pkcs12Settings) or said.file.is_file()
        found = _("there") if there else _("missing")
        mend = _("Name its file in rpa.yaml under signing.")
        yield Diagnosis(_("key {name}", name=name), found, is_well=there, mend=mend)
    if settings.browser is not None:
        yield _browser(settings.browser)


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
