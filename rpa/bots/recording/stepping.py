"""From what a person did to steps: each act alone, with what it puts into the page matched."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from rpa.bots.recording.choosing import Choice, chosen
from rpa.bots.recording.drafts import Draft
from rpa.bots.recording.events import Event
from rpa.bots.recording.matching import Matcher, plain
from rpa.i18n import _

CHANGING: Final = ("link", "text", "row")
"""Ways in which an element may be told by something of the case."""


def stepped(event: Event, matcher: Matcher, *, home: str) -> Draft:
    """Return the step that does again what ``event`` tells; ``home`` is the target's address."""
    if event.kind == "goto":
        return Draft("goto", event, body={"url": address(event.url, home, matcher)})
    return _MADE[event.kind](event, matcher)


def address(url: str, home: str, matcher: Matcher | None = None) -> str:
    """Return an address as a template, relative to the target's."""
    base = home.rstrip("/")
    if url == base or url.startswith((f"{base}/", f"{base}?")):
        rest = url[len(base) :]
        return "{url}" + (matcher.in_address(rest) if matcher else plain(rest))
    return matcher.in_address(url) if matcher else plain(url)


def _click(event: Event, matcher: Matcher) -> Draft:
    ways = tuple(_of_any_case(way, matcher) for way in event.ways)
    changing = tuple(way for way, told in zip(ways, event.ways, strict=True) if way != told)
    step = Draft("click", event, ways=changing or ways)
    if changing:
        step.note(_("what is clicked changes with the case"))
    if event.hidden:
        step.body["hidden"] = True
    return step


def _of_any_case(way: Mapping[str, Any], matcher: Matcher) -> dict[str, Any]:
    """Return ``way`` with what it holds of the sample as placeholders."""
    return {
        key: matcher.composed(said) if key in CHANGING else plain(said) if _is_text(said) else said
        for key, said in way.items()
    }


def _is_text(said: Any) -> bool:
    return isinstance(said, str)


def _fill(event: Event, matcher: Matcher) -> Draft:
    if event.secret:
        match = matcher.unseen(event.label, event.control)
        step = Draft("fill", event, ways=event.ways, body={"value": match.template})
        step.field_name = match.field_name
        step.note(_("a password was typed here; it was not recorded"))
        return step
    match = matcher.typed(event.value, event.label, event.control)
    verb, body = "fill", {"value": match.template}
    if match.format:
        verb, body = "date", {"value": match.template, "format": match.format}
    step = Draft(verb, event, ways=event.ways, body=dict(body), field_name=match.field_name)
    step.note(match.note)
    return step


def _select(event: Event, matcher: Matcher) -> Draft:
    return _with_choice(Draft("select", event, ways=event.ways), chosen(event, matcher))


def _choose(event: Event, matcher: Matcher) -> Draft:
    choice = chosen(event, matcher)
    step = Draft("choose", event, ways=({"name": event.group},) if event.group else event.ways)
    step = _with_choice(step, choice)
    step.body = {("value" if key == "option" else key): said for key, said in step.body.items()}
    return step


def _with_choice(step: Draft, choice: Choice) -> Draft:
    step.body[choice.by] = choice.template
    if choice.table:
        step.body["map"] = choice.table
    step.field_name = choice.field_name
    step.note(choice.note)
    return step


def _check(event: Event, matcher: Matcher) -> Draft:
    match = matcher.ticked(event.label, event.control, checked=event.checked)
    step = Draft("check", event, ways=event.ways, body={"value": match.template})
    step.field_name = match.field_name
    step.note(match.note)
    return step


def _upload(event: Event, matcher: Matcher) -> Draft:
    known = matcher.sample.files or ("document",)
    fitting = [name for name in known if any(name in file for file in event.files)]
    step = Draft("upload", event, ways=event.ways, body={"file": (fitting or list(known))[0]})
    if len(known) > 1 and not fitting:
        step.note(_("which of the case's files: {files}", files=", ".join(known)))
    return step


def _press(event: Event, _matcher: Matcher) -> Draft:
    return Draft("press", event, ways=event.ways, body={"key": event.key})


_MADE: Final[Mapping[str, Callable[[Event, Matcher], Draft]]] = {
    "click": _click,
    "fill": _fill,
    "select": _select,
    "choose": _choose,
    "check": _check,
    "upload": _upload,
    "press": _press,
}
