"""Whether the letters of a look stand where their order says: one line after the other.

Where they do not, what is written is not what is read, and the look is read from its picture.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import pikepdf

from rpa.signing.adapters.verification.graph import QPDF_FAULTS, Graph, Stream
from rpa.signing.adapters.verification.lexer import Item, Ref
from rpa.signing.adapters.verification.placing import Placing, numbers_of, rectangle
from rpa.signing.adapters.verification.sight import SHOWS

_BACK: Final = 200.0
_AHEAD: Final = -500.0
"""How far a letter may be moved within a line, in thousandths of its size: kerning, not order."""
_NEXT_LINE: Final = 0.6
_ALIKE: Final = 0.2
_MOST: Final = 5_000


@dataclass(frozen=True, slots=True)
class _Line:
    """One piece of text: where it begins, and how high it is."""

    across: float
    up: float
    height: float


def is_simply_laid(graph: Graph, look: Item) -> bool:
    """Say whether a look writes each line at once, in one size, the next below the one before."""
    found = graph.node(look) if isinstance(look, Ref) else None
    if not isinstance(found, Stream) or not isinstance(look, Ref):
        return True
    try:
        stream = graph.pdf.get_object((look.number, look.generation))
        steps = list(pikepdf.parse_content_stream(stream))
    except QPDF_FAULTS:
        return False
    if len(steps) > _MOST or any(_shifts(str(one.operator), list(one.operands)) for one in steps):
        return False
    placing = Placing(rectangle(graph, found.entries.get("BBox")))
    lines = list(_lines(placing, steps))
    return all(_follows(one, other) for one, other in pairwise(lines))


def _lines(placing: Placing, steps: Sequence[Any]) -> Iterator[_Line]:
    for step in steps:
        name = str(step.operator)
        placing.follow(name, list(step.operands))
        if name in SHOWS:
            across, up = placing.origin
            yield _Line(across, up, placing.line_height)


def _follows(one: _Line, other: _Line) -> bool:
    height = max(one.height, other.height)
    is_below = one.up - other.up >= _NEXT_LINE * height
    return is_below and abs(one.height - other.height) <= _ALIKE * height


def _shifts(name: str, operands: Sequence[object]) -> bool:
    """Say whether an operator moves letters against their order, up, or over each other."""
    said = numbers_of(operands)
    if name in ("Tc", "Tw"):
        return bool(said) and said[0] < 0
    if name == "Ts":
        return bool(said) and said[0] != 0
    if name == '"':
        return bool(said) and min(said[:2]) < 0
    if name == "TJ" and operands and isinstance(operands[-1], pikepdf.Array):
        moved = numbers_of([one for one in operands[-1].as_list() if not _is_text(one)])
        return any(not _AHEAD <= one <= _BACK for one in moved)
    return False


def _is_text(one: object) -> bool:
    return isinstance(one, pikepdf.String)
