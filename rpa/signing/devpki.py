"""A whole PKI for development and demonstrations: never for documents that matter.

In the folder given::

    root.pem             the root certificate: what a validator trusts
    sceau.p12            the organisation's seal (EC P-256), its passphrase in sceau.pass
    sceau-rsa.p12        another, with an RSA key of 2,048 bits
    superviseur.p12      a person's signing certificate; claire, jean, amina: others
    revoque.p12          one that was revoked
    expire.p12           one that has run out
    pki/                 the finished PKI: the files above, the authorities' keys, pki.yaml

The PKI is built beside its place and moved there in one step, so that a crash leaves none or all.
"""

import secrets
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import yaml

from rpa.domain.errors import NotFoundError, SetupError, ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.certomancer_pki import (
    AUTHORITIES,
    DevelopmentCredential,
    ListedCertificate,
    Standing,
    build_pki,
    listed_certificates,
    revoke_certificate,
    served_at,
)
from rpa.signing.adapters.certomancer_server import serve_pki

PKI_FOLDER: Final = "pki"
ROOT_FILE: Final = "root.pem"
DEFAULT_PORT: Final = 8318

_HOUSE: Final[Mapping[str, DevelopmentCredential]] = {
    "sceau": DevelopmentCredential("Organisme de démonstration – sceau"),
    "sceau-rsa": DevelopmentCredential("Organisme de démonstration – sceau RSA", is_rsa=True),
    "superviseur": DevelopmentCredential("Marie Tremblay (démonstration)"),
    "revoque": DevelopmentCredential("Paul Lavoie (démonstration, révoqué)", Standing.REVOKED),
    "expire": DevelopmentCredential("Rose Côté (démonstration, expiré)", Standing.EXPIRED),
}
SIGNERS: Final = ("Claire Gagnon", "Jean Bouchard", "Amina Diallo")
"""Three persons to sign with, where no others are named."""


def create_development_pki(
    folder: Path, *, now: datetime, base_url: str | None = None, names: Sequence[str] = SIGNERS
) -> Path:
    """Make the development PKI in ``folder`` unless it is there; return its root certificate.

    With ``base_url``, certificates say that their OCSP responder and revocation lists are served
    there by :func:`serve_development_pki`. ``names`` are persons to make signing certificates for.
    May be called again, also by two processes at once, and after a crash.

    Raises:
        SetupError: Two names, or a name and a part of the PKI, make the same file name.
        ToolUnavailableError: The folder cannot be written.
    """
    credentials = {**_HOUSE, **_signers(names)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / PKI_FOLDER).is_dir():
            _build(folder, credentials, now=now, base_url=base_url)
        _publish(folder)
    except OSError as exc:
        raise ToolUnavailableError(
            _(
                "The development PKI cannot be written in {folder} ({fault}). "
                "Check that the folder can be written.",
                folder=folder,
                fault=exc.strerror,
            ),
            code="pki-folder",
        ) from exc
    return folder / ROOT_FILE


def serve_development_pki(folder: Path, host: str = "127.0.0.1", port: int = DEFAULT_PORT) -> None:
    """Serve timestamps (``/tsa``), OCSP and revocation lists until interrupted.

    Raises:
        ToolUnavailableError: The PKI is not there, or the address is taken.
    """
    server = serve_pki(folder / PKI_FOLDER, host, port)
    try:
        server.serve_forever()
    finally:
        server.server_close()


def development_certificates(folder: Path, *, now: datetime) -> tuple[ListedCertificate, ...]:
    """Return every certificate of the development PKI in ``folder``, authorities first.

    Raises:
        NotFoundError: There is none.
    """
    try:
        return listed_certificates(folder / PKI_FOLDER, now=now)
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as exc:
        raise _no_pki(folder) from exc


def revoke_in_development_pki(folder: Path, name: str, *, now: datetime) -> None:
    """Revoke a signing certificate; a server that runs says so from now on.

    Raises:
        NotFoundError: There is no such PKI or certificate.
        ToolUnavailableError: The folder cannot be written.
    """
    known = {one.name for one in development_certificates(folder, now=now) if not one.is_authority}
    if name not in known:
        raise NotFoundError(
            _(
                "{name} is no signing certificate of this PKI. Those that are: {names}.",
                name=name,
                names=", ".join(sorted(known)),
            )
        )
    try:
        revoke_certificate(folder / PKI_FOLDER, name, now=now)
    except OSError as exc:
        raise ToolUnavailableError(
            _("The development PKI of {folder} cannot be written.", folder=folder),
            code="pki-folder",
        ) from exc


def development_address(folder: Path) -> str | None:
    """Return where the certificates look for OCSP and lists; None: they name no address.

    Raises:
        NotFoundError: There is no development PKI in ``folder``.
    """
    try:
        return served_at(folder / PKI_FOLDER)
    except (OSError, KeyError, TypeError, yaml.YAMLError) as exc:
        raise _no_pki(folder) from exc


def _no_pki(folder: Path) -> NotFoundError:
    return NotFoundError(
        _(
            "There is no development PKI in {folder}. Make one with `rpa pki create {folder}`.",
            folder=folder,
        )
    )


def _signers(names: Sequence[str]) -> dict[str, DevelopmentCredential]:
    signers: dict[str, DevelopmentCredential] = {}
    for name in names:
        file = _file_name(name)
        if not file or file in signers or file in _HOUSE or file in AUTHORITIES or len(name) > 50:
            raise SetupError(
                _("The name {name} cannot be used, or is used twice: choose another.", name=name)
            )
        signers[file] = DevelopmentCredential(f"{name} (démonstration)")
    return signers


def _file_name(name: str) -> str:
    """Return the first name in plain small letters: ``Zoé Roy`` is ``zoe``."""
    first = next(iter(name.split()), "")
    plain = unicodedata.normalize("NFKD", first.lower())
    return "".join(letter for letter in plain if letter in "abcdefghijklmnopqrstuvwxyz-").strip("-")


def _build(
    folder: Path,
    credentials: Mapping[str, DevelopmentCredential],
    *,
    now: datetime,
    base_url: str | None,
) -> None:
    building = Path(tempfile.mkdtemp(prefix=".pki-", dir=folder))
    try:
        phrases = {name: secrets.token_urlsafe(24) for name in credentials}
        build_pki(building, credentials, phrases, now=now, base_url=base_url)
        try:
            building.rename(folder / PKI_FOLDER)
        except OSError:
            # Another process was faster: its PKI stands, ours is thrown away.
            if not (folder / PKI_FOLDER / ROOT_FILE).is_file():
                raise
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _publish(folder: Path) -> None:
    made = folder / PKI_FOLDER
    names = [ROOT_FILE, *(path.name for kind in ("p12", "pass") for path in made.glob(f"*.{kind}"))]
    for name in names:
        try:
            (folder / name).symlink_to(Path(PKI_FOLDER, name))
        except FileExistsError:
            continue
