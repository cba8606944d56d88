"""Signing from the command line: what signs, and with which key, with or without a home."""

from dataclasses import dataclass
from pathlib import Path

from rpa.bootstrap.credentials import credential_asks, credential_named
from rpa.bootstrap.key_files import credential_from_file
from rpa.bootstrap.signing import open_loose_signer, open_signer, trusted_roots
from rpa.domain.errors import SetupError
from rpa.domain.signature import SignatureLevel
from rpa.environment import ASK
from rpa.i18n import _
from rpa.settings import load_settings
from rpa.signing.api import Credential, Signer


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """Which key signs, and what it needs: a home's credential by name, or a file of one's own."""

    home: Path | None = None
    credential: str | None = None
    key: Path | None = None
    passphrase: str = ASK
    """A reference, or ``ask``."""
    timestamp_url: str | None = None
    roots: tuple[Path, ...] = ()

    def asks(self) -> bool:
        """Say whether a person must type a secret.

        Raises:
            SetupError: Neither or both kinds of key are named, or the home does not know it.
        """
        if (self.credential is None) == (self.key is None):
            raise SetupError(
                _("Name a credential of the home with --credential, or a key file with --key."),
                code="which-key",
            )
        if self.key is not None:
            return self.passphrase == ASK
        return credential_asks(load_settings(self.home), str(self.credential))


@dataclass(frozen=True, slots=True)
class Hand:
    """A signer with its key."""

    signer: Signer
    credential: Credential
    level: SignatureLevel
    """What is reached where nobody says: the highest that is set up, up to B-T."""


def open_hand(choice: KeyChoice, *, typed: str | None = None) -> Hand:
    """Open signer and key.

    Raises:
        SetupError: A secret, a credential or a home is not there.
        ToolUnavailableError: A trusted certificate can't be read.
    """
    if choice.key is not None:
        key: Credential = credential_from_file(choice.key, choice.passphrase, typed=typed)
        signer = open_loose_signer(timestamp_url=choice.timestamp_url, roots=choice.roots)
        return Hand(signer, key, _highest(choice.timestamp_url))
    settings = load_settings(choice.home)
    key = credential_named(settings, str(choice.credential), typed=typed)
    if choice.timestamp_url is None and not choice.roots:
        return Hand(open_signer(settings), key, _highest(settings.signing.timestamp_url))
    url = choice.timestamp_url or settings.signing.timestamp_url
    signer = open_loose_signer(
        timestamp_url=url,
        roots=choice.roots or trusted_roots(settings),
        timezone=settings.timezone,
    )
    return Hand(signer, key, _highest(url))


def _highest(timestamp_url: str | None) -> SignatureLevel:
    return SignatureLevel.B_T if timestamp_url else SignatureLevel.B_B
