"""Passwords by Argon2id (RFC 9106)."""

import base64
import secrets

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from rpa.identity.passwords import as_compared


class Argon2Passwords:
    """Argon2id at the second cost that RFC 9106 recommends (section 4): 64 MiB, three passes."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Hash with ``hasher``; a cheaper one is for tests."""
        self._hasher = hasher or PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
        self._nobody = _of_nothing(self._hasher)

    @classmethod
    def cheap(cls) -> "Argon2Passwords":
        """Return one that costs next to nothing, for tests."""
        return cls(PasswordHasher.from_parameters(profiles.CHEAPEST))

    def hash(self, password: str) -> str:
        """Return the hash, with a random salt."""
        return self._hasher.hash(as_compared(password))

    def matches(self, password: str, hashed: str | None) -> bool:
        """Say whether the password is the hashed one; nobody's takes as long as anybody's."""
        try:
            self._hasher.verify(hashed or self._nobody, as_compared(password))
        except (VerificationError, InvalidHashError):
            return False
        return hashed is not None

    def is_old(self, hashed: str) -> bool:
        """Say whether the cost has changed since."""
        return self._hasher.check_needs_rehash(hashed)


def _of_nothing(hasher: PasswordHasher) -> str:
    """Return a hash that no password has, of the same cost as any."""
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"
