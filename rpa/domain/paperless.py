"""Paperless or not: six touchpoints, three levels (``docs/paperless.md`` defines them)."""

from collections.abc import Mapping
from enum import StrEnum

from rpa.domain.model import Value


class Touchpoint(StrEnum):
    """Where a process can still touch paper."""

    INTAKE = "intake"
    REKEYING = "rekeying"
    ROUTING = "routing"
    SIGNATURE = "signature"
    OUTPUT = "output"
    ARCHIVE = "archive"


class Medium(StrEnum):
    """How a touchpoint was passed."""

    NATIVE = "native"
    DIGITISED = "digitised"
    PAPER = "paper"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"


class Level(StrEnum):
    """How far a case, or a process, is without paper."""

    END_TO_END = "end-to-end-digital"
    INSIDE = "paperless-inside"
    PAPER = "on-paper"


class Evidence(Value):
    """One touchpoint of one case: how it was passed, and what proves it."""

    medium: Medium
    proof: str
    """``entry:12`` (ledger), ``document:<digest>``, or ``attested:<name>`` for a person's word."""


def level_of(touchpoints: Mapping[Touchpoint, Medium]) -> Level:
    """Return a case's level; a touchpoint that is unknown or not told counts as paper."""
    applicable = [
        medium
        for point in Touchpoint
        if (medium := touchpoints.get(point, Medium.UNKNOWN)) is not Medium.NOT_APPLICABLE
    ]
    if any(medium in (Medium.PAPER, Medium.UNKNOWN) for medium in applicable):
        return Level.PAPER
    if all(medium is Medium.NATIVE for medium in applicable):
        return Level.END_TO_END
    return Level.INSIDE
