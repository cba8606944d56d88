"""An issuer of access tokens (OAuth 2) on loopback: grants them, tells servers whose they are."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final
from urllib.parse import parse_qs

CLIENT: Final = "application-1"
CLIENT_SECRET: Final = "sésame & clé"  # noqa: S105 - of this test's issuer
REFRESH: Final = "1//rafraîchir"


class Issuer:
    """What it has granted; ``status`` and ``is_broken`` are ways to fail."""

    def __init__(self, user: str) -> None:
        """Grant tokens for the mailbox of ``user``."""
        self.user = user
        self.granted: list[str] = []
        self.asked: list[dict[str, str]] = []
        self.revoked: set[str] = set()
        self.lasts_s = 3600
        self.status = 200
        """Answered to whoever asks for a token, unless 200."""
        self.is_broken = False
        """Answers what is no JSON."""
        self.url = ""

    def token_answer(self, form: dict[str, str]) -> tuple[int, bytes]:
        """Grant a token to a known application with a known right."""
        self.asked.append(form)
        if self.is_broken:
            return 200, b"<html>"
        if self.status != 200:
            return self.status, json.dumps({"error": "temporarily_unavailable"}).encode()
        if form.get("client_id") != CLIENT:
            return 401, b'{"error": "invalid_client"}'
        by_refresh = form.get("grant_type") == "refresh_token"
        right, known = (
            (form.get("refresh_token"), REFRESH)
            if by_refresh
            else (form.get("client_secret"), CLIENT_SECRET)
        )
        if right != known:
            return 400, b'{"error": "invalid_grant"}'
        self.granted.append(f"token-{len(self.granted) + 1}")
        told = {"access_token": self.granted[-1], "expires_in": self.lasts_s}
        return 200, json.dumps(told).encode()

    def introspected(self, token: str) -> bytes:
        """Say whether a token is good, and whose."""
        good = token in self.granted and token not in self.revoked
        return json.dumps({"active": good, "username": self.user}).encode()


@contextmanager
def running_issuer(user: str) -> Iterator[Issuer]:
    """Run an issuer; it ends with the block."""
    issuer = Issuer(user)

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            told = parse_qs(self.rfile.read(length).decode())
            form = {name: values[0] for name, values in told.items()}
            status, body = (
                issuer.token_answer(form)
                if self.path == "/token"
                else (200, issuer.introspected(form.get("token", "")))
            )
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        issuer.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield issuer
        finally:
            server.shutdown()
            thread.join()
