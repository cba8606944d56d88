"""The log-in: user name and password by reference, and how it shows that the session is gone."""

from collections.abc import Sequence
from typing import Any

from rpa.bots.recording.drafts import Draft
from rpa.bots.recording.events import Event
from rpa.bots.recording.matching import Matcher
from rpa.bots.recording.sample import Sample
from rpa.bots.recording.walking import walked
from rpa.i18n import _


def login_steps(events: Sequence[Event], *, home: str) -> list[Draft]:
    """Return the steps of the log-in; what was typed into it is not kept."""
    steps = walked(events, Matcher(Sample({}, {}, key="")), home=home)
    secrets = [at for at, step in enumerate(steps) if step.event.secret]
    for at in secrets:
        steps[at].notes.clear()
    if secrets:
        name = _name_before(steps, secrets[0])
        if name is not None:
            name.body["value"] = "{username}"
            name.notes.clear()
    return steps


def _name_before(steps: Sequence[Draft], secret: int) -> Draft | None:
    """Return the text field before the password, on its page or the one before."""
    typed = [step for step in steps[:secret] if step.event.kind == "fill" and not step.event.secret]
    return typed[-1] if typed else None


def logged_out_sign(login: Sequence[Event], later: Sequence[Event]) -> tuple[dict[str, Any], str]:
    """Return how it shows that the target asks to log in again, and what to confirm of it."""
    asks = [event.password for event in login if event.kind == "page" and event.password]
    if not asks:
        return {}, ""
    if any(event.password == asks[0] for event in later):
        return {}, _("how does it show that the session is over?")
    return {"selector": asks[0]}, _("a page with this asks to log in again")


def username_of(events: Sequence[Event]) -> str:
    """Return what was typed as user name: the text before the first password."""
    secret = next((at for at, event in enumerate(events) if event.secret), 0)
    typed = [event.value for event in events[:secret] if event.kind == "fill"]
    return typed[-1] if typed else ""
