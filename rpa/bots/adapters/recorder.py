"""A browser that tells what a person does in it, in every frame and window.

The synchronous Playwright cannot run inside a thread's running asyncio loop; call it from a thread
without one.
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Frame, Page, Request, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from rpa.bots.adapters.browser import FLAGS, first_line
from rpa.bots.recording.events import Event, Phase
from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _

_FOLDER: Final = Path(__file__).parent
_PARTS: Final = ("locating.js", "describing.js", "showing.js", "recorder.js")
SCRIPT: Final = "\n".join(
    ["(() => {", "if (window.__rpaSnapshot) return;"]
    + [(_FOLDER / name).read_text(encoding="utf-8") for name in _PARTS]
    + ["})()"]
)
_BAR: Final = (_FOLDER / "recorder_bar.js").read_text(encoding="utf-8")
_SNAPSHOT: Final = "() => window.__rpaSnapshot ? window.__rpaSnapshot() : null"
POLL_MS: Final = 150


@dataclass(frozen=True, slots=True)
class Bar:
    """The clerk's bar: buttons to say what is done now, and the values to type."""

    rows: tuple[tuple[str, str], ...] = ()
    """Names and texts of the sample case, in the order to show them in."""

    def script(self) -> str:
        """Return the script that shows it in the first window."""
        facts = {
            "phases": [["login", _("1 Log in")], ["file", _("2 Key")], ["find", _("3 Look up")]],
            "done": _("Done"),
            "values": _("Sample"),
            "rows": self.rows,
        }
        told = json.dumps(facts, ensure_ascii=False)
        return f"(() => {{ const BAR = {told};\n{_BAR} }})()"


class Recorder:
    """What was done in a browser since it was opened, as a log of events."""

    def __init__(self, context: BrowserContext, bar: Bar | None = None) -> None:
        self.events: list[Event] = []
        self.is_done = False
        self._now: Phase = "login"
        self._context = context
        self._pages: list[Page] = []
        self._is_asked_by_page = False
        self._last_page = 0
        context.expose_binding("__rpaRecord", self._told)
        context.add_init_script(SCRIPT)
        if bar is not None:
            context.expose_binding("__rpaPhase", lambda _source: self._now)
            context.add_init_script(bar.script())
        context.on("page", self._opened)
        context.on("request", self._requested)
        self.page = context.new_page()
        """The first window."""
        self._watch_navigations()

    def open(self, url: str) -> None:
        """Go to the address at which the recording begins."""
        self.page.goto(url, wait_until="load")

    def phase(self, phase: Phase) -> None:
        """Say what is done from here on: ``login``, ``file``, ``find`` or ``done``."""
        self._look()
        self._turned(phase)

    def _turned(self, phase: Phase) -> None:
        self._now = phase
        self.is_done = self.is_done or phase == "done"
        self._add(kind="phase", phase=phase)

    def finish(self) -> list[Event]:
        """Look once more at what the windows show, and return everything."""
        self._look()
        return self.events

    def wait(self) -> None:
        """Let the person work until they say that they are done or close the windows."""
        while not self.is_done:
            left = [page for page in self._pages if not page.is_closed()]
            if not left:
                return
            with suppress(PlaywrightError):
                left[0].wait_for_timeout(POLL_MS)

    def _look(self) -> None:
        """Take in what pages show by now, scripts' doings included."""
        for page in self._pages:
            for frame in () if page.is_closed() else page.frames:
                with suppress(PlaywrightError):
                    shown = frame.evaluate(_SNAPSHOT)
                    if shown:
                        self._told({"page": page, "frame": frame}, shown)

    def _told(self, source: dict[str, Any], said: dict[str, Any]) -> None:
        if said.get("kind") == "page" and not said.get("url", "").startswith("http"):
            return
        page, frame = source["page"], source["frame"]
        number = self._number(page)
        place = {"page": number, "frame": _frame_name(frame, said.get("url", ""))}
        if said.get("kind") == "phase":
            self._turned(said["phase"])
            return
        self._last_page = number if said.get("kind") != "page" else self._last_page
        self._add(**{**said, **place})

    def _add(self, **facts: Any) -> None:
        self.events.append(Event.model_validate(facts))

    def _number(self, page: Page) -> int:
        if page not in self._pages:
            self._pages.append(page)
        return self._pages.index(page)

    def _opened(self, page: Page) -> None:
        number = self._number(page)
        if number == 0:
            return
        opener = page.opener()
        by = self._last_page if opener is None else self._number(opener)
        self._add(kind="opened", page=number, opener=by)
        page.on("close", lambda closed: self._add(kind="closed", page=self._number(closed)))

    def _requested(self, request: Request) -> None:
        if request.is_navigation_request():
            self._page_requested(request)
        elif request.resource_type in {"xhr", "fetch"}:
            self._note_request(request, top=False, script=request.method == "GET")

    def _page_requested(self, request: Request) -> None:
        try:
            frame = request.frame
        except PlaywrightError:  # a window that is only just opening has no frame yet
            return
        is_first = frame == self.page.main_frame and request.redirected_from is None
        if is_first and request.method == "GET" and not self._is_asked_by_page:
            self._add(kind="goto", url=request.url)
        if is_first:
            self._is_asked_by_page = False
        self._note_request(request, top=frame.parent_frame is None)

    def _note_request(self, request: Request, *, top: bool, script: bool = False) -> None:
        with suppress(PlaywrightError):
            facts = {"method": request.method, "url": request.url, "top": top}
            page = self._number(request.frame.page)
            self._add(kind="script" if script else "request", page=page, **facts)

    def _watch_navigations(self) -> None:
        """Tell addresses that a person typed from those that the page itself goes to."""
        session = self._context.new_cdp_session(self.page)
        session.send("Page.enable")
        tree = session.send("Page.getFrameTree")
        top = tree["frameTree"]["frame"]["id"]

        def asked(told: dict[str, Any]) -> None:
            self._is_asked_by_page = self._is_asked_by_page or told["frameId"] == top

        session.on("Page.frameRequestedNavigation", asked)


def _frame_name(frame: Frame, url: str) -> str:
    if frame.parent_frame is None:
        return ""
    return frame.name or f"url:{urlsplit(url).path}"


@contextmanager
def recording(
    url: str,
    *,
    executable: Path | None = None,
    headless: bool = False,
    bar: Bar | None = None,
) -> Iterator[Recorder]:
    """Open a browser at ``url`` that records; it is closed at the end.

    Raises:
        ToolUnavailableError: There is no Chromium, or it does not start, or the page does not come.
    """
    with ExitStack() as stack:
        try:
            context = _opened(stack, executable, headless=headless)
            recorder = Recorder(context, bar)
            recorder.open(url)
        except PlaywrightError as exc:
            said = _(
                "The recording does not start ({problem}): it needs a screen, a Chromium that can"
                " show itself, and an address that answers.",
                problem=first_line(exc),
            )
            raise ToolUnavailableError(said, code="browser") from exc
        yield recorder


def _opened(stack: ExitStack, executable: Path | None, *, headless: bool) -> BrowserContext:
    driver = stack.enter_context(sync_playwright())
    browser = driver.chromium.launch(
        executable_path=executable,
        headless=headless,
        chromium_sandbox=os.geteuid() != 0,  # Chromium's sandbox refuses to run as root
        args=[*FLAGS],
    )
    stack.callback(_quietly_closed, browser)
    context = browser.new_context(
        locale="fr-CA", service_workers="block", no_viewport=None if headless else True
    )
    if not headless:  # the browser shows them to the person, who answers
        context.on("dialog", lambda _dialog: None)
    return context


def _quietly_closed(browser: Browser) -> None:
    with suppress(PlaywrightError):
        browser.close()
