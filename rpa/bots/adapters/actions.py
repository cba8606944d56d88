"""What each step does in the browser: one small function a kind."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from rpa.bots.adapters.session import GRACE_S, Session
from rpa.bots.adapters.watch import net_error
from rpa.bots.definition import place_named
from rpa.bots.errors import PageMismatchError
from rpa.bots.steps import (
    Check,
    Choose,
    Click,
    Dialog,
    Element,
    Expect,
    Fill,
    Frame,
    Goto,
    Popup,
    Rows,
    Select,
    Step,
)
from rpa.domain.errors import (
    DefinitionError,
    RpaError,
    TargetRefusedError,
    TargetUnavailableError,
)
from rpa.i18n import _

OPTIONS: Final = (
    "list => [...list.options].map(o => [o.value, o.label.replace(/\\s+/g, ' ').trim()])"
)
TICKED: Final[Mapping[str, bool]] = {"true": True, "false": False, "": False}


def perform(session: Session, step: Step, place: tuple[int | str, ...]) -> None:
    """Do one step; whatever goes wrong names the step.

    Raises:
        RpaError: As :meth:`rpa.bots.api.Bot.file`, before the commit.
    """
    try:
        ACTIONS[step.kind](session, step)
    except RpaError as exc:
        raise placed(exc, (*place, step.kind)) from exc
    except PlaywrightError as exc:
        raise placed(translated(session, exc), (*place, step.kind)) from None  # it quotes values


def placed(error: RpaError, place: tuple[int | str, ...]) -> RpaError:
    """Return ``error`` with the step it happened at in front of its message."""
    return type(error)(f"{place_named(place)}: {error.message}", code=error.reason)


def translated(session: Session, error: PlaywrightError) -> RpaError:
    """Return what a failure of the browser means, where nothing was committed yet."""
    if session.page.is_closed():
        return session.closed()
    name = net_error(error.message)
    if name:
        said = _("The target's page did not come ({problem}).", problem=name)
        return TargetUnavailableError(said, code="connection")
    if isinstance(error, PlaywrightTimeoutError):
        return TargetUnavailableError(_("The target's page did not come in time."), code="timeout")
    return PageMismatchError(_("The page does not let this be done."))


def _goto(session: Session, step: Goto) -> None:
    session.frame_name = "_top"
    session.page.goto(session.texts.text(step.url), wait_until="domcontentloaded")
    session.settle()


def _frame(session: Session, step: Frame) -> None:
    session.frame_name = step.name
    session.scope()


def _fill(session: Session, step: Fill) -> None:
    text = session.texts.text(step.value)
    field = session.usable(step)
    if not field.is_editable():
        said = _("“{element}” cannot be written to.", element=step.described())
        raise PageMismatchError(said, code="read-only-element")
    field.fill(text)
    if _bare(field.input_value()) != _bare(text):
        said = _("“{element}” did not keep the whole value.", element=step.described())
        raise TargetRefusedError(said, code="value-not-kept")


def _bare(text: str) -> str:
    """Return what must survive a page's own formatting: letters and digits, in order."""
    return "".join(filter(str.isalnum, text))


def _select(session: Session, step: Select) -> None:
    wanted = _mapped(session.texts.text(step.template), step.map, step.template)
    column = 0 if step.value is not None else 1
    field = session.usable(step)
    for _poll in session.polls(GRACE_S):
        options: list[list[str]] = field.evaluate(OPTIONS)
        fitting = [place for place, option in enumerate(options) if option[column] == wanted]
        if fitting:
            field.select_option(index=fitting[0])
            return
    said = _("The list “{element}” does not offer the value.", element=step.described())
    raise TargetRefusedError(said, code="no-such-choice")


def _mapped(text: str, table: Mapping[str, str] | None, template: str) -> str:
    if table is None or not text:
        return text
    if text not in table:
        said = _("The map of “{template}” lacks one of the field's values.", template=template)
        raise DefinitionError(said, code="map")
    return table[text]


def _check(session: Session, step: Check) -> None:
    text = session.texts.text(step.value)
    if text not in TICKED:
        said = _("“{template}” is neither true nor false.", template=step.value)
        raise DefinitionError(said, code="not-a-check-box")
    session.usable(step).set_checked(TICKED[text])


def _choose(session: Session, step: Choose) -> None:
    wanted = _mapped(session.texts.text(step.value), step.map, step.value)
    group = session.found_all(Element(name=step.name))
    buttons = [button for button in group if button.get_attribute("value") == wanted]
    if len(buttons) != 1:
        said = _("The list “{element}” does not offer the value.", element=f"name: {step.name}")
        raise TargetRefusedError(said, code="no-such-choice")
    buttons[0].check()


def _rows(session: Session, step: Rows) -> None:
    for number in session.texts.filled_rows(step.table):
        in_row = session.in_row(step.table, number)
        for place, inner in enumerate(step.steps):
            perform(in_row, inner, (place,))


def _popup(session: Session, step: Popup) -> None:
    opener = session.usable(step.open)
    with session.page.expect_popup() as opening:
        opener.click()
    window = session.in_popup(opening.value)
    window.settle()
    for place, inner in enumerate(step.steps):
        perform(window, inner, (place,))
    for _poll in session.polls(session.job.timeout_s):
        if window.page.is_closed():
            return
    raise PageMismatchError(_("The window that was opened did not close."), code="popup")


def _dialog(session: Session, step: Dialog) -> None:
    session.watch.expect_dialog(step)


def _expect(session: Session, step: Expect) -> None:
    session.found(step)


def _click(session: Session, step: Click) -> None:
    click(session, session.usable(step))


def click(session: Session, element: Locator) -> None:
    """Click, and wait for the page that it leads to; the window may close by it."""
    try:
        element.click()
    except PlaywrightError:
        if not session.page.is_closed():
            raise
    session.watch.signs_due = True
    if not session.page.is_closed():
        session.settle()


ACTIONS: Final[Mapping[str, Callable[[Session, Any], None]]] = {
    "goto": _goto,
    "frame": _frame,
    "fill": _fill,
    "select": _select,
    "check": _check,
    "choose": _choose,
    "rows": _rows,
    "popup": _popup,
    "dialog": _dialog,
    "expect": _expect,
    "click": _click,
}
"""The kinds that act by themselves; ``receipt`` and ``hits`` read, and end a run."""
