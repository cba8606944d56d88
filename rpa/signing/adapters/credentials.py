"""Keys from PKCS#12 files, each opened once for as long as its file does not change."""

import hashlib
from threading import Lock
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key
from pyhanko.sign.signers import SimpleSigner

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.signing.api import Pkcs12Credential

DIGEST: Final = "sha256"


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
        self._lock = Lock()

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
            raise ToolUnavailableError(
                _(
                    "The signing key {file} cannot be read ({fault}). "
                    "Check that the file is there and that this account may read it.",
                    file=credential.path.name,
                    fault=exc.strerror,
                ),
                code="credential-missing",
            ) from exc
        return signer


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
