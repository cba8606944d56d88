"""Where on a drawn page a box of the document lies (ISO 32000-2, 7.7.3.3, 14.11.2)."""

import math
from dataclasses import dataclass
from typing import Final

from rpa.signing.adapters.verification.graph import Graph
from rpa.signing.adapters.verification.pages import Page
from rpa.signing.adapters.verification.placing import Box, rectangle

_LETTER: Final[Box] = (0.0, 0.0, 612.0, 792.0)
"""What readers take where a page names no size."""


@dataclass(frozen=True, slots=True)
class Area:
    """A piece of a drawn page, in pixels from its upper left corner; ends are not in it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def rows(self) -> slice:
        """Return its rows."""
        return slice(self.top, self.bottom)

    @property
    def columns(self) -> slice:
        """Return its columns."""
        return slice(self.left, self.right)

    def widened(self, by: int, height: int, width: int) -> "Area":
        """Return the area with a margin, as far as the page goes."""
        return Area(
            max(0, self.left - by),
            max(0, self.top - by),
            min(width, self.right + by),
            min(height, self.bottom + by),
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as it is shown: what of it is seen, and how it is turned."""

    seen: Box
    turned: int
    """Clockwise, in degrees: 0, 90, 180 or 270."""

    @classmethod
    def of(cls, graph: Graph, page: Page) -> "Sheet":
        """Read a page's boxes and rotation; what can't be read is as if it were not there."""
        media = rectangle(graph, page.entries.get("MediaBox"))
        media = media if _has_area(media) else _LETTER
        crop = rectangle(graph, page.entries.get("CropBox"))
        seen = (
            max(media[0], crop[0]),
            max(media[1], crop[1]),
            min(media[2], crop[2]),
            min(media[3], crop[3]),
        )
        turned = graph.at(page.entries.get("Rotate"))
        return cls(
            seen if _has_area(crop) and _has_area(seen) else media,
            turned % 360 if isinstance(turned, int) and turned % 90 == 0 else 0,
        )

    def area(self, box: Box, height: int, width: int) -> Area:
        """Return where a box of the page lies on a drawing of ``height`` by ``width`` pixels."""
        left, bottom, right, top = self.seen
        across = [(x - left) / (right - left) for x in (box[0], box[2])]
        up = [(y - bottom) / (top - bottom) for y in (box[1], box[3])]
        x, y = {
            0: (across, [1 - v for v in up]),
            90: (up, across),
            180: ([1 - u for u in across], up),
            270: ([1 - v for v in up], [1 - u for u in across]),
        }[self.turned]
        return Area(
            _within(math.floor(min(x) * width), width),
            _within(math.floor(min(y) * height), height),
            _within(math.ceil(max(x) * width), width),
            _within(math.ceil(max(y) * height), height),
        )


def _within(at: int, most: int) -> int:
    return max(0, min(most, at))


def _has_area(box: Box) -> bool:
    return box[2] > box[0] and box[3] > box[1]
