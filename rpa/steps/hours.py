"""Opening hours of a target."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from rpa.domain.target import OpeningHours

_A_WEEK: Final = 8
"""Days to look ahead: today's opening may be over."""


def opens_in(hours: Sequence[OpeningHours], now: datetime) -> float:
    """Return in how many seconds the target opens; 0 while it is open, or where nothing is said.

    ``now`` is in the organisation's time zone. Hours that end before they begin go on until the
    next day.
    """
    if not hours:
        return 0.0
    spans = [span for one in hours for span in _spans(one, now)]
    if any(begin <= now < end for begin, end in spans):
        return 0.0
    ahead = [(begin - now).total_seconds() for begin, _end in spans if begin > now]
    return min(ahead)


def _spans(hours: OpeningHours, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    for offset in range(-1, _A_WEEK):
        day = now.date() + timedelta(days=offset)
        if day.isoweekday() in hours.days:
            begin = datetime.combine(day, hours.opens, now.tzinfo)
            past = day + timedelta(days=hours.closes <= hours.opens)
            yield begin, datetime.combine(past, hours.closes, now.tzinfo)
