"""What is wrong with a kept document."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """The ways in which a kept document fails its check."""

    ALTERED = "altered"
    """Its bytes have another digest now."""
    UNREADABLE = "unreadable"
    """The system does not give its bytes."""
    STRAY = "stray"
    """A file that the store did not put there."""


@dataclass(frozen=True, slots=True)
class StoreFault:
    """One document that failed the check of the whole store."""

    kind: FaultKind
    name: str
    """The digest it is kept under, or a stray file's path inside the store."""
