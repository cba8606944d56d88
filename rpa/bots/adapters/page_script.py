"""The scripts that find, fill and read inside a page, and how they are called."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from playwright.sync_api import BrowserContext, Frame, Playwright
from playwright.sync_api import Error as PlaywrightError

from rpa.bots.acts import Check, Choose, Fill, Select, Upload
from rpa.bots.elements import NARROWING, WAYS, Element
from rpa.bots.templates import Texts

_FOLDER: Final = Path(__file__).parent
_LOCATING: Final = (_FOLDER / "locating.js").read_text(encoding="utf-8")
LIBRARY: Final = "\n".join(
    (_FOLDER / name).read_text(encoding="utf-8")
    for name in ("locating.js", "acting.js", "reading.js", "aiming.js")
)
_CALLED: Final = (
    "rpaRun, rpaKept, rpaSigns, rpaTexts, rpaWholeText, rpaHits, rpaPick, rpaCalendar, "
    "rpaClickInCalendar, rpaRows, rpaMissed, rpaCover, rpaSource, rpaUncover"
)
INSTALL: Final = f"""(() => {{
if (window.__rpa) return;
{LIBRARY}
Object.defineProperty(window, '__rpa', {{ value: {{ {_CALLED} }}, enumerable: false }});
}})()"""
_CHARSET: Final = """document.addEventListener('DOMContentLoaded', () => {
  for (const form of document.forms) form.acceptCharset = CHARSET;
})"""
_CONTROLS: Final = ((Fill, "text"), (Select, "list"), ((Check, Choose), "mark"), (Upload, "file"))
"""Steps that can only mean one kind of control."""
_CALL: Final = "([name, given]) => window.__rpa ? [window.__rpa[name](...given)] : null"
ENGINE: Final = f"""(() => {{
{_LOCATING}
const found = (root, told) => rpaLocate(root, JSON.parse(decodeURIComponent(told))).found;
return {{ query: (root, told) => found(root, told)[0] ?? null, queryAll: found }};
}})()"""


def register_engine(driver: Playwright) -> None:
    """Make Playwright find elements as the page script does, in a world of its own."""
    driver.selectors.register("rpa", script=ENGINE, content_script=True)


def install(context: BrowserContext, *, form_charset: str | None = None) -> None:
    """Have the script in every page from its start, and forms sent in ``form_charset``."""
    context.add_init_script(INSTALL)
    if form_charset is not None:
        context.add_init_script(_CHARSET.replace("CHARSET", json.dumps(form_charset)))


def call(frame: Frame, name: str, *given: Any) -> Any:
    """Call a function of the script in a frame.

    Raises:
        playwright.sync_api.Error: The page changed meanwhile, or is gone.
    """
    for _time in range(2):
        answer = frame.evaluate(_CALL, [name, list(given)])
        if answer is not None:
            return answer[0]
        frame.evaluate(INSTALL)
    return frame.evaluate(_CALL, [name, list(given)])[0]


def ask(frame: Frame, name: str, *given: Any) -> Any:
    """Call a function of the script in a page that may just be changing; None where it is."""
    try:
        return call(frame, name, *given)
    except PlaywrightError:
        return None


def spec_of(element: Element, texts: Texts) -> dict[str, Any]:
    """Return an element as the script wants it, placeholders filled."""
    spec: dict[str, Any] = {"any": [_told(one, texts) for one in element.alternatives()]}
    kind = next((kind for step, kind in _CONTROLS if isinstance(element, step)), None)
    return spec if kind is None else {**spec, "kind": kind}


def selector_of(spec: dict[str, Any]) -> str:
    """Return the selector by which Playwright finds what ``spec`` tells."""
    return "rpa=" + quote(json.dumps(spec, ensure_ascii=False), safe="")


def _told(element: Element, texts: Texts) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for way in (*WAYS, *NARROWING):
        text = getattr(element, way)
        if text is not None:
            told[way] = texts.text(text)
    if element.position is not None:
        told["position"] = element.position
    if element.hidden:
        told["hidden"] = True
    return told


def described_way(element: Element, used: int) -> str:
    """Return the alternative that was used, as written in the definition."""
    ways: Sequence[Element] = element.alternatives()
    return ways[min(used, len(ways) - 1)].described()
