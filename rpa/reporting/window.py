"""The days a figure looks back on, as the clocks of Québec count them."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

TORONTO: Final = ZoneInfo("America/Toronto")
"""The legal time of Québec, but for its far east."""


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive days, the last one possibly cut short by the moment of the report."""

    first: date
    last: date
    starts: tuple[datetime, ...]
    """The moment at which each day begins, in UTC."""
    until: datetime
    """The moment from which nothing is looked at any more."""

    @classmethod
    def ending(cls, as_of: date | datetime, days: int) -> Self:
        """Return the window of ``days`` days whose last day is, or holds, ``as_of``."""
        if isinstance(as_of, datetime):
            last, until = as_of.astimezone(TORONTO).date(), as_of.astimezone(UTC)
        else:
            last, until = as_of, _midnight(as_of + timedelta(days=1))
        first = last - timedelta(days=days - 1)
        starts = tuple(_midnight(first + timedelta(days=n)) for n in range(days))
        return cls(first, last, starts, until)

    @property
    def since(self) -> datetime:
        """The moment at which the first day begins."""
        return self.starts[0]

    @property
    def days(self) -> int:
        """How many days there are."""
        return len(self.starts)

    def day(self, at: datetime) -> int:
        """Return the number of the day that holds ``at``: 0 is the first."""
        return bisect_right(self.starts, at) - 1

    def overlap(self, start: date, end: date) -> range:
        """Return the numbers of the days that a period from ``start`` to ``end`` shares."""
        return range(
            max(0, (start - self.first).days), min(self.days - 1, (end - self.first).days) + 1
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), TORONTO).astimezone(UTC)
