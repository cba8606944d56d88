"""What other judges are asked about one signature."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """A sound signature that something followed."""

    place: int
    """The index of the revision that it closes."""
    byte_range: tuple[int, ...]
    is_timestamp: bool
    level: int | None = None
    """What it permits (DocMDP's P), where it says so."""
