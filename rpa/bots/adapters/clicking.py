"""Clicks: one movement of the mouse that hits the element that is meant, or nothing."""

from typing import Any

from playwright.sync_api import Error as PlaywrightError

from rpa.bots.adapters.entering import carried_out, carry_out, order
from rpa.bots.adapters.page_script import ask, selector_of
from rpa.bots.adapters.session import Session
from rpa.bots.elements import Element
from rpa.bots.errors import PageMismatchError
from rpa.bots.record import StepDone
from rpa.i18n import _

AIMS = 3
"""How often an element that moves away is aimed at."""
Point = tuple[float, float] | None
"""Where in the window to click; None where only Playwright can tell."""


def click(session: Session, element: Element, done: StepDone) -> None:
    """Click an element once it is there, and wait for the page that it leads to.

    The window may close by it.

    Raises:
        PageMismatchError: It does not come, cannot be clicked, or moved away under the mouse.
    """
    if element.hidden:
        session.watch.before_click()
        carry_out(session, [order(session, element, "press_script")], [done])
        session.pause()
        return
    for aim in range(1, AIMS + 1):
        at = aimed(session, element, done)
        session.watch.before_click()
        try:
            click_at(session, session.spec(element), at)
        except PageMismatchError as error:
            # A picture that came late pushed it away; the click hit nothing.
            if error.reason != "moved-element" or aim == AIMS:
                raise
        else:
            return


def aimed(session: Session, element: Element, done: StepDone) -> Point:
    """Wait until an element is there, the only one, and can be used; return where to click it.

    Raises:
        RpaError: It is not.
    """
    answer = carried_out(session, order(session, element, "aim"), done)
    at = answer["at"]
    return None if "slow" in at else (at["x"], at["y"])


def click_at(session: Session, spec: dict[str, Any], at: Point) -> None:
    """Click what ``spec`` tells, as :func:`click`; without a point, as Playwright finds it."""
    frame = session.scope()
    try:
        if at is not None:
            session.page.mouse.click(*at)
        else:
            frame.locator(selector_of(spec)).click(timeout=session.job.timeout_s * 1000)
    except PlaywrightError:
        if not session.page.is_closed():
            raise
    session.start_settling()
    if session.page.is_closed():
        return
    is_still = not session.watch.arrived and not session.watch.is_underway(session.page)
    if is_still and at is not None and ask(frame, "rpaMissed"):
        said = _("What was to be clicked moved away under the mouse.")
        raise PageMismatchError(said, code="moved-element")
    session.settle()


def check_clickable(session: Session, element: Element, done: StepDone) -> None:
    """Make sure that a click would hit the element, without clicking.

    Raises:
        RpaError: It is not there, or cannot be used.
        playwright.sync_api.TimeoutError: Something covers it.
    """
    if element.hidden:
        carry_out(session, [order(session, element, "ready")], [done])
    elif aimed(session, element, done) is None:
        place = session.scope().locator(selector_of(session.spec(element)))
        place.click(trial=True, timeout=session.job.timeout_s * 1000)
