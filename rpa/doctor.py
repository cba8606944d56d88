"""What a machine must have, looked for one by one."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rpa.i18n import _

APT: Final = "sudo apt-get install -y {package}"
LANGUAGES: Final = ("fra", "eng", "osd")
BROWSERS: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
LEAST_FREE: Final = 1_000_000_000
"""Bytes that should be free where documents are kept."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked for: what was found, and how to mend it."""

    what: str
    found: str
    is_well: bool
    mend: str = ""
    is_needed: bool = True

    def mark(self) -> str:
        """Return a sign for a table: well, wrong, or missing but not needed."""
        return "✓" if self.is_well else "✗" if self.is_needed else "–"

    def facts(self) -> dict[str, object]:
        """Return the diagnosis as plain data."""
        return asdict(self)


def program(name: str, package: str, *version: str) -> Diagnosis:
    """Look for a program and ask it for its version."""
    mend = APT.format(package=package)
    path = shutil.which(name)
    if path is None:
        return Diagnosis(name, _("missing"), is_well=False, mend=mend)
    try:
        done = subprocess.run(  # noqa: S603 - a fixed list of tools
            [path, *version], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Diagnosis(name, type(error).__name__, is_well=False, mend=mend)
    said = (done.stdout or done.stderr).strip().splitlines()
    return Diagnosis(name, said[0][:60] if said else path, is_well=True)


def tesseract_languages() -> Iterator[Diagnosis]:
    """Look for the languages that forms are read in."""
    path = shutil.which("tesseract")
    listed = ""
    if path is not None:
        done = subprocess.run(  # noqa: S603 - the program found above
            [path, "--list-langs"], capture_output=True, text=True, timeout=20, check=False
        )
        listed = done.stdout
    for language in LANGUAGES:
        has = language in listed.split()
        mend = APT.format(package=f"tesseract-ocr-{language}")
        yield Diagnosis(
            f"tesseract {language}", _("there") if has else _("missing"), is_well=has, mend=mend
        )


def browser_path(said: Path | None, *, headed: bool = False) -> Path | None:
    """Return the browser to use: the one said, else the first of the system's; None if none is.

    With ``headed`` it is one that can show itself.
    """
    if said is not None and not (headed and "headless" in said.name):
        return said
    found = (shutil.which(name) for name in BROWSERS if not (headed and "headless" in name))
    # Ubuntu's chromium is a stub that only installs a snap, which can't run headless here.
    return next((Path(p) for p in found if p and "/snap/" not in str(Path(p).resolve())), None)


def fonts(families: tuple[str, ...]) -> Iterator[Diagnosis]:
    """Look for the fonts of letters and reports."""
    for family in families:
        path = shutil.which("fc-list")
        done = (
            subprocess.run(  # noqa: S603 - the program found above
                [path, family], capture_output=True, text=True, timeout=20, check=False
            )
            if path
            else None
        )
        has = bool(done and done.stdout.strip())
        package = "fonts-dejavu-core" if "DejaVu" in family else "fonts-liberation2"
        mend = APT.format(package=package)
        yield Diagnosis(family, _("there") if has else _("missing"), is_well=has, mend=mend)


def port(number: int, use: str) -> Diagnosis:
    """Look whether a port on loopback is free."""
    with socket.socket() as probe:
        taken = probe.connect_ex(("127.0.0.1", number)) == 0
    what = _("port {number} ({use})", number=number, use=use)
    mend = _("Stop what listens there, or choose another port.")
    found = _("taken") if taken else _("free")
    return Diagnosis(what, found, is_well=not taken, mend=mend, is_needed=False)


def folder(path: Path, use: str) -> Diagnosis:
    """Look whether a folder can be written, and how much room it has."""
    what = _("folder of {use}: {path}", use=use, path=path)
    probe = path / ".rpa-doctor"
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        mend = _("Give this user the right to write there.")
        return Diagnosis(what, error.strerror or str(error), is_well=False, mend=mend)
    free = shutil.disk_usage(path).free
    found = _("writable, {size} GB free", size=f"{free / 1e9:.1f}")
    return Diagnosis(what, found, is_well=free >= LEAST_FREE, mend=_("Free some space."))
