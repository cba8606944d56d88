"""Signing credentials, with the secrets behind their references."""

from functools import partial

from rpa.bootstrap.key_files import asked
from rpa.domain.errors import SetupError
from rpa.environment import ASK
from rpa.i18n import _
from rpa.settings import Settings
from rpa.settings_signing import (
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
    return asked(name, typed) if reference == ASK else settings.secret(reference)
