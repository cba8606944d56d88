"""Key files that no settings name; light, for commands that need no home."""

from pathlib import Path

from rpa.domain.errors import SetupError
from rpa.environment import ASK, secret_behind
from rpa.i18n import _
from rpa.signing.api import Pkcs12Credential


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
        asked(key.name, typed) if passphrase == ASK else secret_behind(passphrase, folder=Path())
    )
    return Pkcs12Credential(path=key, passphrase=secret, is_typed=passphrase == ASK)


def asked(name: str, typed: str | None) -> str:
    """Return what a person typed for the credential ``name``.

    Raises:
        SetupError: Nobody did.
    """
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
