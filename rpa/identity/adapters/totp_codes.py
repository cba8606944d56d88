"""One-time codes by time (RFC 6238 over RFC 4226): six digits, SHA-1, half minutes."""

import base64
import hmac
import secrets
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

DIGITS: Final = 6
STEP_S: Final = 30
KEY_BYTES: Final = 20
"""As long as the digest (RFC 4226, R6)."""


class TotpCodes:
    """Makes and checks codes; one half minute to either side is taken (RFC 6238, 5.2)."""

    def new_key(self) -> str:
        """Return a new key in base 32, without filling."""
        return base64.b32encode(secrets.token_bytes(KEY_BYTES)).decode()

    def step_of(self, code: str, key: str, *, at: datetime) -> int | None:
        """Return the half minute whose code this is, or None."""
        said = "".join(code.split())
        if len(said) != DIGITS or not said.isascii() or not said.isdigit():
            return None
        now = int(at.timestamp()) // STEP_S
        codes = _generator(key)
        # All three are compared, so that the time taken tells nothing.
        fit = [
            step
            for step in (now, now - 1, now + 1)
            if hmac.compare_digest(codes.generate(step), said.encode())
        ]
        return fit[0] if fit else None

    def code(self, key: str, *, at: datetime) -> str:
        """Return the code of a moment."""
        return _generator(key).generate(int(at.timestamp()) // STEP_S).decode()


def _generator(key: str) -> HOTP:
    # Every authenticator knows SHA-1; in an HMAC it is as good as ever (RFC 6238, 1.2).
    return HOTP(base64.b32decode(key), DIGITS, SHA1())  # noqa: S303
