"""One Chromium, kept from case to case, reached through a tunnel of its own."""

import os
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final

import psutil
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from rpa.bots.adapters.page_script import install, register_engine
from rpa.bots.adapters.tunnel import Tunnel, tunnel_to
from rpa.bots.api import Target
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
VIEWPORT: Final = {"width": 1280, "height": 1024}


class Chromium:
    """A running browser; nothing of it is left once it is closed."""

    def __init__(self, executable: Path | None, *, headless: bool, hosts: tuple[str, ...]) -> None:
        """Start it.

        Raises:
            ToolUnavailableError: There is no Chromium, or it does not start.
        """
        if executable is not None and not executable.is_file():
            raise ToolUnavailableError(
                _("The browser {path} is missing: install Chromium.", path=executable),
                code="browser",
            )
        self.hosts = hosts
        with ExitStack() as stack:
            self.tunnel: Tunnel = stack.enter_context(tunnel_to(hosts))
            before = _children()
            driver = _driver(stack)
            self._programs = tuple(_children() - before)
            self._browser = _launched(driver, executable, headless=headless, tunnel=self.tunnel)
            stack.callback(_quietly_closed, self._browser)
            self._open = stack.pop_all()

    @property
    def version(self) -> str:
        """The browser's name and version."""
        return f"Chromium {self._browser.version}"

    @property
    def is_alive(self) -> bool:
        """False once it died or was closed."""
        return self._browser.is_connected()

    def context(
        self, target: Target, *, language: str = "fr-CA", form_charset: str | None = None
    ) -> BrowserContext:
        """Open a window's worth of cookies and settings, with nothing of any earlier one."""
        settings = _settings(target, language)
        if target.client_certificate is not None:
            # Playwright speaks TLS itself then, and must be told to go through the tunnel, too.
            settings["proxy"] = {"server": self.tunnel.url}
        context = self._browser.new_context(**settings)
        context.set_default_timeout(target.timeout_s * 1000)
        install(context, form_charset=form_charset)
        return context

    def close(self) -> None:
        """End it; may be called twice."""
        with suppress(PlaywrightError):
            self._open.close()

    def kill(self) -> None:
        """End it at once, from any thread: whoever waits for it gets an error."""
        for program in self._programs:
            with suppress(psutil.Error):
                for child in program.children(recursive=True):
                    child.kill()


def _settings(target: Target, language: str) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "viewport": VIEWPORT,
        "locale": language,
        "accept_downloads": True,
        "service_workers": "block",
    }
    if target.http_basic:
        settings["http_credentials"] = {
            "username": target.username,
            "password": target.password,
            "origin": _origin(target.url),
        }
    certificate = target.client_certificate
    if certificate is not None:
        told: dict[str, object] = {"origin": _origin(target.url)}
        if certificate.key is None:
            told["pfxPath"] = certificate.certificate
        else:
            told |= {"certPath": certificate.certificate, "keyPath": certificate.key}
        if certificate.passphrase is not None:
            told["passphrase"] = certificate.passphrase
        settings["client_certificates"] = [told]
    return settings


def _origin(url: str) -> str:
    scheme, _colon, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def _children() -> set[psutil.Process]:
    return set(psutil.Process().children())


def _driver(stack: ExitStack) -> Playwright:
    manager = sync_playwright()
    try:
        driver = manager.start()
    except (PlaywrightError, OSError) as exc:
        raise ToolUnavailableError(
            _("Playwright does not start: {problem}", problem=first_line(exc)), code="browser"
        ) from exc
    stack.callback(_quietly_stopped, driver)
    register_engine(driver)
    return driver


def _quietly_stopped(driver: Playwright) -> None:
    with suppress(PlaywrightError):
        driver.stop()


def _quietly_closed(browser: Browser) -> None:
    with suppress(PlaywrightError):
        browser.close()


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
