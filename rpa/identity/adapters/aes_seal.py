"""Secrets sealed by AES-256-GCM, marks by HMAC-SHA-256, both under keys drawn from one."""

import base64
import binascii
import hmac
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rpa.domain.errors import SetupError
from rpa.i18n import _

SHORTEST: Final = 32
_NONCE: Final = 12


class AesSeal:
    """Seals under a key that lives outside of the register."""

    def __init__(self, secret: str) -> None:
        """Draw the keys from ``secret``.

        Raises:
            SetupError: It is shorter than 32 characters.
        """
        if len(secret) < SHORTEST:
            raise SetupError(
                _("The console's secret needs at least {count} characters.", count=SHORTEST),
                code="console-secret",
            )
        self._sealing = AESGCM(_drawn(secret, b"seal"))
        self._marking = _drawn(secret, b"mark")

    def sealed(self, secret: str, *, whose: str) -> str:
        """Return the secret, encrypted and bound to ``whose``."""
        nonce = secrets.token_bytes(_NONCE)
        kept = self._sealing.encrypt(nonce, secret.encode(), whose.encode())
        return base64.b64encode(nonce + kept).decode()

    def opened(self, sealed: str, *, whose: str) -> str:
        """Return the secret again."""
        try:
            kept = base64.b64decode(sealed, validate=True)
            return self._sealing.decrypt(kept[:_NONCE], kept[_NONCE:], whose.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise SetupError(
                _("A one-time code's key was sealed under another secret than console.secret."),
                code="console-secret",
            ) from error

    def mark(self, text: str, *, use: str) -> str:
        """Return the keyed digest."""
        return hmac.digest(self._marking, f"{use}\0{text}".encode(), "sha256").hex()

    def is_mark(self, mark: str, text: str, *, use: str) -> bool:
        """Compare without telling by time how far it fits."""
        return hmac.compare_digest(mark.encode(), self.mark(text, use=use).encode())


def _drawn(secret: str, use: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"rpa console " + use).derive(
        secret.encode()
    )
