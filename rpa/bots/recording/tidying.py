"""The log of a recording without what meant nothing: slips, doubles, clicks that did nothing."""

from collections.abc import Sequence

from rpa.bots.recording.events import ACTS, PUTS, Event


def tidied(events: Sequence[Event]) -> list[Event]:
    """Return the events that matter, in order."""
    kept = [event for at, event in enumerate(events) if not _is_idle(event, events[at + 1 :])]
    return [event for at, event in enumerate(kept) if not _is_overwritten(event, kept[at + 1 :])]


def _is_idle(event: Event, later: Sequence[Event]) -> bool:
    if event.kind == "press" and event.key == "Enter":
        return _is_clicked_by_browser(event, later)
    return event.kind == "click" and event.weak and not _has_effect(later)


def _is_clicked_by_browser(event: Event, later: Sequence[Event]) -> bool:
    """Say whether Enter pressed the form's button: then the click tells it."""
    for one in later:
        if one.kind == "click" and one.entered and one.place == event.place:
            return True
        if one.kind in {"request", "click", "press"}:
            return False
    return False


def _has_effect(later: Sequence[Event]) -> bool:
    for one in later:
        if one.kind in {"request", "script", "opened", "dialog"}:
            return True
        if one.kind in ACTS:
            return False
    return False


def _is_overwritten(event: Event, later: Sequence[Event]) -> bool:
    """Say whether the same field was set again while the page stayed."""
    if event.kind not in PUTS:
        return False
    for one in later:
        if one.kind == "request" and one.page == event.page:
            return False
        if one.kind == event.kind and one.place == event.place and _names_same(one, event):
            return True
    return False


def _names_same(one: Event, other: Event) -> bool:
    if one.kind == "choose":
        return one.group == other.group
    return one.ways[:1] == other.ways[:1]
