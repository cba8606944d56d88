"""What a mark in a box means: ticked, not, or something a person must look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Side(StrEnum):
    """A side of a box."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True)
class Drawing:
    """What was drawn in a box and from there out of it; lengths in sides of the box."""

    share: float
    """Of the box's inside, that is inked."""
    faint: float
    """The same, with what only a pencil may have left."""
    span: float
    """Longer side of the largest part inside."""
    length: float
    """Of all strokes inside together."""
    beyond: float
    """Ink outside the box that goes on from inside, to the area of the box."""
    around: float = 0.0
    """Share of the way around the box that ink covers, close to it."""
    kept: float = 1.0
    """Share of the blank's print in and around the box that is on the page."""
    sides: frozenset[Side] = frozenset()
    """Over which sides strokes leave the box, corners left out."""


@dataclass(frozen=True, slots=True)
class Loop:
    """A line drawn around a word, or through it."""

    around: float
    """Share of the way around the word that the line covers."""
    through: bool


class Meaning(StrEnum):
    """What a mark says."""

    EMPTY = "empty"
    TICKED = "ticked"
    CORRECTED = "corrected"
    """Ticked first, then crossed out or blackened: not ticked, if nothing speaks against it."""
    UNCLEAR = "unclear"


TICKED: Final = 0.06
NOT_TICKED: Final = 0.02
FILLED: Final = 0.72
"""Share of a box from which it is filled and not ticked by strokes: crosses of the broadest pens
came to 0.68."""
OVER: Final = 0.025
"""Ink outside to the area of the box, from which a filled box was blackened and not filled."""
LONGEST: Final = 2.35
"""Strokes inside: no cross came to more; in filled boxes pens leave gaps."""
DENSE: Final = (0.53, 0.04)
"""Share inside and ink beyond from which a mark is either a very broad cross or a scribble."""
STROKES: Final = (0.45, 0.9)
"""Of a check or a cross: less than this share, more than this length."""
LEAST_SPAN: Final = 0.55
"""A stroke that comes from outside and is shorter inside may be another box's."""
SPECK: Final = 0.33
"""A part that is shorter may be dirt: the smallest dots came to 0.42."""
HEAVY: Final = (0.35, 1.35)
"""Share and length inside from which a stroke over one side makes a mark doubtful."""
KEPT: Final = 0.5
"""Share of a box's print that must be on the page, or else it is cut off or covered."""
AROUND: Final = 0.75
NOT_AROUND: Final = 0.35
"""Share of the way around a word from which a line runs around it, and up to which none does."""


def meanings(drawings: Sequence[Drawing]) -> list[Meaning]:
    """Return what the marks of one document mean, in order.

    Nobody ticks some boxes by strokes and fills others: there, the filled ones were corrected.
    """
    by_strokes = any(_is_of_strokes(drawing) for drawing in drawings)
    return [_meaning(drawing, by_strokes=by_strokes) for drawing in drawings]


def meaning_of_loop(loop: Loop) -> Meaning:
    """Return what a line around a word means; one through it makes it unclear."""
    if loop.through:
        return Meaning.UNCLEAR if loop.around < AROUND else Meaning.CORRECTED
    if loop.around >= AROUND:
        return Meaning.TICKED
    return Meaning.EMPTY if loop.around <= NOT_AROUND else Meaning.UNCLEAR


def _meaning(drawing: Drawing, *, by_strokes: bool) -> Meaning:
    if drawing.kept < KEPT:
        return Meaning.UNCLEAR
    if drawing.share <= NOT_TICKED:
        is_unclear = drawing.faint >= TICKED or drawing.around >= AROUND
        return Meaning.UNCLEAR if is_unclear else Meaning.EMPTY
    if _is_corrected(drawing):
        return Meaning.CORRECTED
    if drawing.share < TICKED or drawing.span < SPECK or _is_doubtful(drawing):
        return Meaning.UNCLEAR
    if drawing.share >= FILLED and by_strokes:
        return Meaning.CORRECTED
    return Meaning.TICKED


def _is_of_strokes(drawing: Drawing) -> bool:
    share, length = STROKES
    return (
        TICKED <= drawing.share < share
        and drawing.length > length
        and not _is_corrected(drawing)
        and not _is_doubtful(drawing)
    )


def _is_corrected(drawing: Drawing) -> bool:
    if drawing.share >= FILLED:
        return drawing.beyond >= OVER or bool(drawing.sides)
    is_struck = _is_run_through(drawing) and drawing.length > HEAVY[1]
    return is_struck or drawing.length > LONGEST


def _is_doubtful(drawing: Drawing) -> bool:
    """Say whether a mark may be no tick: a line through the box, or from elsewhere into it."""
    if _is_run_through(drawing) or (drawing.beyond > 0 and drawing.span < LEAST_SPAN):
        return True
    if drawing.share >= DENSE[0] and drawing.beyond >= DENSE[1]:
        return True
    share, length = HEAVY
    return bool(drawing.sides) and drawing.share >= share and drawing.length >= length


def _is_run_through(drawing: Drawing) -> bool:
    across, down = {Side.LEFT, Side.RIGHT}, {Side.TOP, Side.BOTTOM}
    return across <= drawing.sides or down <= drawing.sides
