"""What the identity room promises: hashes of passwords, one-time codes, sealed secrets."""

from datetime import datetime
from typing import Protocol


class PasswordHasher(Protocol):
    """Hashes passwords so that whoever steals the hashes guesses slowly. Safe from threads."""

    def hash(self, password: str) -> str:
        """Return a hash that holds its own salt and cost."""
        ...

    def matches(self, password: str, hashed: str | None) -> bool:
        """Say whether the password is the hashed one; with None it takes as long and says no."""
        ...

    def is_old(self, hashed: str) -> bool:
        """Say whether a hash was made at another cost than today's."""
        ...


class OneTimeCodes(Protocol):
    """Codes that a telephone and we can make from one key (RFC 6238). Safe from threads."""

    def new_key(self) -> str:
        """Return a random key of 160 bits, in base 32."""
        ...

    def step_of(self, code: str, key: str, *, at: datetime) -> int | None:
        """Return the half minute whose code this is, of the three around ``at``; else None."""
        ...

    def code(self, key: str, *, at: datetime) -> str:
        """Return the code of the half minute of ``at``."""
        ...


class Seal(Protocol):
    """Keeps secrets that must be read again, and signs what must come back unchanged."""

    def sealed(self, secret: str, *, whose: str) -> str:
        """Return a secret encrypted for ``whose``; the same text for another can't be opened."""
        ...

    def opened(self, sealed: str, *, whose: str) -> str:
        """Return a sealed secret.

        Raises:
            SetupError: It was sealed by another key, or for somebody else.
        """
        ...

    def mark(self, text: str, *, use: str) -> str:
        """Return a keyed digest of ``text``, 64 hexadecimal digits, other for each ``use``."""
        ...

    def is_mark(self, mark: str, text: str, *, use: str) -> bool:
        """Say whether ``mark`` is that of ``text``, in a time that tells nothing."""
        ...
