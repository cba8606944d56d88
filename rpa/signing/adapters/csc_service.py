"""A remote signing service, spoken to by the CSC API, version 1.0.4."""

import json
import os
import re
import ssl
import time
from collections.abc import Mapping
from threading import Lock
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from rpa.domain.addresses import is_loopback
from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.signing.api import CscCredential

MAX_ANSWER_BYTES: Final = 2_000_000
WAIT_S: Final = 30.0
"""For a whole answer, a signature included: a service may ask its own modules first."""

_REFUSED: Final = {
    "invalid_pin": "remote-pin",
    "invalid_otp": "remote-code",
    "invalid_token": "remote-token",
}
_WORD: Final = re.compile(r"[a-z_]{1,40}")


class CscService:
    """Calls the API's methods; safe from several threads, and after a fork."""

    def __init__(self, credential: CscCredential) -> None:
        """Keep the address and the access token.

        Raises:
            ToolUnavailableError: The address is not safe, or ``ca_file`` cannot be read.
        """
        self._host = urlsplit(credential.url).hostname or ""
        self._credential = credential
        self._lock = Lock()
        self._owner = 0
        self._client = self._opened()

    def call(self, method: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Return the answer of ``method``, such as ``credentials/info``; an empty one is ``{}``.

        Raises:
            ToolUnavailableError: It does not answer, or refuses; its code says what it refuses:
                ``remote-pin``, ``remote-code``, ``remote-token``, ``remote-refused``.
        """
        try:
            status, content = self._asked(method, body)
            answer = _object(content, is_refusal=status >= 300)
        except (httpx.HTTPError, OSError, ValueError, RecursionError) as exc:
            raise _silent(self._host, type(exc).__name__) from exc
        if status >= 500:
            raise _silent(self._host, f"HTTP {status}")
        if status >= 300:
            raise _refusal(self._host, status, answer.get("error"))
        return answer

    def _asked(self, method: str, body: Mapping[str, object]) -> tuple[int, bytes]:
        until = time.monotonic() + WAIT_S
        with self._connected().stream("POST", method, json=body) as answer:
            content = b""
            for piece in answer.iter_bytes():
                content += piece
                if len(content) > MAX_ANSWER_BYTES or time.monotonic() > until:
                    raise httpx.ReadError("the answer is too long")
        return answer.status_code, content

    def _connected(self) -> httpx.Client:
        """Return the client of this process: a forked-off one must not share connections."""
        with self._lock:
            if self._owner != os.getpid():
                self._client = self._opened()
            return self._client

    def _opened(self) -> httpx.Client:
        said = self._credential
        address = urlsplit(said.url)
        if address.scheme != "https" and not is_loopback(self._host):
            raise ToolUnavailableError(
                _(
                    "The signing service {host} is not reached safely. "
                    "Its address must begin with https://.",
                    host=self._host,
                ),
                code="remote-address",
            )
        try:
            trust = ssl.create_default_context(cafile=said.ca_file)
        except (OSError, ssl.SSLError) as exc:
            raise ToolUnavailableError(
                _(
                    "The certificates that the signing service {host} is trusted by cannot be "
                    "read. Check ca_file.",
                    host=self._host,
                ),
                code="remote-address",
            ) from exc
        self._owner = os.getpid()
        return httpx.Client(
            base_url=said.url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {said.token}"},
            timeout=WAIT_S,
            verify=trust,
            # A redirection would carry the token elsewhere; a proxy is for others' addresses.
            follow_redirects=False,
            trust_env=not is_loopback(self._host),
        )


def _object(content: bytes, *, is_refusal: bool) -> dict[str, Any]:
    """Return the answer's members; a refusal may come without any, as gateways' pages do."""
    try:
        answer = json.loads(content) if content.strip() else {}
    except (ValueError, RecursionError):
        if is_refusal:
            return {}
        raise
    if isinstance(answer, dict):
        return answer
    raise ValueError("the answer is no object")


def _silent(host: str, fault: str) -> ToolUnavailableError:
    return ToolUnavailableError(
        _(
            "The signing service {host} gave no usable answer ({fault}). "
            "It is asked again later; check its address and the network.",
            host=host,
            fault=fault,
        ),
        code="remote-unavailable",
    )


def _refusal(host: str, status: int, error: object) -> ToolUnavailableError:
    # Only the error's name is told: a description may quote what was sent.
    said = error if isinstance(error, str) and _WORD.fullmatch(error) else f"HTTP {status}"
    code = "remote-token" if status in (401, 403) else _REFUSED.get(said, "remote-refused")
    advice = {
        "remote-pin": _("Correct the PIN behind its reference; it is not tried again as it is."),
        "remote-code": _("The one-time code is wrong or too old: ask for a new one."),
        "remote-token": _("Renew the access token behind its reference."),
    }
    return ToolUnavailableError(
        _(
            "The signing service {host} refuses ({fault}). {advice}",
            host=host,
            fault=said,
            advice=advice.get(code, _("Ask who runs it, or check the credential's settings.")),
        ),
        code=code,
    )
