"""The keyring: every credential's key, opened once for as long as nothing about it changes."""

import hashlib
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.late import late
from rpa.signing.adapters.keys import AgingKey, SigningKey
from rpa.signing.api import Credential, CscCredential, Pkcs11Credential, Pkcs12Credential

if TYPE_CHECKING:
    from rpa.signing.adapters.csc_key import CscKey
    from rpa.signing.adapters.pkcs11_key import open_pkcs11
    from rpa.signing.adapters.pkcs12_key import open_pkcs12
else:  # a program has keys of one kind, seldom of two
    CscKey = late("rpa.signing.adapters.csc_key", "CscKey")
    open_pkcs11 = late("rpa.signing.adapters.pkcs11_key", "open_pkcs11")
    open_pkcs12 = late("rpa.signing.adapters.pkcs12_key", "open_pkcs12")


class Keyring:
    """Opens credentials and keeps them; what changed is opened anew. Safe from several threads."""

    def __init__(self) -> None:
        self._keys: dict[object, _Kept] = {}
        self._lock = Lock()

    def key(self, credential: Credential) -> SigningKey:
        """Return the key of ``credential``; one whose secret a person typed is not kept.

        Raises:
            ToolUnavailableError: The key can't be had; its code says why: ``credential-missing``,
                ``credential-closed`` (a wrong passphrase), ``credential-no-key``, …
        """
        if credential.is_typed:
            return _opened_key(credential)
        with self._lock:
            kept = self._keys.setdefault(_place(credential), _Kept())
        # A lock for each: a slow token or service holds up nobody else's key.
        with kept.lock:
            state = _state(credential)
            if kept.key is None or kept.state != state or _is_stale(kept.key):
                kept.key, kept.state = None, None
                kept.key, kept.state = _opened_key(credential), state
            return kept.key


class _Kept:
    """An opened key, and what it was opened with."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.key: SigningKey | None = None
        self.state: object = None


def _place(credential: Credential) -> object:
    """Return where a key is, secrets apart."""
    if isinstance(credential, Pkcs12Credential):
        return credential.path
    if isinstance(credential, Pkcs11Credential):
        return (credential.module, credential.token, credential.key)
    return (credential.url, credential.credential_id)


def _state(credential: Credential) -> object:
    """Return what must not change: files, and the secrets as digests."""
    if isinstance(credential, Pkcs12Credential):
        return (_stats(credential.path, *credential.chain), _digest(credential.passphrase))
    if isinstance(credential, Pkcs11Credential):
        return (_stats(*credential.chain), _digest(credential.pin))
    files = [credential.ca_file] if credential.ca_file else []
    return (_stats(*files), _digest(credential.token), _digest(credential.pin or ""))


def _stats(*paths: Path) -> object:
    try:
        stats = [path.stat() for path in paths]
    except OSError as exc:
        raise _missing(exc) from exc
    return [(stat.st_mtime_ns, stat.st_size, stat.st_ino) for stat in stats]


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _is_stale(key: SigningKey) -> bool:
    return isinstance(key, AgingKey) and key.is_stale


def _opened_key(credential: Credential) -> SigningKey:
    if isinstance(credential, Pkcs11Credential):
        return open_pkcs11(credential)
    if isinstance(credential, CscCredential):
        return CscKey(credential)
    try:
        return open_pkcs12(credential)
    except OSError as exc:
        raise _missing(exc) from exc


def _missing(exc: OSError) -> ToolUnavailableError:
    return ToolUnavailableError(
        _(
            "The signing key {file} cannot be read ({fault}). "
            "Check that the file is there and that this account may read it.",
            file=Path(str(exc.filename)).name,
            fault=exc.strerror,
        ),
        code="credential-missing",
    )
