"""A line of events as a line of steps: windows that opened, dialogs, frames that were changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from rpa.bots.recording.dating import dates_joined, in_calendar
from rpa.bots.recording.drafts import Draft, element
from rpa.bots.recording.events import ACTS, PUTS, Event
from rpa.bots.recording.matching import Matcher, plain
from rpa.bots.recording.stepping import stepped
from rpa.bots.recording.tabling import rows_joined
from rpa.i18n import _

SHORTEST_WORDS: Final = 6
UNMATCHED: Final = ""
"""Verb of a step whose value is not matched yet."""


@dataclass(slots=True)
class _Walk:
    matcher: Matcher
    home: str
    main: list[Draft] = field(default_factory=list)
    windows: dict[int, Draft] = field(default_factory=dict)
    """The ``popup`` step of each window that is open."""

    def take(self, event: Event) -> None:
        if event.kind in ACTS:
            self._act(event)
        elif event.kind == "opened":
            self._opened(event)
        elif event.kind == "dialog":
            self._dialog(event)
        elif event.kind == "closed" and event.page in self.windows:
            self._closed(self.windows.pop(event.page))
        elif event.kind in {"request", "page"} and (event.page == 0 or event.page in self.windows):
            line = self._line(event.page)
            if line:
                line[-1].outcome.append(event)

    def _line(self, page: int) -> list[Draft]:
        return self.windows[page].steps if page in self.windows else self.main

    def _act(self, event: Event) -> None:
        line = self._line(event.page)
        if event.calendar:
            self._calendar(event, line)
            return
        if event.kind in PUTS:  # matched later: three of them may be one date
            line.append(Draft(UNMATCHED, event, ways=event.ways))
            return
        step = stepped(event, self.matcher, home=self.home)
        while event.hidden and line and _only_unfolds(line[-1], event):
            line.pop()  # the entry is told as hidden: the menu need not be open
        line.append(step)

    def _calendar(self, event: Event, line: list[Draft]) -> None:
        """Take the click on a day as a date; to leaf through the months is the engine's."""
        if not event.value:
            return
        if line and line[-1].event.calendar == event.calendar:
            line.pop()  # the day before was a slip
        line.append(in_calendar(event, self.matcher))

    def _opened(self, event: Event) -> None:
        line = self._line(event.opener)
        if not line or line[-1].verb != "click" or event.opener in self.windows:
            return
        opener = line[-1]
        opener.verb, opener.body = "popup", {"open": element(opener.ways)}
        opener.ways = ()
        self.windows[event.page] = opener

    def _closed(self, popup: Draft) -> None:
        if popup.steps and popup.steps[-1].verb not in {"click", "press"}:
            popup.body["close"] = True

    def _dialog(self, event: Event) -> None:
        line = self._line(event.page)
        body = {"answer": "accept" if event.yes else "dismiss"}
        words = _constant_words(event.message, self.matcher)
        body |= {"text": words} if words else {}
        if event.typed is not None:
            body["type"] = self.matcher.composed(event.typed)
        before = max(len(line) - 1, 0)
        line.insert(before, Draft("dialog", event, body=body))
        if before + 1 < len(line):
            line[before].event = line[before + 1].event.model_copy(update={"kind": "dialog"})


def _only_unfolds(step: Draft, entry: Event) -> bool:
    """Say whether a click did nothing but open the menu that ``entry`` stands in."""
    return step.verb == "click" and not step.sends and step.place == entry.place


def walked(events: Iterable[Event], matcher: Matcher, *, home: str) -> list[Draft]:
    """Return the steps that ``events`` tell, in order."""
    walk = _Walk(matcher, home)
    for event in events:
        walk.take(event)
    for popup in walk.windows.values():
        popup.body["close"] = True
    for popup in (step for step in walk.main if step.verb == "popup"):
        popup.steps = _matched(popup.steps, matcher, home)
    steps = [step for step in map(_settled, walk.main) if step]
    return rows_joined(_matched(steps, matcher, home))


def _settled(step: Draft) -> Draft | None:
    """Return the step, or nothing where it only opened a window that was looked at."""
    if step.verb != "popup" or step.steps:
        return step
    if not step.sends:
        return None
    opened = step.body.pop("open")
    others = opened.pop("or", [])
    step.verb, step.ways = "click", (opened, *others)
    step.note(_("a window opened as well; nothing was done in it"))
    return step


def _matched(drafts: Sequence[Draft], matcher: Matcher, home: str) -> list[Draft]:
    steps = []
    for draft in dates_joined(drafts, matcher):
        step = stepped(draft.event, matcher, home=home) if draft.verb == UNMATCHED else draft
        step.outcome = draft.outcome
        steps.append(step)
    return steps


def _constant_words(message: str, matcher: Matcher) -> str:
    """Return the longest piece of a message that is the same for every case."""
    template = matcher.composed(message)
    if template == plain(message) and not any(map(str.isdigit, message)):
        return message if len(message) <= 80 else message[:80].rpartition(" ")[0]
    pieces = _pieces(template)
    longest = max(pieces, key=len, default="")
    return longest if len(longest) >= SHORTEST_WORDS else ""


def _pieces(template: str) -> list[str]:
    text = "".join("\0" if c.isdigit() else c for c in template)
    pieces, depth, piece = [], 0, ""
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth or character in "\0{}":
            pieces.append(piece.strip())
            piece = ""
        else:
            piece += character
    return [*pieces, piece.strip()]


def with_frames(drafts: Iterable[Draft], frame: str = "") -> list[Draft]:
    """Return the steps with a ``frame`` step wherever the frame changes from the one before."""
    steps: list[Draft] = []
    for draft in drafts:
        if draft.verb == "popup":
            draft.steps = with_frames(draft.steps)
        if draft.verb == "goto":
            frame = ""
        elif draft.place[1] != frame:
            frame = draft.place[1]
            steps.append(Draft("frame", draft.event, body=_frame(frame)))
        steps.append(draft)
    return steps


def _frame(frame: str) -> dict[str, str]:
    if frame.startswith("url:"):
        return {"url": frame.removeprefix("url:")}
    return {"name": frame or "_top"}
