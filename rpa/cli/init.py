"""``rpa init``: a home folder with its settings, channels and, for trying out, development keys."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from rpa.bootstrap.development import development_pki
from rpa.cli.output import say
from rpa.domain.addresses import is_loopback
from rpa.domain.errors import SetupError
from rpa.environment import default_home
from rpa.i18n import _
from rpa.settings import HOME_FILE

SETTINGS = """\
# Everything of this installation. Paths are relative to this folder; secrets stand elsewhere and
# are named here by reference: env:NAME or file:PATH.
organization: {organization}
language: fr                       # fr or en: reports, reasons and messages of the workers
timezone: America/Toronto
database: sqlite:///register.db    # or postgresql+psycopg://user@host/name for several machines
processes: [{processes}]
inventory: {inventory}
channels:
  fax: {{kind: fax, folder: arrivees/fax}}
  numerisation: {{kind: scan, folder: arrivees/numerisation}}
  courriel: {{kind: email, folder: arrivees/courriel}}
targets:
  ancien-systeme:
    url: {target}
    username: commis
    password: file:secrets/ancien-systeme
archive: {{seal: sceau, level: B-T}}   # what seals the transfer record of each archived case
signing:
  timestamp_url: {timestamp}
  trust: [pki/root.pem]            # of the development PKI: replace it before documents matter
  on_failure: lower                # no answer from an authority: sign at a lower level, or wait
  warn_days: 60                    # a certificate's end is warned of so many days before
  credentials:                     # also kind: pkcs11, csc; see docs/credentials.md
    sceau: {{file: pki/sceau.p12, passphrase: "file:pki/sceau.pass"}}
    superviseur: {{file: pki/superviseur.p12, passphrase: "file:pki/superviseur.pass"}}
"""
TARGET_PASSWORD = Path("secrets") / "ancien-systeme"

Folder = Annotated[
    Path | None, typer.Argument(metavar="[FOLDER]", help=_("The home; else RPA_HOME."))
]


def init(
    folder: Folder = None,
    *,
    organization: Annotated[
        str, typer.Option(help=_("The organisation's name, as letters and reports show it."))
    ] = "Organisme de démonstration",
    processes: Annotated[
        list[Path] | None, typer.Option(help=_("A folder of process folders; may be repeated."))
    ] = None,
    target: Annotated[
        str, typer.Option(help=_("Address of the legacy application."))
    ] = "http://127.0.0.1:8300",
    timestamp: Annotated[
        str, typer.Option(help=_("Address of the timestamp authority."))
    ] = "http://127.0.0.1:8318/tsa",
    inventory: Annotated[
        Path | None, typer.Option(help=_("The inventory of all processes, YAML."))
    ] = None,
) -> None:
    """Make a home."""
    home = make_home(
        (folder or default_home()).expanduser().resolve(),
        organization=organization,
        processes=processes or [],
        target=target,
        timestamp=timestamp,
        inventory=inventory,
    )
    say(_("The home is ready: {folder}. Its settings: {file}.", folder=home, file=home / HOME_FILE))


def make_home(
    home: Path,
    *,
    organization: str,
    processes: list[Path],
    target: str,
    timestamp: str,
    inventory: Path | None,
) -> Path:
    """Write a home's settings, its channels' folders and development keys.

    Raises:
        SetupError: There is a home already; it is left as it is.
    """
    if (home / HOME_FILE).exists():
        raise SetupError(_("{folder} is a home already; edit its rpa.yaml.", folder=home))
    for name in ("arrivees/fax", "arrivees/numerisation", "arrivees/courriel", "processes"):
        (home / name).mkdir(parents=True, exist_ok=True)
    (home / TARGET_PASSWORD).parent.mkdir(mode=0o700, exist_ok=True)
    if not (home / TARGET_PASSWORD).exists():
        (home / TARGET_PASSWORD).touch(mode=0o600)
    development_pki(home / "pki", base_url=_served_at(timestamp))
    roots = [*(str(path.resolve()) for path in processes), "processes"]
    text = SETTINGS.format(
        organization=organization,
        processes=", ".join(roots),
        target=target,
        timestamp=timestamp,
        inventory=inventory.resolve() if inventory else "",
    )
    (home / HOME_FILE).write_text(text, encoding="utf-8")
    return home


def _served_at(timestamp: str) -> str | None:
    """Return where ``rpa pki serve`` will answer, if it is what gives the timestamps."""
    address = urlsplit(timestamp)
    is_ours = address.path == "/tsa" and is_loopback(address.hostname or "")
    return timestamp.removesuffix("/tsa") if is_ours else None
