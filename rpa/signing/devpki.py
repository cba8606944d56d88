"""A whole PKI for development and demonstrations: never for documents that matter.

In the folder given::

    root.pem             the root certificate: what a validator trusts
    sceau.p12            the organisation's seal          } passphrases in sceau.pass
    superviseur.p12      a person's signing certificate   } and superviseur.pass
    pki/                 the finished PKI: the files above, the authorities' keys, pki.yaml

The PKI is built beside its place and moved there in one step, so that a crash leaves none or all.
"""

import secrets
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.certomancer_pki import CREDENTIALS, build_pki, serve_pki

PKI_FOLDER: Final = "pki"
ROOT_FILE: Final = "root.pem"


def create_development_pki(folder: Path, *, now: datetime, base_url: str | None = None) -> Path:
    """Make the development PKI in ``folder`` unless it is there; return its root certificate.

    With ``base_url``, certificates say that their OCSP responder and revocation lists are served
    there by :func:`serve_development_pki`. May be called again, also by two processes at once, and
    after a crash.

    Raises:
        ToolUnavailableError: The folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / PKI_FOLDER).is_dir():
            _build(folder, now=now, base_url=base_url)
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


def serve_development_pki(folder: Path, host: str = "127.0.0.1", port: int = 8318) -> None:
    """Serve timestamps (``/tsa``), OCSP and revocation lists until interrupted.

    Raises:
        ToolUnavailableError: The PKI is not there, or the address is taken.
    """
    server = serve_pki(folder / PKI_FOLDER, host, port)
    try:
        server.serve_forever()
    finally:
        server.server_close()


def _build(folder: Path, *, now: datetime, base_url: str | None) -> None:
    building = Path(tempfile.mkdtemp(prefix=".pki-", dir=folder))
    try:
        phrases = {name: secrets.token_urlsafe(24) for name in CREDENTIALS}
        build_pki(building, phrases, now=now, base_url=base_url)
        try:
            building.rename(folder / PKI_FOLDER)
        except OSError:
            # Another process was faster: its PKI stands, ours is thrown away.
            if not (folder / PKI_FOLDER / ROOT_FILE).is_file():
                raise
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _publish(folder: Path) -> None:
    names = [ROOT_FILE, *(f"{name}.{kind}" for name in CREDENTIALS for kind in ("p12", "pass"))]
    for name in names:
        try:
            (folder / name).symlink_to(Path(PKI_FOLDER, name))
        except FileExistsError:
            continue
