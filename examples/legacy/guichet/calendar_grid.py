"""A calendar of links, one for each day, as ASP.NET's: days and months are counted from 2000."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from guichet.tables import MONTHS

FIRST = date(2000, 1, 1)
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Day:
    """One cell."""

    argument: str
    number: int
    is_neighbour: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Month:
    """What the calendar shows: whole weeks, with days of the months before and after."""

    title: str
    before: str
    after: str
    weeks: list[list[Day]]


def month_of(first: date, chosen: date | None) -> Month:
    """Return the month that begins on ``first``."""
    weeks = calendar.Calendar(firstweekday=SUNDAY).monthdatescalendar(first.year, first.month)
    return Month(
        title=f"{MONTHS[first.month - 1]} {first.year}",
        before=f"V{argument_of((first - timedelta(days=1)).replace(day=1))}",
        after=f"V{argument_of((first + timedelta(days=31)).replace(day=1))}",
        weeks=[
            [
                Day(argument_of(day), day.day, day.month != first.month, is_chosen=day == chosen)
                for day in week
            ]
            for week in weeks
        ],
    )


def argument_of(day: date) -> str:
    """Return a day as a link of the calendar names it."""
    return str((day - FIRST).days)


def day_of(argument: str) -> date:
    """Return the day that a link names.

    Raises:
        ValueError: It names none.
    """
    try:
        return FIRST + timedelta(days=int(argument.removeprefix("V")))
    except OverflowError as error:
        raise ValueError(argument) from error
