"""Ticks, corrections and dirt as people leave them in boxes, drawn stroke by stroke."""

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from PIL import Image, ImageDraw

from rpa.domain.geometry import Box

Point = tuple[float, float]
Stroke = Sequence[Point]
"""Places in the box: 0 to 1 from its left and its top; beyond that, outside of it."""
Drawn = Callable[[random.Random], Iterator[Stroke]]


def line(start: Point, end: Point, r: random.Random, *, bend: float = 0.06) -> list[Point]:
    """Return a line as a hand draws it: nearly straight."""
    (x0, y0), (x1, y1) = start, end
    sway, phase = r.uniform(-bend, bend), r.uniform(0.8, 1.2)
    steps = [step / 12 for step in range(13)]
    return [
        (
            x0 + (x1 - x0) * t + sway * math.sin(math.pi * t * phase) * (y1 - y0),
            y0 + (y1 - y0) * t - sway * math.sin(math.pi * t * phase) * (x1 - x0),
        )
        for t in steps
    ]


def check(r: random.Random, *, beyond: float = 0.0) -> Iterator[Stroke]:
    """A check mark; ``beyond`` is how far its end reaches out of the box."""
    low = (r.uniform(0.35, 0.5), r.uniform(0.75, 0.9))
    start = (r.uniform(0.12, 0.25), r.uniform(0.4, 0.6))
    end = (r.uniform(0.8, 0.95) + beyond, r.uniform(0.08, 0.25) - beyond)
    yield [*line(start, low, r), *line(low, end, r)]


def cross(r: random.Random, *, beyond: float = 0.0) -> Iterator[Stroke]:
    """A cross."""

    def near(x: float, y: float) -> Point:
        out = beyond * r.uniform(0.6, 1.2)
        return (
            x + r.uniform(-0.08, 0.08) + (out if x > 0.5 else -out),
            y + r.uniform(-0.08, 0.08) + (out if y > 0.5 else -out),
        )

    yield line(near(0.2, 0.2), near(0.8, 0.8), r)
    yield line(near(0.8, 0.2), near(0.2, 0.8), r)


def dot(r: random.Random) -> Iterator[Stroke]:
    """A point as a ball pen leaves it: small, round, full."""
    x, y = r.uniform(0.4, 0.6), r.uniform(0.4, 0.6)
    radius = r.uniform(0.14, 0.24)
    for part in (0.35, 0.7, 1.0):
        yield [
            (x + radius * part * math.cos(a / 4), y + radius * part * math.sin(a / 4))
            for a in range(27)
        ]


def filled(r: random.Random, *, within: float = 0.1) -> Iterator[Stroke]:
    """A box filled to its outline, line by line."""
    rows = 11
    for row in range(rows):
        y = within + (1 - 2 * within) * row / (rows - 1)
        yield line((within, y), (1 - within, y + r.uniform(-0.02, 0.02)), r, bend=0.02)


def slash(r: random.Random, *, beyond: float = 0.25) -> Iterator[Stroke]:
    """One stroke from below left to above right, out of the box at both ends."""
    out = r.uniform(0.4, 1) * beyond
    yield line((0.15 - out, 0.85 + out), (0.85 + out, 0.15 - out), r)


def struck(r: random.Random, mark: Drawn) -> Iterator[Stroke]:
    """A tick with two or three lines through it, from before the box to behind it."""
    yield from mark(r)
    for _line in range(r.choice((2, 3))):
        y = r.uniform(0.3, 0.7)
        yield line(
            (-r.uniform(0.25, 0.6), y), (1 + r.uniform(0.25, 0.6), y + r.uniform(-0.2, 0.2)), r
        )


def blackened(r: random.Random, mark: Drawn) -> Iterator[Stroke]:
    """A tick under a dense zigzag that runs over the outline."""
    yield from mark(r)
    zigzag: list[Point] = []
    turns = r.randrange(12, 16)
    for turn in range(turns):
        y = -0.12 + 1.24 * turn / (turns - 1)
        side = turn % 2
        zigzag.append((side + (0.25 if side else -0.25) * r.uniform(0.3, 1.2), y))
    yield zigzag


def scribbled(r: random.Random, mark: Drawn) -> Iterator[Stroke]:
    """A tick under a loose zigzag."""
    yield from mark(r)
    turns = r.randrange(5, 8)
    yield [
        ((turn % 2) + (0.25 if turn % 2 else -0.25) * r.uniform(0.2, 1.2),
         turn / (turns - 1) + r.uniform(-0.1, 0.1))
        for turn in range(turns)
    ]  # fmt: skip


TICKS: Final[Mapping[str, Drawn]] = {
    "check": check,
    "check, far out": lambda r: check(r, beyond=r.uniform(0.3, 0.9)),
    "cross": cross,
    "cross, over the edges": lambda r: cross(r, beyond=r.uniform(0.2, 0.4)),
    "dot": dot,
    "filled": filled,
    "slash, over the edges": slash,
}
CORRECTIONS: Final[Mapping[str, Drawn]] = {
    "cross, struck out": lambda r: struck(r, cross),
    "check, struck out": lambda r: struck(r, check),
    "cross, blackened": lambda r: blackened(r, cross),
    "check, blackened": lambda r: blackened(r, check),
    "cross, scribbled over": lambda r: scribbled(r, cross),
    "check, scribbled over": lambda r: scribbled(r, check),
}


def draw_mark(page: Image.Image, box: Box, mark: Drawn, r: random.Random, *, width: int) -> None:
    """Draw a mark into a box (pixels of the page) with a pen so many pixels wide."""
    draw = ImageDraw.Draw(page)
    side = min(box.width, box.height)
    left, top = (box.x0 + box.x1 - side) / 2, (box.y0 + box.y1 - side) / 2
    for stroke in mark(r):
        points = [(left + x * side, top + y * side) for x, y in stroke]
        draw.line(points, fill=0, width=width, joint="curve")
        for x, y in (points[0], points[-1]):
            draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=0)


def draw_dirt(page: Image.Image, box: Box, r: random.Random) -> None:
    """Leave specks of up to three pixels in and around a box."""
    draw = ImageDraw.Draw(page)
    for _speck in range(r.randrange(2, 7)):
        x = r.uniform(box.x0 - 0.5 * box.width, box.x1 + 0.5 * box.width)
        y = r.uniform(box.y0 - 0.5 * box.height, box.y1 + 0.5 * box.height)
        radius = r.uniform(0.5, 1.8)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
