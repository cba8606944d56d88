"""The keyring: every credential's key, opened once for as long as nothing about it changes."""

import hashlib
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key
from pyhanko.sign.signers import SimpleSigner

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.keys import SigningKey
from rpa.signing.adapters.mechanisms import DIGEST
from rpa.signing.adapters.pkcs12_key import open_pkcs12
from rpa.signing.api import Credential, Pkcs12Credential

__all__ = ["DIGEST", "KeptKeySigner", "Keyring"]


class KeptKeySigner(SimpleSigner):
    """A signer that reads and checks its private key once instead of at each signature."""

    def __init__(self, loaded: SimpleSigner) -> None:
        """Take over certificate, chain and key; the root stays out of signatures."""
        super().__init__(
            signing_cert=loaded.signing_cert,
            signing_key=loaded.signing_key,
            cert_registry=loaded.cert_registry,
            embed_roots=False,
        )
        self._key = load_der_private_key(loaded.signing_key.dump(), password=None)

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """Return the raw signature over ``data``."""
        if digest_algorithm == DIGEST and self.signature_mechanism is None:
            if isinstance(self._key, EllipticCurvePrivateKey):
                return self._key.sign(data, ECDSA(SHA256()))
            if isinstance(self._key, RSAPrivateKey):
                return self._key.sign(data, PKCS1v15(), SHA256())
        return super().sign_raw(data, digest_algorithm)


class Keyring:
    """Opens credentials and keeps them; a changed file or passphrase is opened anew."""

    def __init__(self) -> None:
        self._opened: dict[str, tuple[tuple[object, ...], KeptKeySigner]] = {}
        self._keys: dict[object, _Kept] = {}
        self._lock = Lock()

    def key(self, credential: Credential) -> SigningKey:
        """Return the key of ``credential``; one whose secret a person typed is not kept.

        Raises:
            ToolUnavailableError: The key can't be had; its code says why: ``credential-missing``,
                ``credential-closed`` (a wrong passphrase), ``credential-no-key``, …
        """
        assert isinstance(credential, Pkcs12Credential)  # noqa: S101
        if credential.is_typed:
            return _from_file(credential)
        with self._lock:
            kept = self._keys.setdefault(credential.path, _Kept())
        # A lock for each: a slow token or service holds up nobody else's key.
        with kept.lock:
            state = _state(credential)
            if kept.key is None or kept.state != state:
                kept.key, kept.state = None, None
                kept.key, kept.state = _from_file(credential), state
            return kept.key

    def signer(self, credential: Pkcs12Credential) -> KeptKeySigner:
        """Return the signer of ``credential``.

        Raises:
            ToolUnavailableError: The file is missing or no PKCS#12, or the passphrase is wrong.
        """
        try:
            stat = credential.path.stat()
            secret = hashlib.sha256(credential.passphrase.encode()).digest()
            state = (stat.st_mtime_ns, stat.st_size, stat.st_ino, secret)
            with self._lock:
                kept = self._opened.get(str(credential.path))
                if kept and kept[0] == state:
                    return kept[1]
                signer = _opened(credential)
                self._opened[str(credential.path)] = (state, signer)
        except OSError as exc:
            raise _missing(credential, exc) from exc
        return signer


class _Kept:
    """An opened key, and what it was opened with."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.key: SigningKey | None = None
        self.state: object = None


def _state(credential: Pkcs12Credential) -> object:
    """Return what must not change: the files, and the passphrase as a digest."""
    try:
        stats = [path.stat() for path in (credential.path, *credential.chain)]
    except OSError as exc:
        raise _missing(credential, exc) from exc
    secret = hashlib.sha256(credential.passphrase.encode()).digest()
    return ([(stat.st_mtime_ns, stat.st_size, stat.st_ino) for stat in stats], secret)


def _from_file(credential: Pkcs12Credential) -> SigningKey:
    try:
        return open_pkcs12(credential)
    except OSError as exc:
        raise _missing(credential, exc) from exc


def _missing(credential: Pkcs12Credential, exc: OSError) -> ToolUnavailableError:
    return ToolUnavailableError(
        _(
            "The signing key {file} cannot be read ({fault}). "
            "Check that the file is there and that this account may read it.",
            file=credential.path.name,
            fault=exc.strerror,
        ),
        code="credential-missing",
    )


def _opened(credential: Pkcs12Credential) -> KeptKeySigner:
    content = credential.path.read_bytes()
    try:
        loaded = SimpleSigner.load_pkcs12_data(content, [], credential.passphrase.encode())
        return KeptKeySigner(loaded)
    except (ValueError, TypeError, AttributeError) as exc:
        raise ToolUnavailableError(
            _(
                "The signing key {file} cannot be opened: the passphrase is wrong, or the file "
                "holds no key with its certificate.",
                file=credential.path.name,
            ),
            code="credential-closed",
        ) from exc
