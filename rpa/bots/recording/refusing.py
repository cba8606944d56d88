"""Attempts that the target refused while it was recorded: left out, they show its ``error``."""

from collections.abc import Sequence

from rpa.bots.recording.events import ACTS, Event


def without_refusals(events: Sequence[Event]) -> tuple[list[Event], str]:
    """Return the events without attempts that were refused, and the selector of a refusal.

    An attempt was refused where the page that came of it shows an alarm for the first time, and
    the same button was clicked once more in it.
    """
    kept = list(events)
    sign = ""
    for at in range(len(events) - 1, -1, -1):
        if events[at].kind != "click":
            continue
        end = _end(events, at)
        found = _alarm(events, at, end)
        if found and _is_tried_again(events[end:], events[at]):
            kept = [event for event in kept if not _is_of(event, events[at:end])]
            sign = found
    return kept, sign


def _end(events: Sequence[Event], at: int) -> int:
    """Return the place of the next thing that was done."""
    later = range(at + 1, len(events))
    return next((place for place in later if events[place].kind in ACTS), len(events))


def _alarm(events: Sequence[Event], at: int, end: int) -> str:
    place = events[at].place
    known = {alarm.text for e in events[:at] if e.place == place for alarm in e.alarms}
    pages = [e for e in events[at:end] if e.kind == "page" and e.place == place]
    new = [alarm for page in pages for alarm in page.alarms if alarm.text not in known]
    return new[0].selector if new else ""


def _is_tried_again(later: Sequence[Event], click: Event) -> bool:
    return any(
        one.kind == "click" and one.place == click.place and one.ways[:1] == click.ways[:1]
        for one in later
    )


def _is_of(event: Event, refused: Sequence[Event]) -> bool:
    return any(event is one for one in refused)
