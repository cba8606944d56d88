"""A clerk without a browser: sends forms to the example legacy application as a browser would."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from typing import Final
from urllib.parse import urlencode

import httpx

from rpa.testing.legacy import Legacy

BOUNDARY: Final = "----guichet"
_STATE: Final = re.compile(r'name="__VIEWSTATE" value="([^"]*)"')


class Clerk:
    """One log-in, and the state of the page that was shown last."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self.state = ""
        """The hidden page state, empty where the last page had none."""

    def log_in(self, password: str = "papier") -> httpx.Response:  # noqa: S107
        """Send user and password; returns the page that comes of it."""
        return self.post("/ouverture", {"USAGER": "commis", "MDP": password})

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Open a page."""
        return self._seen(self._client.get(path, headers=headers))

    def post(self, path: str, fields: Mapping[str, str]) -> httpx.Response:
        """Send a urlencoded form, with nothing but ``fields``."""
        body = urlencode(fields, encoding="cp1252", errors="xmlcharrefreplace")
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._seen(self._client.post(path, content=body, headers=headers))

    def post_back(
        self,
        path: str,
        fields: Mapping[str, str],
        *,
        target: str = "",
        argument: str = "",
        file: tuple[str, bytes] | None = None,
    ) -> httpx.Response:
        """Send a form in parts with the page state, as ``__doPostBack`` does.

        ``file`` is a name and a content; without it, the file field is sent empty.
        """
        hidden = {
            "__EVENTTARGET": target,
            "__EVENTARGUMENT": argument,
            "__VIEWSTATE": self.state,
        }
        body = _parts({**hidden, **fields}, *(file or ("", b"")))
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self._seen(self._client.post(path, content=body, headers=headers))

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        found = _STATE.search(answer.text)
        self.state = unescape(found[1]) if found else ""
        return answer


@contextmanager
def clerk_at(legacy: Legacy, *, basic: tuple[str, str] | None = None) -> Iterator[Clerk]:
    """Return a clerk who has yet to log in; ``basic`` is what HTTP Basic asks for."""
    with httpx.Client(
        base_url=legacy.url, auth=basic, timeout=9, follow_redirects=True, trust_env=False
    ) as client:
        yield Clerk(client)


def _parts(fields: Mapping[str, str], file_name: str, content: bytes) -> bytes:
    head = 'Content-Disposition: form-data; name="{}"'
    parts = [
        f"--{BOUNDARY}\r\n{head.format(name)}\r\n\r\n{value}\r\n" for name, value in fields.items()
    ]
    file_head = f'{head.format("ctl00$F1")}; filename="{file_name}"\r\nContent-Type: x/y\r\n\r\n'
    text = "".join(parts) + f"--{BOUNDARY}\r\n{file_head}"
    return text.encode("cp1252", "xmlcharrefreplace") + content + f"\r\n--{BOUNDARY}--\r\n".encode()
