"""One Chromium for one call, closed whatever happens."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from rpa.bots.adapters.tunnel import Tunnel
from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _

FLAGS: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-http2",  # its lost connections are tried again, whatever was sent
    "--disable-gpu",
)


@contextmanager
def chromium(executable: Path | None, *, headless: bool, tunnel: Tunnel) -> Iterator[Browser]:
    """Give a new Chromium that reaches the world by ``tunnel`` only; it is gone at the end.

    Raises:
        ToolUnavailableError: There is no Chromium, or it does not start.
    """
    if executable is not None and not executable.is_file():
        raise ToolUnavailableError(
            _("The browser {path} is missing: install Chromium.", path=executable), code="browser"
        )
    with _driver() as driver:
        browser = _launched(driver, executable, headless=headless, tunnel=tunnel)
        try:
            yield browser
        finally:
            with suppress(PlaywrightError):
                browser.close()


@contextmanager
def _driver() -> Iterator[Playwright]:
    manager = sync_playwright()
    try:
        driver = manager.start()
    except (PlaywrightError, OSError) as exc:
        raise ToolUnavailableError(
            _("Playwright does not start: {problem}", problem=first_line(exc)), code="browser"
        ) from exc
    try:
        yield driver
    finally:
        with suppress(PlaywrightError):
            driver.stop()


def _launched(
    driver: Playwright, executable: Path | None, *, headless: bool, tunnel: Tunnel
) -> Browser:
    try:
        return driver.chromium.launch(
            executable_path=executable,
            headless=headless,
            chromium_sandbox=os.geteuid() != 0,  # Chromium's sandbox refuses to run as root
            args=[*FLAGS],
            proxy={"server": tunnel.url, "bypass": "<-loopback>"},
        )
    except PlaywrightError as exc:
        raise ToolUnavailableError(
            _("The browser does not start: {problem}", problem=first_line(exc)), code="browser"
        ) from exc


def first_line(error: Exception) -> str:
    """Return the first line of a tool's message; the others hold logs of what was typed."""
    return str(error).strip().partition("\n")[0]
