"""Dates in three lists or fields: the three are one step."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import permutations
from typing import Final

from rpa.bots.recording.drafts import Draft, element
from rpa.bots.recording.events import Event
from rpa.bots.recording.matching import Matcher
from rpa.bots.recording.sample import folded
from rpa.i18n import _

MONTHS: Final = (
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "january february march april may june july august september october november december",
    "jan fev mar avr mai jun jul aou sep oct nov dec",
    "jan feb mar apr may jun jul aug sep oct nov dec",
)
PARTS: Final = ("year", "month", "day")
_HINTS: Final = {
    "day": r"(?:^|[_\W])(?:j|d|jj|dd|jour|day)(?:[_\W\d]|$)",
    "month": r"(?:^|[_\W])(?:m|mm|mois|month)(?:[_\W\d]|$)",
}


def dates_joined(drafts: Sequence[Draft], matcher: Matcher) -> list[Draft]:
    """Return ``drafts`` with each three that make a date of the sample as one ``date`` step."""
    joined: list[Draft] = []
    at = 0
    while at < len(drafts):
        three = list(drafts[at : at + 3])
        step = _date_step(three, matcher) if _are_parts(three) else None
        joined.append(step or drafts[at])
        at += 3 if step else 1
    return joined


def in_calendar(event: Event, matcher: Matcher) -> Draft:
    """Return the step for a day that was clicked in a calendar of links."""
    head = folded(event.text)
    days = [known for _name, known in matcher.sample.dates() if known.day == int(event.value)]
    days.sort(key=lambda known: not _is_named(known, head))
    name = matcher.of_date(days[0], event.label) if days else None
    if name is None:
        step = Draft("click", event, ways=event.ways)
        step.note(_("a day was clicked that is no date of the case"))
        return step
    body = {"value": f"{{{name}}}", "calendar": event.calendar}
    return Draft("date", event, body=body, field_name=name)


def _is_named(day: date, head: str) -> bool:
    names = {names.split()[day.month - 1] for names in MONTHS}
    return str(day.year) in head and not names.isdisjoint(head.split())


def _are_parts(drafts: Sequence[Draft]) -> bool:
    same_place = len({draft.place for draft in drafts}) == 1
    return (
        len(drafts) == 3 and same_place and all(d.event.kind in {"select", "fill"} for d in drafts)
    )


def _date_step(drafts: Sequence[Draft], matcher: Matcher) -> Draft | None:
    readings = [
        (likeness, order, wanted)
        for order in permutations(PARTS)
        for wanted in _dates(drafts, order)
        for likeness in [_likeness(drafts, order)]
        if any(wanted == known for _name, known in matcher.sample.dates())
    ]
    if not readings:
        return None
    readings.sort(key=lambda reading: -reading[0])
    likeness, order, wanted = readings[0]
    labels = tuple(text for draft in drafts for text in (draft.event.label, draft.event.control))
    name = matcher.of_date(wanted, *labels)
    parts = {part: element(draft.ways[:2]) for part, draft in zip(order, drafts, strict=True)}
    body = {"value": f"{{{name}}}", **{part: parts[part] for part in reversed(PARTS)}}
    step = Draft("date", drafts[0].event, body=body, field_name=name or "")
    step.outcome = [event for draft in drafts for event in draft.outcome]
    if len(readings) > 1 and readings[1][0] == likeness:
        step.note(_("day and month look alike in this case: are they the right way round?"))
    return step


def _dates(drafts: Sequence[Draft], order: Sequence[str]) -> Iterator[date]:
    numbers = {part: _number(draft.event, part) for part, draft in zip(order, drafts, strict=True)}
    year, month, day = (numbers[part] for part in PARTS)
    if year is None or month is None or day is None or year < 1000:
        return
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _number(event: Event, part: str) -> int | None:
    for text in (event.value, event.text):
        if re.fullmatch(r"\d{1,4}", text):
            return int(text)
    return _month(event.text) if part == "month" else None


def _month(text: str) -> int | None:
    word = folded(text)
    for names in MONTHS:
        listed = names.split()
        if word in listed:
            return listed.index(word) + 1
    return None


def _likeness(drafts: Sequence[Draft], order: Sequence[str]) -> int:
    return sum(_fits(draft.event, part) for draft, part in zip(drafts, order, strict=True))


def _fits(event: Event, part: str) -> int:
    """Say how much speaks for a list or field being this part of a date."""
    count = len([one for one in event.options if one.value.strip()])
    by_size = {"month": count == 12, "day": count == 31, "year": count not in {0, 12, 31}}
    hint = _HINTS.get(part)
    is_named = bool(hint and re.search(hint, event.control, re.IGNORECASE))
    return 2 * by_size[part] + is_named + (part == "month" and _month(event.text) is not None)
