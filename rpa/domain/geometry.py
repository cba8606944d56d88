"""Places on a page."""

from typing import Self

from pydantic import model_validator

from rpa.domain.model import Value


class Box(Value):
    """A rectangle; the origin is the page's top left corner, y grows downwards.

    The unit is said by whoever holds the box: PDF points (1/72 inch) on a form's blank, pixels on
    a page image.
    """

    x0: float
    y0: float
    x1: float
    y1: float

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.x1 < self.x0 or self.y1 < self.y0:
            msg = "a box needs x0 <= x1 and y0 <= y1"
            raise ValueError(msg)
        return self

    @property
    def width(self) -> float:
        """The extent in x, in the box's own unit."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """The extent in y, in the box's own unit."""
        return self.y1 - self.y0

    def scaled(self, by_x: float, by_y: float | None = None) -> Self:
        """Return the box in another unit."""
        y = by_x if by_y is None else by_y
        scaled = {"x0": self.x0 * by_x, "y0": self.y0 * y, "x1": self.x1 * by_x, "y1": self.y1 * y}
        return self.model_copy(update=scaled)

    def holds(self, x: float, y: float) -> bool:
        """Say whether the point lies in the box."""
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1
