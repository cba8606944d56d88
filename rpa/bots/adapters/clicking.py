"""Clicks: one movement of the mouse that hits the element that is meant, or nothing."""

from typing import Any, Final

from playwright.sync_api import Error as PlaywrightError

from rpa.bots.adapters.page_script import ask, call, selector_of
from rpa.bots.adapters.session import Session
from rpa.bots.elements import Element
from rpa.bots.errors import PageMismatchError
from rpa.i18n import _

SLOWER: Final = frozenset({"covered", "foreign", "outside"})
"""What the page script cannot aim at; Playwright scrolls and waits until it can be clicked."""


def click(session: Session, element: Element) -> None:
    """Click an element that is there, and wait for the page that it leads to.

    The window may close by it.

    Raises:
        PageMismatchError: It cannot be clicked, or moved away under the mouse.
    """
    if element.hidden:
        click_by_script(session, element)
    else:
        click_at(session, session.spec(element))


def click_by_script(session: Session, element: Element) -> None:
    """Click an element that cannot be seen, such as the entry of a folded menu."""
    order = {"do": "press_script", "spec": session.spec(element)}
    answers = call(session.scope(), "rpaRun", [order])
    if answers[0]["state"] != "ok":
        raise PageMismatchError(_("The page does not let this be done."))
    session.pause()


def click_at(session: Session, spec: dict[str, Any]) -> None:
    """Click what ``spec`` tells, as :func:`click`."""
    frame = session.scope()
    aimed = ask(frame, "rpaAim", spec) or {"state": "covered"}
    try:
        if aimed["state"] == "ok":
            session.page.mouse.click(aimed["x"], aimed["y"])
        else:
            frame.locator(selector_of(spec)).click(timeout=session.job.timeout_s * 1000)
    except PlaywrightError:
        if not session.page.is_closed():
            raise
    session.start_settling()
    if session.page.is_closed():
        return
    is_still = not session.watch.arrived and not session.watch.is_underway(session.page)
    if is_still and aimed["state"] == "ok" and ask(frame, "rpaMissed"):
        said = _("What was to be clicked moved away under the mouse.")
        raise PageMismatchError(said, code="moved-element")
    session.settle()


def can_be_clicked(session: Session, element: Element) -> None:
    """Make sure that a click would hit the element, without clicking.

    Raises:
        playwright.sync_api.TimeoutError: Something covers it.
    """
    if element.hidden:
        return
    spec = session.spec(element)
    aimed = ask(session.scope(), "rpaAim", spec)
    if aimed is None or aimed["state"] in SLOWER:
        session.scope().locator(selector_of(spec)).click(
            trial=True, timeout=session.job.timeout_s * 1000
        )
