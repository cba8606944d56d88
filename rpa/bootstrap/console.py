"""The console, opened with what it works with."""

import os
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from rpa.bootstrap.register import clock, open_register
from rpa.bootstrap.signing import trusted_roots
from rpa.bootstrap.toolbox import open_toolbox
from rpa.bootstrap.verifying import Terms, open_validator
from rpa.documents.adapters.pdfium_pages import PdfiumPictures
from rpa.domain.errors import SetupError
from rpa.i18n import _
from rpa.identity.adapters.aes_seal import AesSeal
from rpa.identity.adapters.argon2_passwords import Argon2Passwords
from rpa.identity.adapters.qr_code import qr_code
from rpa.identity.adapters.totp_codes import TotpCodes
from rpa.settings import Settings
from rpa.signing.adapters.verification.contained import WORKERS, CheckLimits
from rpa.steps.accounts import AccountTools
from rpa.steps.desk import Desk

LOCAL: Final = "http://127.0.0.1:8080"
STRANGERS: Final = CheckLimits(wall_s=30.0, nice=5)
"""What anybody hands over gives way to those who sign, so it has a little longer."""


def open_accounts(settings: Settings) -> AccountTools:
    """Open what the steps about accounts work with; makes the console's secret at first."""
    return AccountTools(
        now=clock,
        register=open_register(settings),
        passwords=Argon2Passwords(),
        codes=TotpCodes(),
        seal=AesSeal(_secret(settings)),
        organization=settings.organization,
        idle_s=settings.console.idle_min * 60,
        lasts=timedelta(hours=settings.console.session_hours),
    )


def open_console(settings: Settings, *, address: str = "") -> Desk:
    """Open what the pages work with; ``address`` is where it listens, if nothing else is said.

    Raises:
        SetupError, ToolUnavailableError: As :func:`open_toolbox`; the secret can't be had.
    """
    credentials = settings.signing.credentials
    roots = trusted_roots(settings)
    tools = open_toolbox(settings)
    return Desk(
        accounts=open_accounts(settings),
        tools=tools,
        pictures=PdfiumPictures(),
        validator=open_validator(roots=roots, terms=_terms(settings)),
        draw_code=qr_code,
        asks_passphrase=lambda name: name in credentials and credentials[name].asks,
        timezone=tools.house.timezone,
        address=settings.console.url.rstrip("/") or address or LOCAL,
        upload_bytes=settings.console.upload_mb * 1_000_000,
        # One is left for those who sign: what they sign is checked, too.
        checks_at_once=max(1, WORKERS - 1),
    )


def _terms(settings: Settings) -> Terms:
    """Return how strangers' documents are judged."""
    signing = settings.signing
    return Terms(
        revocation=signing.revocation,
        trust_lists=signing.trust_lists,
        trust_list_signers=signing.trust_list_signers,
        limits=STRANGERS,
    )


def console_address(settings: Settings) -> str:
    """Return where people reach the console, without a slash at its end."""
    return settings.console.url.rstrip("/") or LOCAL


def _secret(settings: Settings) -> str:
    reference = settings.console.secret
    kind, _colon, name = reference.partition(":")
    if kind == "file":
        _make_secret(settings.home / name)
    return settings.secret(reference)


def _make_secret(path: Path) -> None:
    """Write a new secret unless there is one; whoever comes first wins."""
    made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            return
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        with suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    except OSError as error:
        raise SetupError(
            _("{file} cannot be written: {cause}.", file=path, cause=error.strerror)
        ) from error
