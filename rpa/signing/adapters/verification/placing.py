"""Where a content stream writes, and whether that is inside its box (ISO 32000-2, 8.3, 9.4)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from rpa.signing.adapters.verification.graph import Graph
from rpa.signing.adapters.verification.lexer import Item

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Box: TypeAlias = tuple[float, float, float, float]

SAME: Final[Matrix] = (1, 0, 0, 1, 0, 0)
_LEAST_HEIGHT: Final = 2.0
_LEAST_STRETCH: Final = 20.0
_MOST_TURNED: Final = 10.0
_MOST_RAISED: Final = 0.1
_MATRIX_PARTS: Final = 6
_BOX_PARTS: Final = 4


def numbers_of(operands: Sequence[object]) -> list[float]:
    """Return the numbers among operands."""
    found: list[float] = []
    for one in operands:
        try:
            found.append(float(one))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            continue
    return found


def _times(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


@dataclass
class Placing:
    """Follows the matrices and the rectangular clips of one stream whose box is ``box``."""

    box: Box
    turned: float = 0.0
    """How far the field's text is turned, counterclockwise, in degrees (``/MK /R``)."""
    _page: Matrix = SAME
    _line: Matrix = SAME
    _leading: float = 0.0
    _size: float = 0.0
    _stretch: float = 100.0
    _rise: float = 0.0
    _path: list[Box] = field(default_factory=list)
    _is_clip: bool = False
    _saved: list[tuple[Matrix, Box]] = field(default_factory=list)

    @property
    def is_outside(self) -> bool:
        """Say whether a text that begins now is out of the box, or too small to be read."""
        a, b, c, d, x, y = _times(_times((1, 0, 0, 1, 0, self._rise), self._line), self._page)
        height = abs(self._size) * max(abs(c), abs(d))
        width = abs(self._size) * max(abs(a), abs(b)) * self._stretch / 100
        left, bottom, right, top = self.box
        is_there = left - 1 <= x < right - 1 and bottom - height / 2 <= y < top - 1
        is_small = height < _LEAST_HEIGHT or width < _LEAST_HEIGHT
        is_squeezed = is_small or self._stretch < _LEAST_STRETCH
        is_raised = abs(self._rise) > _MOST_RAISED * abs(self._size)
        return not is_there or is_squeezed or is_raised or self._is_turned(a, b, c, d)

    def _is_turned(self, a: float, b: float, c: float, d: float) -> bool:
        """Say whether text stands on its head, lies or is mirrored, but for the field's own turn.

        A nine that stands on its head is a six.
        """
        if self._size < 0:
            a, b, c, d = -a, -b, -c, -d
        angle = math.radians(self.turned)
        across = a * math.cos(angle) + b * math.sin(angle)
        is_along = across >= math.cos(math.radians(_MOST_TURNED)) * math.hypot(a, b)
        return a * d - b * c <= 0 or not is_along

    @property
    def line_height(self) -> float:
        """Return how high a line of the present font is."""
        _a, _b, c, d, _x, _y = _times(self._line, self._page)
        return abs(self._size) * math.hypot(c, d)

    @property
    def origin(self) -> tuple[float, float]:
        """Return where a text begins that is written now."""
        x, y = _times(_times((1, 0, 0, 1, 0, self._rise), self._line), self._page)[4:]
        return x, y

    @property
    def begins_inside(self) -> bool:
        """Say whether a text that begins now begins within the box, by a line's height."""
        x, y = _times(_times((1, 0, 0, 1, 0, self._rise), self._line), self._page)[4:]
        left, bottom, right, top = self.box
        edge = self.line_height
        return left - edge <= x <= right and bottom - edge <= y <= top

    def nested(self, matrix: Matrix, box: Box) -> "Placing":
        """Return how a form that is drawn now goes on: its own matrix, and its box as a clip."""
        page = _times(matrix, self._page)
        return Placing(_common(self.box, box_within(page, box)), _page=page)

    def follow(self, name: str, operands: Sequence[object]) -> None:
        """Take one operator."""
        said = numbers_of(operands)
        if name in ("q", "Q"):
            self._save(is_back=name == "Q")
        elif name == "BT":
            self._line = SAME
        elif name in ("cm", "Tm") and len(said) == _MATRIX_PARTS:
            a, b, c, d, e, f = said
            if name == "Tm":
                self._line = (a, b, c, d, e, f)
            else:
                self._page = _times((a, b, c, d, e, f), self._page)
        elif name in ("Td", "TD", "T*", "'", '"'):
            self._move(name, said)
        elif name in ("TL", "Tf", "Tz", "Ts") and said:
            attribute = {"TL": "_leading", "Tf": "_size", "Tz": "_stretch", "Ts": "_rise"}[name]
            setattr(self, attribute, said[-1])
        else:
            self._clip(name, said)

    def _save(self, *, is_back: bool) -> None:
        if not is_back:
            self._saved.append((self._page, self.box))
        elif self._saved:
            self._page, self.box = self._saved.pop()

    def _move(self, name: str, said: list[float]) -> None:
        across, down = (said[0], said[1]) if name in ("Td", "TD") and len(said) > 1 else (0.0, 0.0)
        if name == "TD":
            self._leading = -down
        elif name != "Td":
            down = -self._leading
        self._line = _times((1, 0, 0, 1, across, down), self._line)

    def _clip(self, name: str, said: list[float]) -> None:
        if name == "re" and len(said) == _BOX_PARTS:
            x, y, width, height = said
            self._path.append(box_within(self._page, (x, y, x + width, y + height)))
        elif name in ("W", "W*"):
            self._is_clip = True
        elif name in ("n", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*"):
            if self._is_clip and len(self._path) == 1:
                self.box = _common(self._path[0], self.box)
            self._path, self._is_clip = [], False


def _common(one: Box, other: Box) -> Box:
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def matrix_of(graph: Graph, look: Item) -> Matrix:
    """Return a form's own matrix (8.10.2)."""
    parts = [graph.at(one) for one in graph.items(graph.entries(look).get("Matrix"))]
    turned = [float(one) for one in parts if isinstance(one, int | float)]
    a, b, c, d, e, f = turned if len(turned) == len(SAME) else SAME
    return (a, b, c, d, e, f)


def box_within(matrix: Matrix, box: Box) -> Box:
    """Return the upright box around a box that a matrix moved."""
    corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    moved = [_times((1, 0, 0, 1, x, y), matrix)[4:] for x, y in corners]
    across, down = [x for x, _y in moved], [y for _x, y in moved]
    return min(across), min(down), max(across), max(down)


def rectangle(graph: Graph, item: Item) -> Box:
    """Return a rectangle; an empty one for anything else."""
    parts = [graph.at(one) for one in graph.items(item)]
    sides = [float(one) for one in parts if isinstance(one, int | float)]
    if len(sides) != _BOX_PARTS or len(parts) != _BOX_PARTS:
        return (0, 0, 0, 0)
    x, y, z, w = sides
    return (min(x, z), min(y, w), max(x, z), max(y, w))
