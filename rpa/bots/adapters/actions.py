"""What each step does in the browser: one small function a kind."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from rpa.bots.acts import (
    Click,
    Dialog,
    Fill,
    Frame,
    Goto,
    Hover,
    Press,
    Upload,
    Wait,
)
from rpa.bots.adapters.calendar import set_in_calendar
from rpa.bots.adapters.clicking import click, click_at
from rpa.bots.adapters.entering import (
    Order,
    carry_out,
    check_kept,
    forget_typed,
    not_kept,
    ready,
    shown_by,
)
from rpa.bots.adapters.orders import orders_of
from rpa.bots.adapters.page_script import ask
from rpa.bots.adapters.session import Session, too_late
from rpa.bots.adapters.watch import net_error
from rpa.bots.definition import place_named
from rpa.bots.elements import Element
from rpa.bots.errors import PageMismatchError
from rpa.bots.looks import Expect, Gone, Pick, Read
from rpa.bots.record import StepDone
from rpa.bots.steps import Popup, Rows, Step
from rpa.bots.templates import mapped
from rpa.domain.errors import (
    DefinitionError,
    RpaError,
    TargetRefusedError,
    TargetUnavailableError,
)
from rpa.i18n import _

PICKED: Final = "[data-rpa-picked]"
Place = tuple[int | str, ...]


def walk(session: Session, steps: Sequence[Step], section: str, *, first: int = 0) -> None:
    """Do steps one after the other; what goes wrong names the step.

    Steps that only put values into the page go there together.

    Raises:
        RpaError: As :meth:`rpa.bots.api.Bot.file`, before the commit.
    """
    waiting: list[tuple[Order, StepDone, Place]] = []
    for number, step in enumerate(steps, start=first):
        place: Place = (section, number, step.kind)
        entered = _entered(session, step, place)
        if entered is None:
            _enter(session, waiting)
            perform(session, step, place)
        else:
            waiting += entered
    _enter(session, waiting)


def _enter(session: Session, waiting: list[tuple[Order, StepDone, Place]]) -> None:
    batch = list(waiting)
    waiting.clear()
    if not batch:
        return
    dones = [done for _order, done, _place in batch]
    session.job.record.steps += dones
    try:
        carry_out(session, [wanted for wanted, _done, _place in batch], dones)
    except (RpaError, PlaywrightError) as exc:
        failed = next((at for at, done in enumerate(dones) if done.error), None)
        if failed is None:
            failed = next((at for at, done in enumerate(dones) if not done.used), 0)
        del session.job.record.steps[len(session.job.record.steps) - len(dones) + failed + 1 :]
        raise _named(session, exc, batch[failed][2], dones[failed]) from None


def _entered(
    session: Session, step: Step, place: Place
) -> list[tuple[Order, StepDone, Place]] | None:
    """Return the orders of a step that only puts values into the page; None for another."""
    if isinstance(step, Rows):
        found: list[tuple[Order, StepDone, Place]] = []
        for number in session.texts.filled_rows(step.table):
            in_row = session.in_row(step.table, number)
            for at, inner in enumerate(step.steps):
                own = _entered(in_row, inner, (*place, at, inner.kind))
                if own is None:
                    return None
                found += own
        return found
    asked = _naming(session, step, place, lambda: orders_of(session, step))
    return None if asked is None else [(one, _done(step, place), place) for one in asked]


def _done(step: Any, place: Place) -> StepDone:
    told = step.described() if isinstance(step, Element) and step.ways() else ""
    section, number, *_rest = place
    return StepDone(place=f"{section}/{int(number) + 1}", kind=step.kind, element=told)


def perform(session: Session, step: Step, place: Place) -> None:
    """Do one step; whatever goes wrong names the step.

    Raises:
        RpaError: As :meth:`rpa.bots.api.Bot.file`, before the commit.
    """
    done = _done(step, place)
    session.job.record.steps.append(done)
    started = time.monotonic()
    try:
        ACTIONS[step.kind](session, step, done)
    except (RpaError, PlaywrightError) as exc:
        raise _named(session, exc, place, done) from None  # Playwright quotes values
    done.used = done.used or done.element
    done.ms = round((time.monotonic() - started) * 1000)


def _naming(session: Session, step: Any, place: Place, work: Callable[[], Any]) -> Any:
    try:
        return work()
    except RpaError as exc:
        done = _done(step, place)
        session.job.record.steps.append(done)
        raise _named(session, exc, place, done) from None


def _named(
    session: Session, problem: RpaError | PlaywrightError, place: Place, done: StepDone
) -> RpaError:
    error = problem if isinstance(problem, RpaError) else translated(session, problem)
    done.error = error.reason
    return placed(error, place)


def placed(error: RpaError, place: Place) -> RpaError:
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
        return too_late()
    return PageMismatchError(_("The page does not let this be done."))


def _goto(session: Session, step: Goto, _done: StepDone) -> None:
    url = session.texts.text(step.url)
    if step.in_frame:
        forget_typed(session, session.scope())
        session.scope().goto(url, wait_until="domcontentloaded")
    else:
        session.typed.clear()
        session.choose(None)
        session.page.goto(url, wait_until="domcontentloaded")
    session.settle()


def _frame(session: Session, step: Frame, _done: StepDone) -> None:
    session.choose(step)


def _keys(session: Session, step: Fill, done: StepDone) -> None:
    ready(session, step, done)
    text = mapped(
        session.texts.text(step.value), step.map, session.job.definition.tables, step.value
    )
    field = session.locator(step)
    for _time in range(2):  # a page that is still starting may take the cursor away
        field.fill("")
        field.press_sequentially(text)
        if _told(shown_by(session, step, done)) == _told(text):
            break
    else:
        raise not_kept(step.described())
    done.value = session.job.shown(step.value, text)
    session.pause()


def _told(text: str) -> str:
    """Return letters and figures alone: a page that listens may change case, points, spaces."""
    return "".join(filter(str.isalnum, text)).casefold()


def _upload(session: Session, step: Upload, done: StepDone) -> None:
    path = session.texts.request.files.get(step.file)
    if path is None and step.optional:
        return
    if path is None:
        raise TargetRefusedError(
            _("The case has no file “{file}”.", file=step.file), code="missing-file"
        )
    field = step.model_copy(update={"hidden": True})
    ready(session, field, done)
    session.locator(field).set_input_files(path)
    done.value = path.name
    session.settle()


def _press(session: Session, step: Press, done: StepDone) -> None:
    check_kept(session)
    if step.ways():
        ready(session, step, done)
        session.locator(step).press(step.key)
    else:
        session.page.keyboard.press(step.key)
    session.pause()


def _hover(session: Session, step: Hover, done: StepDone) -> None:
    ready(session, step, done)
    session.locator(step).hover()


def _wait(session: Session, step: Wait, _done: StepDone) -> None:
    session.page.wait_for_timeout(step.seconds * 1000)
    session.settle()


def _rows(session: Session, step: Rows, _done: StepDone) -> None:
    for number in session.texts.filled_rows(step.table):
        in_row = session.in_row(step.table, number)
        walk(in_row, step.steps, "rows")


def _popup(session: Session, step: Popup, done: StepDone) -> None:
    with session.page.expect_popup(timeout=session.job.timeout_s * 1000) as opening:
        click(session, step.open, done)
    window = session.in_popup(opening.value)
    window.settle()
    walk(window, step.steps, "popup")
    if step.close and not window.page.is_closed():
        window.page.close()
    for _poll in session.polls(session.job.timeout_s):
        if window.page.is_closed():
            return
    raise PageMismatchError(_("The window that was opened did not close."), code="popup")


def _dialog(session: Session, step: Dialog, _done: StepDone) -> None:
    said = {
        name: session.texts.text(text)
        for name in ("text", "type")
        if (text := getattr(step, name)) is not None
    }
    session.watch.expect_dialog(step.model_copy(update=said))


def _expect(session: Session, step: Expect, done: StepDone) -> None:
    if step.url is not None:
        pattern = session.texts.text(step.url)
        for _poll in session.polls(session.job.timeout_s):
            if any(re.search(pattern, address) for address in addresses(session)):
                return
        raise PageMismatchError(_("The page has another address than expected."), code="no-page")
    # Nothing is done to what is only to be seen: a title and a heading may say the same.
    shown = shown_by(session, step, done, any_will_do=step.value is None)
    if step.value is None:
        return
    wanted = _flat(session.texts.text(step.value))
    for _poll in session.polls(session.job.timeout_s):
        if _flat(shown) == wanted:
            return
        shown = shown_by(session, step, done)
    said = _("“{element}” does not hold what was expected.", element=step.described())
    raise TargetRefusedError(said, code="not-as-expected")


def _gone(session: Session, step: Gone, _done: StepDone) -> None:
    asked = {"do": "see", "spec": session.spec(step)}
    for _poll in session.polls(session.job.timeout_s):
        frame = session.scope()
        answers = ask(frame, "rpaRun", [asked])
        if answers and answers[0]["state"] == "none":
            return
    said = _("“{element}” is still on the page.", element=step.described())
    raise PageMismatchError(said, code="not-gone")


def _read(session: Session, step: Read, done: StepDone) -> None:
    texts = addresses(session) if step.url is not None else [shown_by(session, step, done)]
    pattern = step.url or step.pattern or ".+"
    for text in texts:
        found = re.search(pattern, text, re.DOTALL)
        if found:
            said = (found[1] if found.re.groups else found[0]).strip()
            session.texts.read[step.into] = session.job.record.read[step.into] = said
            done.value = said
            return
    said = _("Nothing on the page is as “{pattern}” says.", pattern=pattern)
    raise PageMismatchError(said, code="nothing-read")


def _pick(session: Session, step: Pick, _done: StepDone) -> None:
    check_kept(session)
    where = {column: session.texts.text(text) for column, text in step.where.items()}
    told = ", ".join(f"{column}: {text}" for column, text in step.where.items())
    asked: dict[str, Any] = {"rows": step.rows, "where": where}
    if step.click is not None:
        asked["click"] = session.spec(step.click)
    picked: dict[str, int] = {"count": 0}
    for _poll in session.polls(session.job.timeout_s):
        frame = session.scope()
        picked = ask(frame, "rpaPick", asked) or picked
        if picked["count"]:
            break
    if picked["count"] == 0:
        raise TargetRefusedError(_("No row has {cells}.", cells=told), code="no-such-row")
    if picked["count"] > 1 or picked.get("links") != 1:
        said = _("Several rows, or links in the row, fit {cells}.", cells=told)
        raise PageMismatchError(said, code="ambiguous-row")
    click_at(session, {"any": [{"selector": PICKED}]}, None)


def _click(session: Session, step: Click, done: StepDone) -> None:
    check_kept(session)
    click(session, step, done)


def addresses(session: Session) -> list[str]:
    """Return the addresses of the chosen frame and of the window, as written and as read."""
    written = (session.scope().url, session.page.url)
    return list(dict.fromkeys((*written, *map(unquote, written))))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _download(session: Session, step: Any, done: StepDone) -> None:
    with session.page.expect_download(timeout=session.job.timeout_s * 1000) as coming:
        click(session, step, done)
    path = coming.value.path()
    session.job.downloads[step.keep] = (coming.value.suggested_filename, path.read_bytes())
    done.value = coming.value.suggested_filename


def _nothing(_session: Session, step: Any, _done: StepDone) -> None:
    said = _("“{kind}” does not belong here", kind=step.kind)
    raise DefinitionError(said)


ACTIONS: Final[Mapping[str, Callable[[Session, Any, StepDone], None]]] = {
    "goto": _goto,
    "frame": _frame,
    "fill": _keys,
    "date": set_in_calendar,
    "upload": _upload,
    "download": _download,
    "press": _press,
    "hover": _hover,
    "wait": _wait,
    "rows": _rows,
    "popup": _popup,
    "dialog": _dialog,
    "expect": _expect,
    "gone": _gone,
    "read": _read,
    "pick": _pick,
    "click": _click,
    "receipt": _nothing,
    "hits": _nothing,
}
"""The kinds that act by themselves; what only puts values into a page is entered together."""
