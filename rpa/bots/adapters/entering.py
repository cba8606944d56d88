"""Puts values into a page: orders for the page script, as many as go in one call."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Error as PlaywrightError

from rpa.bots.adapters.page_script import ask, call, described_way
from rpa.bots.adapters.session import Session, ambiguous, not_found, too_late
from rpa.bots.elements import Element
from rpa.bots.errors import PageMismatchError
from rpa.bots.record import COVERED, StepDone
from rpa.domain.errors import RpaError, TargetRefusedError
from rpa.i18n import _

GRACE_S: Final = 4.0
"""How long a field may stay disabled, or an option missing, on a page that is there."""
IN_TIME: Final = frozenset({"none", "disabled", "no-option"})
"""States that may pass by themselves."""


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to do with one element."""

    do: dict[str, Any]
    """As ``acting.js`` wants it, the spec included."""
    element: Element
    shown: str = ""
    """What evidence may say of the value."""

    @property
    def is_kept(self) -> bool:
        """True where the element must still hold the value when something is clicked."""
        return self.do["do"] in {"fill", "select", "check", "choose"}


def order(session: Session, element: Element, do: str, *, shown: str = "", **how: Any) -> Order:
    """Return an order for an element."""
    spec = session.spec(element)
    if shown == COVERED and spec not in session.job.secret_specs:
        session.job.secret_specs.append(spec)
    return Order({"do": do, "spec": spec, **how}, element, shown)


def carry_out(session: Session, orders: Sequence[Order], dones: Sequence[StepDone]) -> None:
    """Carry out orders one after the other, in the chosen frame, and note how it went.

    Raises:
        RpaError: One cannot be carried out; its ``StepDone`` has the error's code.
    """
    done = 0
    while done < len(orders):
        started = time.monotonic()
        answers = _tried(session, orders[done:])
        ms = round((time.monotonic() - started) * 1000 / max(1, len(answers)))
        for answer in answers:
            good = answer
            if answer["state"] != "ok":
                good = _waited_for(session, orders[done], dones[done], answer)
            _note(dones[done], orders[done], good, ms)
            if orders[done].is_kept:
                told = orders[done].element.described()
                session.typed.append((session.frame, orders[done].do, told))
            done += 1
        if answers and answers[-1].get("listens"):
            session.pause()
        elif not answers:
            session.settle()


def _tried(session: Session, orders: Sequence[Order]) -> list[dict[str, Any]]:
    """Run orders; none is answered where the page went away meanwhile."""
    session.look(again=False)
    frame = session.scope()
    answers = ask(frame, "rpaRun", [one.do for one in orders])
    return list(answers or ())


def _waited_for(
    session: Session, wanted: Order, done: StepDone, answer: dict[str, Any]
) -> dict[str, Any]:
    """Try an order again while what hinders it may pass; return its good answer."""
    started = time.monotonic()
    for _poll in session.polls(session.job.timeout_s):
        state = answer["state"]
        if state == "ok":
            return answer
        is_late = state != "none" and time.monotonic() - started > GRACE_S
        if state not in IN_TIME or is_late:
            break
        again = _tried(session, [wanted])
        answer = again[0] if again else answer
    if answer["state"] == "ok":
        return answer
    problem = _problem(session, wanted.element, answer)
    done.error = problem.reason
    raise problem


def _problem(session: Session, element: Element, answer: dict[str, Any]) -> RpaError:
    told = element.described()
    match answer["state"]:
        case "none":
            return too_late() if session.watch.is_underway(session.page) else not_found(element)
        case "many":
            return ambiguous(element, answer["count"])
        case "no-option":
            said = _("The list “{element}” does not offer the value.", element=told)
            return TargetRefusedError(said, code="no-such-choice")
        case "not-kept":
            return not_kept(told)
        case state:
            return _misfit(state, told)


def _misfit(state: str, told: str) -> PageMismatchError:
    said = {
        "disabled": _("“{element}” is disabled.", element=told),
        "read-only": _("“{element}” cannot be written to.", element=told),
        "many-options": _("The list “{element}” offers the value more than once.", element=told),
        "bad-selector": _("“{element}” is no CSS selector.", element=told),
    }
    return PageMismatchError(said[state], code=f"{state}-element")


def not_kept(told: str) -> TargetRefusedError:
    """Return the error of a field that holds another value than was typed."""
    said = _("“{element}” did not keep the whole value.", element=told)
    return TargetRefusedError(said, code="value-not-kept")


def _note(done: StepDone, wanted: Order, answer: dict[str, Any], ms: int) -> None:
    done.used = described_way(wanted.element, answer["used"])
    done.fallback = answer["used"] > 0
    done.value = wanted.shown
    done.ms = ms


def check_kept(session: Session) -> None:
    """Make sure that everything that was put into the pages at hand is still there.

    Raises:
        TargetRefusedError: A field holds something else than what was put into it.
    """
    kept = [one for one in session.typed if not one[0].is_detached()]
    session.typed.clear()
    for frame in {frame for frame, _order, _told in kept}:
        own = [(done, told) for where, done, told in kept if where is frame]
        try:
            answers = call(frame, "rpaKept", [done for done, _told in own])
        except PlaywrightError:
            continue  # the page has just gone: what it held was sent, or is asked for anew
        for is_kept, (_done, told) in zip(answers, own, strict=True):
            if not is_kept:
                raise not_kept(told)


def forget_typed(session: Session, frame: Any) -> None:
    """Forget what was typed into a page that has gone."""
    session.typed[:] = [one for one in session.typed if one[0] is not frame]


def ready(session: Session, element: Element, done: StepDone) -> None:
    """Wait until an element is there, the only one, and can be used.

    Raises:
        RpaError: It is not.
    """
    carried_out(session, order(session, element, "ready"), done)


def carried_out(session: Session, wanted: Order, done: StepDone) -> dict[str, Any]:
    """Carry out one order, and return its answer.

    Raises:
        RpaError: It cannot be carried out.
    """
    answers = _tried(session, [wanted])
    answer = answers[0] if answers else {"state": "none", "count": 0, "used": 0}
    if answer["state"] != "ok":
        answer = _waited_for(session, wanted, done, answer)
    _note(done, wanted, answer, done.ms)
    return answer


def shown_by(
    session: Session, element: Element, done: StepDone, *, any_will_do: bool = False
) -> str:
    """Return what an element holds or shows, waiting for it; a disabled one will do.

    Raises:
        RpaError: It does not come, or several fit and not ``any_will_do``.
    """
    wanted = order(session, element, "see", any=any_will_do)
    answers = _tried(session, [wanted])
    answer = answers[0] if answers else {"state": "none", "count": 0, "used": 0}
    answer = _waited_for(session, wanted, done, answer)
    _note(done, wanted, answer, done.ms)
    return str(answer["shown"])
