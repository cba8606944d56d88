"""Filling in an application's set-up pages by plain HTTP: read a form, change values, send it."""

from collections.abc import Mapping
from html.parser import HTMLParser

import httpx


class FormReader(HTMLParser):
    """The forms of one page, with the values that a browser would send."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._select = ""
        self._text: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a form, or a field of the last one."""
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((has.get("action", ""), {}))
        elif tag == "select":
            self._select = has.get("name", "")
        elif tag == "option" and self._select and self.forms:
            values = self.forms[-1][1]
            if "selected" in has or self._select not in values:
                values[self._select] = has.get("value", "")
        elif tag == "input" and has.get("name") and self.forms:
            self._input(has)
        elif tag == "textarea" and self.forms:
            self.forms[-1][1].setdefault(has.get("name", ""), "")

    def _input(self, has: Mapping[str, str]) -> None:
        kind = has.get("type", "text").lower()
        chosen = kind not in {"submit", "button", "image", "reset", "checkbox", "radio"}
        if chosen or "checked" in has:
            self.forms[-1][1][has["name"]] = has.get("value", "on" if "checked" in has else "")


class Visitor:
    """One person's way through an application, cookies kept."""

    def __init__(self, url: str) -> None:
        """Begin at the application's address."""
        agent = {"User-Agent": "Mozilla/5.0"}  # some ask it, and behave otherwise without
        self._client = httpx.Client(
            base_url=url, timeout=120, follow_redirects=True, headers=agent, trust_env=False
        )
        self.page = ""
        self.url = url

    def __enter__(self) -> "Visitor":
        """Go."""
        return self

    def __exit__(self, *_exc: object) -> None:
        """Close the connections."""
        self._client.close()

    def open(self, page: str, /, **query: str) -> str:
        """Open a page; returns its text."""
        return self._took(self._client.get(page, params=query or None))

    def submit(self, values: Mapping[str, str], *, form: int = 0) -> str:
        """Send a form of the page with these values; returns the next page's text."""
        action, known = FormReader(self.page).forms[form]
        target = httpx.URL(self.url).join(action) if action else self.url
        return self._took(self._client.post(target, data={**known, **values}))

    def _took(self, answer: httpx.Response) -> str:
        answer.raise_for_status()
        self.page, self.url = answer.text, str(answer.url)
        return self.page
