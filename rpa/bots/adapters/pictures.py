"""Pictures of pages, with what must not be seen covered."""

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from playwright.sync_api import CDPSession, Page
from playwright.sync_api import Error as PlaywrightError

from rpa.bots.adapters.page_script import ask, call
from rpa.bots.adapters.session import Session
from rpa.bots.api import Exhibit
from rpa.bots.record import COVERED
from rpa.domain.document import MediaType

HIGHEST: Final = 16_000
"""Pixels of a page that are pictured at most."""


def picture(session: Session) -> bytes:
    """Return the whole page as PNG, passwords and sensitive values covered.

    Raises:
        playwright.sync_api.Error: The page is gone.
    """
    return _shot(session, session.page)


def _shot(session: Session, page: Page) -> bytes:
    with _covered(session, page):
        # Chromium's own command: Playwright's waits for fonts and asks every frame first.
        devtools: CDPSession = session.devtools(page)
        metrics = devtools.send("Page.getLayoutMetrics")
        clip = _beyond(metrics["cssContentSize"], metrics["cssLayoutViewport"])
        shot = devtools.send(
            "Page.captureScreenshot",
            {
                "format": "png",
                "optimizeForSpeed": True,
                **clip,
            },
        )
    return base64.b64decode(shot["data"])


def _beyond(page: dict[str, int], shown: dict[str, int]) -> dict[str, Any]:
    """Return how a page that is larger than what is shown of it is pictured as a whole."""
    if page["width"] <= shown["clientWidth"] and page["height"] <= shown["clientHeight"]:
        return {}
    size = {"width": page["width"], "height": min(page["height"], HIGHEST)}
    return {"captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "scale": 1, **size}}


@contextmanager
def _covered(session: Session, page: Page) -> Iterator[None]:
    """Cover what must not be seen, in every frame that can show it, while the picture is taken.

    A frame that cannot be covered is not pictured: the error goes to the caller.
    """
    secrets = list(session.job.secrets())
    if not secrets and not session.job.secret_specs and not session.is_logging_in:
        yield
        return
    frames = [frame for frame in page.frames if not frame.is_detached()]
    for frame in frames:
        call(frame, "rpaCover", secrets, session.job.secret_specs)
    try:
        yield
    finally:
        for frame in frames:
            ask(frame, "rpaUncover")


def failure(session: Session) -> Iterator[Exhibit]:
    """Yield what shows a failure: a picture, and the pages' source, covered, as far as it can."""
    with suppress(PlaywrightError):
        yield Exhibit("failure.png", MediaType.PNG, picture(session))
    yield Exhibit("trace.zip", MediaType.ZIP, _trace(session))


def _trace(session: Session) -> bytes:
    """Return the steps, the answers and each frame's source in a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as trace:
        trace.writestr("record.json", session.job.record.exhibit().content)
        addresses: list[dict[str, Any]] = []
        for number, frame in enumerate(session.page.frames):
            source = ask(frame, "rpaSource", list(session.job.secrets()), session.job.secret_specs)
            if source is None:
                continue
            name = f"frame-{number}.html"
            addresses.append({"file": name, "name": frame.name, "url": _bare(frame.url)})
            trace.writestr(name, _without_secrets(session, source))
        trace.writestr("frames.json", json.dumps(addresses, indent=1))
    return out.getvalue()


def _bare(url: str) -> str:
    return url.partition("?")[0]


def _without_secrets(session: Session, source: str) -> str:
    target = session.job.texts.request.target
    for secret in (target.password, *session.job.secrets()):
        if secret:
            source = source.replace(secret, COVERED)
    return source
