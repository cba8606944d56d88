"""Authorities over HTTP: asked again where they stumble, left alone a while where they are down.

One session a thread is kept, so that a connection serves thousands of questions.
"""

import time
from collections.abc import Callable, Sequence
from threading import Lock, local
from typing import Final, TypeVar

import requests

from rpa.domain.errors import ToolUnavailableError

MAX_ANSWER_BYTES: Final = 10_000_000
"""More than any honest timestamp, OCSP answer or revocation list of a signing authority."""
PAUSES_S: Final = (0.2, 1.0)
"""Waits before the second and third try."""
REST_S: Final = 15.0
"""How long an authority that failed every try is not asked again.

In bulk, each document would otherwise wait for the same time-outs anew.
"""

_PART_BYTES: Final = 65_536
_LONGEST: Final = 3
"""Time-outs that a whole answer may take."""

Answer = TypeVar("Answer")


class Line:
    """A line to authorities. Safe from several threads."""

    def __init__(
        self,
        *,
        timeout_s: float = 10.0,
        pauses_s: Sequence[float] = PAUSES_S,
        rest_s: float = REST_S,
    ) -> None:
        """Keep how long to wait for an answer, before asking again, and after giving up."""
        self._timeout_s = timeout_s
        self._pauses_s = tuple(pauses_s)
        self._rest_s = rest_s
        self._own = local()
        self._down: dict[str, tuple[float, ToolUnavailableError]] = {}
        self._lock = Lock()

    def asked(self, url: str, ask: Callable[[], Answer]) -> Answer:
        """Return what ``ask`` returns, asked again after a failure as often as makes sense.

        Raises:
            ToolUnavailableError: Every try failed, now or a moment ago; the last one's words.
        """
        with self._lock:
            until, fault = self._down.get(url, (0.0, None))
        if fault is not None and time.monotonic() < until:
            raise fault
        for pause in (*self._pauses_s, None):
            try:
                answer = ask()
            except ToolUnavailableError as exc:
                if pause is None:
                    with self._lock:
                        self._down[url] = (time.monotonic() + self._rest_s, exc)
                    raise
                time.sleep(pause)
            else:
                with self._lock:
                    self._down.pop(url, None)
                return answer
        raise AssertionError(url)

    def posted(self, url: str, content: bytes, *, kind: str, wanted: str) -> bytes:
        """Return the answer to ``content`` of media type ``kind``.

        Raises:
            requests.RequestException: No answer, a status that says no, or too long an answer.
        """
        headers = {"Content-Type": kind, "Accept": wanted}
        return self._read("POST", url, headers=headers, data=content)

    def fetched(self, url: str) -> bytes:
        """Return what stands at ``url``; raises as :meth:`posted`."""
        return self._read("GET", url)

    def _read(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        data: bytes | None = None,
    ) -> bytes:
        ends = time.monotonic() + _LONGEST * self._timeout_s
        with self._session().request(
            method, url, data=data, headers=headers, timeout=self._timeout_s, stream=True
        ) as answer:
            answer.raise_for_status()
            content = bytearray()
            for part in answer.iter_content(_PART_BYTES):
                content += part
                # The time-out is for each part: a drip of them must end, too.
                if time.monotonic() > ends:
                    raise requests.Timeout("the answer takes too long")
                if len(content) > MAX_ANSWER_BYTES:
                    raise requests.RequestException("the answer is too long")
        return bytes(content)

    def _session(self) -> requests.Session:
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
        found: requests.Session = self._own.session
        return found
