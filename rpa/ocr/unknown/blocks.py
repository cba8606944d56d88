"""Segments put into blocks: lines of one type, close under each other, as in an address."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from rpa.domain.geometry import Box
from rpa.ocr.unknown.addresses import is_code
from rpa.ocr.unknown.found import Span, around
from rpa.ocr.unknown.segments import Segment, Token, segment_of, segments_of, span_of

LEADING: Final = 1.1
"""Gap between two lines of one block, in heights of a line."""
EDGE: Final = 0.7
"""By how many heights the edges of lines that are aligned may differ."""
TYPE: Final = 1.4
"""Ratio of two lines' heights from which they are of different type."""
CODE_GAP: Final = 3.0
"""Heights by which a postal code may stand apart from its town."""
FAR: Final = 16.0
"""Gap between a label and what stands on its right, in heights of the label."""
NEAR: Final = 1.5
"""Gap between a label and what stands under it."""


@dataclass(eq=False, slots=True)
class Block:
    """Lines under each other, from the top."""

    lines: list[Segment] = field(default_factory=list)

    @property
    def box(self) -> Box:
        """Where the block stands on the upright page."""
        return around([line.box for line in self.lines])

    @property
    def texts(self) -> list[str]:
        """The lines' words."""
        return [line.text for line in self.lines]

    def after(self, line: Segment) -> list[Segment]:
        """Return the lines that follow one of the block's."""
        return self.lines[self.lines.index(line) + 1 :]


class Sheet:
    """A page's lines and blocks, and what stands beside what."""

    def __init__(self, rows: Sequence[Sequence[Token]]) -> None:
        """Cut the rows at wide gaps, and put what remains into blocks."""
        self.lines = list(_with_codes(segments_of(rows, at_colons=False)))
        self.blocks: list[Block] = []
        self._block_of: dict[int, Block] = {}
        for line in self.lines:
            block = next((b for b in reversed(self.blocks) if _goes_on(b.lines[-1], line)), None)
            if block is None:
                block = Block()
                self.blocks.append(block)
            block.lines.append(line)
            self._block_of[id(line)] = block

    def block_of(self, line: Segment) -> Block:
        """Return the block that a line is of."""
        return self._block_of[id(line)]

    def right_of(self, line: Segment) -> Segment | None:
        """Return the next line on the same row, if it is near."""
        beside = [
            other for other in self.lines if other.row == line.row and other.box.x0 > line.box.x0
        ]
        nearest = min(beside, key=lambda other: other.box.x0, default=None)
        return nearest if nearest and nearest.box.x0 - line.box.x1 <= FAR * line.height else None

    def under(self, line: Segment, *, near: float = NEAR) -> Segment | None:
        """Return the nearest line under this one, at most ``near`` of its heights away."""
        return next(
            (
                other
                for other in self.lines
                if other.row > line.row
                and other.box.y0 - line.box.y1 <= near * line.height
                and other.box.x0 < line.box.x1
                and other.box.x1 > line.box.x0
            ),
            None,
        )


def span_of_lines(lines: Sequence[Segment]) -> Span:
    """Return whole lines as they stand on the page as it was delivered."""
    return span_of([token for line in lines for token in line.tokens])


def _with_codes(lines: Sequence[Segment]) -> Iterator[Segment]:
    """Yield the lines; a postal code that stands a little apart goes to what is left of it."""
    before: Segment | None = None
    for line in lines:
        if before is not None and _is_code_of(before, line):
            before = segment_of([*before.tokens, *line.tokens], line.row)
            continue
        if before is not None:
            yield before
        before = line
    if before is not None:
        yield before


def _is_code_of(town: Segment, line: Segment) -> bool:
    near = town.row == line.row and line.box.x0 - town.box.x1 <= CODE_GAP * town.height
    return near and is_code(line.text)


def _goes_on(above: Segment, line: Segment) -> bool:
    height = min(above.height, line.height)
    gap = line.box.y0 - above.box.y1
    if above.row >= line.row or gap > LEADING * height or gap < -height / 2:
        return False
    one, other = above.box, line.box
    edges = (one.x0 - other.x0, one.x1 - other.x1, (one.x0 + one.x1 - other.x0 - other.x1) / 2)
    alike = max(above.height, line.height) < TYPE * height
    return alike and min(abs(edge) for edge in edges) <= EDGE * height
