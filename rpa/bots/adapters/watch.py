"""Watches a browser's windows: dialogs, failed pages, crashes, answers, pages on their way."""

import re
import time
from collections import deque
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, CDPSession, Frame, Page, Request, Response
from playwright.sync_api import Dialog as ShownDialog
from playwright.sync_api import Error as PlaywrightError

from rpa.bots.acts import Dialog
from rpa.bots.adapters.tunnel import Tunnel
from rpa.bots.errors import PageMismatchError
from rpa.bots.record import Answer
from rpa.domain.errors import (
    RpaError,
    TargetRefusedError,
    TargetUnavailableError,
    ToolUnavailableError,
)
from rpa.i18n import _

CLIENT_ERRORS: Final = frozenset({401, 403, 404, 407, 429})
"""Statuses below 500 that are no page of the application."""
NO_PAGE: Final = frozenset({204, 205})
_NET_ERROR: Final = re.compile(r"net::(ERR_\w+)")


def net_error(message: str | None) -> str:
    """Return Chromium's name of a network error in ``message``, or an empty text."""
    found = _NET_ERROR.search(message or "")
    return found[1] if found else ""


class Watch:
    """What happened in the windows of one session since it was last begun."""

    def __init__(self, context: BrowserContext, *, hosts: Collection[str], tunnel: Tunnel) -> None:
        self._hosts = hosts
        self._tunnel = tunnel
        tunnel.stay_open()
        self._expected: deque[Dialog] = deque()
        self._trouble: RpaError | None = None
        self._underway: dict[Frame, Request] = {}
        self._sent: dict[Request, float] = {}
        self.is_committing = False
        """From now on every answer is kept on record."""
        self.answers: list[Answer] = []
        self.open_requests = 0
        """Requests that were sent since the commit and are not answered yet."""
        self.devtools: dict[Page, CDPSession] = {}
        """Lines to Chromium that are open, by page."""
        self.arrived: set[Frame] = set()
        """Frames whose page is new since the signs of the target were last looked for."""
        context.on("dialog", self._dialog_shown)
        context.on("request", self._requested)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)
        context.on("page", self._opened)

    def begin(self) -> None:
        """Forget what happened before: another case begins."""
        self._expected.clear()
        self._trouble = None
        self._tunnel.stay_open()
        self.is_committing = False
        self.answers = []
        self.open_requests = 0
        self._sent.clear()

    def commit(self) -> None:
        """Keep every answer from now on."""
        self.is_committing = True
        self._sent.clear()
        self.open_requests = 0

    def before_click(self) -> None:
        """Cut the connections before what a click after the commit sends: it must not go twice."""
        if self.is_committing:
            self._tunnel.cut()

    def expect_dialog(self, dialog: Dialog) -> None:
        """Answer the next dialog that is not yet spoken for as ``dialog`` says."""
        self._expected.append(dialog)

    def is_underway(self, page: Page) -> bool:
        """Say whether a page was asked for and has not come yet."""
        return any(frame in self._underway for frame in page.frames)

    def raise_trouble(self) -> None:
        """Raise the first thing that went wrong, if something did."""
        if self._trouble is not None:
            raise self._trouble

    def _note(self, trouble: RpaError) -> None:
        self._trouble = self._trouble or trouble

    def _opened(self, page: Page) -> None:
        page.on("framenavigated", self._navigated)
        page.on("framedetached", self._detached)
        page.on("crash", self._crashed)

    def _crashed(self, _page: Page) -> None:
        self._note(ToolUnavailableError(_("The browser's page crashed."), code="browser"))

    def _dialog_shown(self, shown: ShownDialog) -> None:
        if shown.type == "beforeunload":  # a form left half-filled by an earlier failure
            shown.accept()
            return
        expected = self._expected.popleft() if self._expected else None
        kind = shown.type
        if expected is None or (expected.text or "") not in shown.message:
            shown.dismiss()
            self._note(_unexpected(kind, is_other=expected is not None))
        elif expected.answer == "accept":
            shown.accept(expected.type) if expected.type is not None else shown.accept()
        else:
            shown.dismiss()

    def _requested(self, request: Request) -> None:
        if self.is_committing:
            self._sent[request] = time.monotonic()
            self.open_requests += 1
        frame = _frame_of(request)
        if frame is not None:
            self._underway[frame] = request

    def _navigated(self, frame: Frame) -> None:
        self._underway.pop(frame, None)
        self.arrived.add(frame)

    def _detached(self, frame: Frame) -> None:
        self._underway.pop(frame, None)
        self.arrived.discard(frame)

    def _answered(self, response: Response) -> None:
        request = response.request
        self._record(request, response.status)
        frame = _frame_of(request)
        if frame is None:
            return
        if response.status in NO_PAGE:
            self._underway.pop(frame, None)
        is_error = response.status >= 500 or response.status in CLIENT_ERRORS
        if is_error and self._is_of_target(response.url):
            said = _("The target answered with the HTTP status {status}.", status=response.status)
            self._note(TargetUnavailableError(said, code=f"http-{response.status}"))

    def _record(self, request: Request, status: int) -> None:
        sent = self._sent.pop(request, None)
        if sent is None:
            return
        self._tunnel.stay_open()
        self.open_requests -= 1
        if request.resource_type not in {"document", "xhr", "fetch"}:
            return
        ms = round((time.monotonic() - sent) * 1000)
        self.answers.append(Answer(request.method, urlsplit(request.url).path, status, ms))

    def _failed(self, request: Request) -> None:
        self._record(request, 0)
        frame = _frame_of(request)
        if frame is None:
            return
        self._underway.pop(frame, None)
        name = net_error(request.failure) or "–"
        if name != "ERR_ABORTED" and self._is_of_target(request.url):  # aborted: another page came
            said = _("The target's page did not come ({problem}).", problem=name)
            self._note(TargetUnavailableError(said, code="connection"))

    def _is_of_target(self, url: str) -> bool:
        return urlsplit(url).hostname in self._hosts


def _frame_of(request: Request) -> Frame | None:
    """Return the frame that a request brings a page for; None for pictures and the like."""
    if not request.is_navigation_request():
        return None
    try:
        return request.frame
    except PlaywrightError:  # a window that is only just opening has no frame yet
        return None


def _unexpected(kind: str, *, is_other: bool) -> RpaError:
    if is_other:
        said = _("A dialog ({kind}) came with another text than expected.", kind=kind)
        return PageMismatchError(said, code="unexpected-dialog")
    said = _("A dialog ({kind}) came that the definition does not expect.", kind=kind)
    if kind == "alert":  # most often a page's own check of what was typed
        return TargetRefusedError(said, code="unexpected-dialog")
    return PageMismatchError(said, code="unexpected-dialog")
