"""What a signer and a validator promise."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from rpa.domain.signature import SignatureLevel, ValidationReport


@dataclass(frozen=True, slots=True)
class Credential:
    """A key with its certificate, as a PKCS#12 file."""

    path: Path
    passphrase: str

    def __repr__(self) -> str:
        """Keep the passphrase out of logs and tracebacks."""
        return f"Credential(path={str(self.path)!r}, passphrase=…)"


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """One signature to make."""

    pdf: bytes
    credential: Credential
    field: str
    level: SignatureLevel
    reason: str
    location: str
    signed_at: datetime
    visible: bool = True
    """Draw the signature's appearance in the page's lower margin, in the letter's language."""
    language: str = "fr"


class Signer(Protocol):
    """Makes PAdES signatures."""

    def sign(self, request: SigningRequest) -> bytes:
        """Return the signed PDF: the given bytes plus one incremental update.

        Raises:
            SignatureRefusedError: The PDF can't be signed: damaged, encrypted, field taken.
            ToolUnavailableError: The key, or the timestamp authority, can't be had.
        """
        ...


class SignatureValidator(Protocol):
    """Checks PAdES signatures."""

    def validate(self, pdf: bytes, *, at: datetime) -> ValidationReport:
        """Check every signature of ``pdf``; what is wrong stands in the report.

        Raises:
            DocumentRefusedError: The bytes are no PDF that can be read.
        """
        ...


class TimestampAuthority(Protocol):
    """Gives RFC 3161 timestamps."""

    def stamp(self, digest: bytes) -> bytes:
        """Return a DER time-stamp token over a SHA-256 ``digest`` (32 bytes).

        Raises:
            ToolUnavailableError: The authority does not answer, or refuses.
        """
        ...
