"""Signing credentials, with the secrets behind their references."""

from functools import partial
from pathlib import Path

from rpa.domain.errors import SetupError
from rpa.i18n import _
from rpa.settings import Settings, secret_behind
from rpa.settings_signing import (
    ASK,
    CredentialSettings,
    CscSettings,
    Pkcs11Settings,
    Pkcs12Settings,
)
from rpa.signing.api import Credential, CscCredential, Pkcs11Credential, Pkcs12Credential


def credential_named(settings: Settings, name: str, *, typed: str | None = None) -> Credential:
    """Return the credential ``name`` of the settings; its references are read anew each time.

    ``typed`` is what a person typed for a credential that asks: its passphrase, PIN or one-time
    code.

    Raises:
        SetupError: There is none of this name, a secret is not there, or it asks and nobody typed.
    """
    said = _said(settings, name)
    if isinstance(said, Pkcs12Settings):
        return Pkcs12Credential(
            path=said.file,
            passphrase=_secret(said.passphrase, name, settings, typed=typed),
            chain=said.chain,
            is_typed=said.asks,
        )
    if isinstance(said, Pkcs11Settings):
        return Pkcs11Credential(
            module=said.module,
            token=said.token,
            key=said.key,
            pin=_secret(said.pin, name, settings, typed=typed),
            chain=said.chain,
            is_typed=said.asks,
        )
    return _remote(said, name, settings, typed=typed)


def credential_asks(settings: Settings, name: str) -> bool:
    """Say whether a person must type a secret to sign with the credential ``name``.

    Raises:
        SetupError: There is none of this name.
    """
    return _said(settings, name).asks


def credential_from_file(
    key: Path, passphrase: str, *, typed: str | None = None
) -> Pkcs12Credential:
    """Return the credential of a PKCS#12 file that no settings name.

    ``passphrase`` is a reference (``file:`` counts from the current folder), or ``ask`` where a
    person typed it.

    Raises:
        SetupError: The secret is not there, or nobody typed it.
    """
    secret = (
        _asked(key.name, typed) if passphrase == ASK else secret_behind(passphrase, folder=Path())
    )
    return Pkcs12Credential(path=key, passphrase=secret, is_typed=passphrase == ASK)


def _said(settings: Settings, name: str) -> CredentialSettings:
    said = settings.signing.credentials.get(name)
    if said is None:
        raise SetupError(
            _("rpa.yaml has no credential {name} under signing.", name=name), code="no-credential"
        )
    return said


def _remote(
    said: CscSettings, name: str, settings: Settings, *, typed: str | None
) -> CscCredential:
    secret = partial(_secret, name=name, settings=settings, typed=typed)
    return CscCredential(
        url=said.url,
        credential_id=said.credential_id,
        token=secret(said.token),
        pin=secret(said.pin) if said.pin else None,
        one_time_code=secret(said.one_time_code) if said.one_time_code else None,
        ca_file=said.ca_file,
        is_typed=said.asks,
    )


def _secret(reference: str, name: str, settings: Settings, *, typed: str | None) -> str:
    return _asked(name, typed) if reference == ASK else settings.secret(reference)


def _asked(name: str, typed: str | None) -> str:
    if typed is None:
        raise SetupError(
            _(
                "The credential {name} asks for its secret: only a person who types it can sign "
                "with it.",
                name=name,
            ),
            code="credential-asks",
        )
    return typed
