"""Tables: cells that lines part, or that stand in columns by themselves."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from rpa.domain.geometry import Box
from rpa.ocr.unknown.found import Span, Table, around
from rpa.ocr.unknown.segments import Segment, Token, rows_of, span_of

LEAST_ROWS: Final = 3
"""Rows of a table that no lines part; its head is one of them."""
LEAST_COLUMNS: Final = 3
FAR: Final = 2.2
"""Gap between two rows of such a table, in heights of a line."""
TOUCH: Final = 12.0
"""Pixels by which lines that meet may miss each other."""
SPANS: Final = 0.8
"""Share of a row's height that an upright line must cover to part its cells."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The straight lines drawn on the upright page, as thin boxes."""

    level: tuple[Box, ...] = ()
    upright: tuple[Box, ...] = ()


@dataclass(slots=True)
class _Columns:
    """A table that grows row by row, and where its columns are."""

    edges: list[tuple[float, float]]
    rows: list[list[Segment | None]] = field(default_factory=list)

    def took(self, row: Sequence[Segment]) -> bool:
        """Add a row, if each of its segments is of one column and no two are of the same."""
        places = [self._column(segment.box) for segment in row]
        if None in places or len(set(places)) < len(places):
            return False
        cells: list[Segment | None] = [None] * len(self.edges)
        for place, segment in zip(places, row, strict=True):
            if place is not None:
                cells[place] = segment
                left, right = self.edges[place]
                self.edges[place] = (min(left, segment.box.x0), max(right, segment.box.x1))
        self.rows.append(cells)
        return True

    def is_table(self) -> bool:
        """Say whether rows enough hold more than one cell; what only follows them is left off."""
        while len(_cells(self.rows[-1])) < 2:
            self.rows.pop()
        return sum(len(_cells(row)) > 1 for row in self.rows) >= LEAST_ROWS

    def _column(self, box: Box) -> int | None:
        over = [n for n, (x0, x1) in enumerate(self.edges) if box.x0 < x1 and box.x1 > x0]
        return over[0] if len(over) == 1 else None


def aligned_tables(segments: Sequence[Segment]) -> list[Table]:
    """Return tables whose rows repeat the columns of a head of three segments or more."""
    rows: dict[int, list[Segment]] = {}
    for segment in segments:
        rows.setdefault(segment.row, []).append(segment)
    return [_table(columns) for columns in _grown(list(rows.values()))]


def ruled_tables(tokens: Sequence[Token], rules: Rules) -> list[Table]:
    """Return tables whose cells are parted by lines."""
    tables: list[Table] = []
    group: list[list[Box]] = []
    for cells in _ruled_rows(rules):
        if group and not _goes_on(group[-1], cells):
            tables += _filled(group, tokens)
            group = []
        group.append(cells)
    return tables + _filled(group, tokens)


def _grown(rows: Sequence[Sequence[Segment]]) -> Iterator[_Columns]:
    columns: _Columns | None = None
    before: Sequence[Segment] = ()
    for row in rows:
        if columns is not None and _near(before, row) and columns.took(row):
            before = row
            continue
        if columns is not None and columns.is_table():
            yield columns
        columns, before = _begun(row), row
    if columns is not None and columns.is_table():
        yield columns


def _cells(row: Sequence[Segment | None]) -> list[Segment]:
    return [cell for cell in row if cell]


def _begun(row: Sequence[Segment]) -> _Columns | None:
    """Return the columns that a head of a table would make."""
    columns = _Columns([(segment.box.x0, segment.box.x1) for segment in row])
    return columns if len(row) >= LEAST_COLUMNS and columns.took(row) else None


def _near(before: Sequence[Segment], row: Sequence[Segment]) -> bool:
    gap = min(s.box.y0 for s in row) - max(s.box.y1 for s in before)
    return gap <= FAR * before[0].height


def _table(columns: _Columns) -> Table:
    rows = tuple(
        tuple(span_of(cell.tokens) if cell else None for cell in row) for row in columns.rows
    )
    return Table(_box_of(rows), rows, is_ruled=False)


def _box_of(rows: Sequence[Sequence[Span | None]]) -> Box:
    return around([cell.box for row in rows for cell in row if cell])


def _ruled_rows(rules: Rules) -> Iterator[list[Box]]:
    """Yield the cells of each band between two level lines, from the top."""
    lines = sorted(rules.level, key=lambda line: line.y0)
    for number, top in enumerate(lines):
        under = (line for line in lines[number + 1 :] if _over(top, line))
        bottom = next(under, None)
        if bottom is None or bottom.y0 - top.y1 < TOUCH:
            continue
        sides = [side for side in rules.upright if _crosses(side, top, bottom)]
        edges = sorted((side.x0 + side.x1) / 2 for side in sides)
        cells = [
            Box(x0=left, y0=top.y1, x1=right, y1=bottom.y0)
            for left, right in pairwise(edges)
            if right - left > TOUCH
        ]
        if len(cells) > 1:
            yield cells


def _over(top: Box, bottom: Box) -> bool:
    shared = min(top.x1, bottom.x1) - max(top.x0, bottom.x0)
    return shared > 0.5 * min(top.width, bottom.width) and bottom.y0 - top.y1 > 2


def _crosses(side: Box, top: Box, bottom: Box) -> bool:
    shared = min(side.y1, bottom.y0) - max(side.y0, top.y1)
    x = (side.x0 + side.x1) / 2
    lies_in = all(line.x0 - TOUCH <= x <= line.x1 + TOUCH for line in (top, bottom))
    return lies_in and shared >= SPANS * (bottom.y0 - top.y1)


def _goes_on(before: Sequence[Box], cells: Sequence[Box]) -> bool:
    return len(before) == len(cells) and all(
        abs(one.x0 - other.x0) <= TOUCH
        and abs(one.x1 - other.x1) <= TOUCH
        and abs(other.y0 - one.y1) <= TOUCH
        for one, other in zip(before, cells, strict=True)
    )


def _filled(group: Sequence[Sequence[Box]], tokens: Sequence[Token]) -> list[Table]:
    """Return the rows of cells with their words as a table; none where nothing stands in it."""
    rows = tuple(_cells_of(cells, tokens) for cells in group)
    if len(rows) < 2 or not any(cell for row in rows for cell in row):
        return []
    return [Table(_box_of(rows), rows, is_ruled=True)]


def _cells_of(cells: Sequence[Box], tokens: Sequence[Token]) -> tuple[Span | None, ...]:
    """Return what stands in each cell of a row; the cells follow each other from the left."""
    starts = [box.x0 for box in cells]
    inside: list[list[Token]] = [[] for _box in cells]
    for token in tokens:
        x, y = (token.box.x0 + token.box.x1) / 2, (token.box.y0 + token.box.y1) / 2
        place = bisect_right(starts, x) - 1
        if cells[0].y0 <= y <= cells[0].y1 and place >= 0 and cells[place].holds(x, y):
            inside[place].append(token)
    return tuple(_cell(found) for found in inside)


def _cell(tokens: Sequence[Token]) -> Span | None:
    in_order = [token for row in rows_of(tokens) for token in row]
    return span_of(in_order) if in_order else None
