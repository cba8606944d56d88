"""Whether the organisation will still be able to sign: what was looked at, and what is wrong."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is; worst last."""

    OK = "ok"
    WARNING = "warning"
    """Signing works today. It will not on some day, or not at every level."""
    ERROR = "error"
    """What is signed with it is not possible, or worth nothing."""


@dataclass(frozen=True, slots=True)
class HealthFinding:
    """One thing that a check of credentials, trust and time found."""

    about: str
    """``credential:NAME``, ``trust:FILE`` or ``timestamps``."""
    severity: Severity
    code: str
    """Stable: ``certificate-ends``, ``certificate-expired``, ``chain-untrusted``, …"""
    message: str
    """What was found and what to do, in words; no secret."""
    days_left: int | None = None
    """Whole days until the first certificate of it ends; negative once it has."""

    def facts(self) -> dict[str, object]:
        """Return the finding as plain data."""
        return asdict(self)
