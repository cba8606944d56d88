"""What a visitor is told for whom there is no room."""

from typing import Final

from rpa.i18n import Language, _, speaking

RETRY_AFTER_S: Final = 10


def _said(language: Language) -> str:
    with speaking(language):
        return _("Too many connections at once. Nothing was done. Try again in a few seconds.")


def _busy() -> bytes:
    body = f"{_said('fr')}\n\n{_said('en')}\n".encode()
    head = (
        "HTTP/1.1 503 Service Unavailable\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"Retry-After: {RETRY_AFTER_S}\r\n"
        "Cache-Control: no-store\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + body


BUSY: Final = _busy()
"""The whole answer, made before it is needed: there may be no means left to make one."""
