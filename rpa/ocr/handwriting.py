"""When a value that somebody wrote by hand may be taken without a person."""

from collections.abc import Sequence
from typing import Final

from rpa.domain.kinds import FieldKind
from rpa.domain.reading import Written
from rpa.ocr.calibration import Engines
from rpa.ocr.evidence import Vote
from rpa.ocr.parsing.parsed import Parsed

HANDWRITTEN: Final = "handwritten"
SELF_CHECKING: Final = frozenset((FieldKind.DATE, FieldKind.POSTAL_CODE))
"""Kinds whose own form rules most misreadings out, beside those that carry a check digit."""


def needs_person(kind: FieldKind, chosen: Parsed, votes: Sequence[Vote], engines: Engines) -> bool:
    """Say whether a handwritten value must be looked at.

    It may be taken where it proves itself (a check digit, one of the choices, a day that exists, a
    postal code), two engines read it, and every reading of both says the same.
    """
    proves_itself = chosen.is_proven or (kind in SELF_CHECKING and not chosen.corrections)
    agreeing = [vote.parsed.value == chosen.value for vote in votes]
    return chosen.value is None or engines == "one" or not proves_itself or not all(agreeing)


def together(told: Sequence[Written | None]) -> list[Written | None]:
    """Return how the answers of one form were written, those too short to tell like most others."""
    hands, prints = told.count(Written.HAND), told.count(Written.PRINT)
    return [Written.HAND if one is None and hands > prints else one for one in told]
