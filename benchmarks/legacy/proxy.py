"""A proxy in front of an application that does to requests what networks do, on command.

    python -m benchmarks.legacy.proxy --port P --application-port Q [--control C] [--rules FILE]
        [--log FILE]

It passes everything on unchanged (the Host header too, so that an application that builds its
addresses from it goes on naming the proxy), but for the requests that a rule fits: see
``proxy_rules``. Rules are a JSON list; ``--control`` is a port where ``PUT /rules`` takes a new one
and ``GET /log`` returns what was done. The log has a line for each POST (or other request that a
rule fitted): when, method, path, what was done, the application's status. It holds no bodies and no
queries.
"""

import argparse
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any

from benchmarks.legacy.http_messages import Message, read_answer, read_request
from benchmarks.legacy.programs import free_port
from benchmarks.legacy.proxy_rules import Deed, Rule, Rules

TIMEOUT_S = 300


def _page(status: str) -> bytes:
    text = f"<h1>{status}</h1>"
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(text)}"
    return f"{head}\r\nConnection: close\r\n\r\n{text}".encode()


TIMED_OUT, REFUSED = _page("504 Gateway Time-out"), _page("503 Service Unavailable")


class CutError(Exception):
    """The client's connection ends here."""


class Witness:
    """Told of every request at three moments, in its connection's thread, and may hold it there.

    A :class:`CutError` ends the connection. ``port`` is the client's end of the connection.
    """

    def arrived(self, request: Message, port: int) -> Rule | None:
        """See a request that the application has not got yet; may say what is done to it."""

    def answered(self, request: Message, port: int) -> None:
        """See that the application has answered, which the client does not know yet."""

    def passed(self, request: Message, port: int) -> None:
        """See that the answer was passed on."""


class Proxy(ThreadingTCPServer):
    """The proxy; may be told new rules while it runs."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, port: int, application_port: int, log: Path | None = None) -> None:
        """Listen on ``port`` of loopback; pass on to ``application_port``."""
        super().__init__(("127.0.0.1", port), _Client)
        self.port, self.application_port = port, application_port
        self.rules, self._log, self._lock = Rules(), log, threading.Lock()
        self.witness = Witness()
        self.done: list[dict[str, Any]] = []

    def note(self, request: Message, rule: Rule, status: str) -> None:
        """Put one request down."""
        method, target = request.start[:2]
        if method != "POST" and rule.do is Deed.PASS:
            return
        line = {
            "at": round(time.time(), 3), "method": method, "path": target.partition("?")[0],
            "did": rule.do.value, "status": status,
        }  # fmt: skip
        with self._lock:
            self.done.append(line)
            if self._log is not None:
                with self._log.open("a") as file:
                    file.write(json.dumps(line) + "\n")

    def counted(self) -> dict[str, int]:
        """Return how often each deed was done."""
        with self._lock:
            return dict(Counter(line["did"] for line in self.done))


class _Client(BaseRequestHandler):
    """One connection of a browser; it may carry many requests."""

    server: Proxy

    def handle(self) -> None:
        """Answer one request after the other until one side closes."""
        client: socket.socket = self.request
        client.settimeout(TIMEOUT_S)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError, EOFError, CutError):
            while (request := read_request(client)) is not None:
                if not self._answered(client, request):
                    return

    def _answered(self, client: socket.socket, request: Message) -> bool:
        """Do to one request what its rule says; return whether the connection goes on."""
        method, path = request.start[:2]
        witness, port = self.server.witness, self.client_address[1]
        rule = witness.arrived(request, port)
        rule = rule or self.server.rules.choose(method, path, request.body)
        if rule.do is Deed.PASS:
            answer = self._passed(request, rule)
            witness.answered(request, port)
            client.sendall(answer.for_client(keep=answer.is_framed))
            witness.passed(request, port)
            return answer.is_framed
        _DEEDS[rule.do](self, client, request, rule)
        return False

    def _passed(self, request: Message, rule: Rule, wait_s: float = 0) -> Message:
        """Give a request to the application; return its answer."""
        time.sleep(wait_s)
        try:
            target = ("127.0.0.1", self.server.application_port)
            with closing(socket.create_connection(target, TIMEOUT_S)) as application:
                application.sendall(request.without_keep_alive())
                answer = read_answer(application, request.start[0])
        except (OSError, EOFError):
            answer = Message(_page("502 Bad Gateway"), b"", is_framed=False)
        self.server.note(request, rule, answer.start[1])
        return answer

    def _beside(self, request: Message, rule: Rule, wait_s: float = 0) -> threading.Thread:
        """Give a request to the application in a thread, whose answer nobody waits for."""
        thread = threading.Thread(target=self._passed, args=(request, rule, wait_s), daemon=True)
        thread.start()
        return thread

    def cut_before(self, _client: socket.socket, request: Message, rule: Rule) -> None:
        """Cut; the application sees nothing."""
        self.server.note(request, rule, "-")

    def cut_after(self, _client: socket.socket, request: Message, rule: Rule) -> None:
        """Cut when the application has answered, or after a time."""
        self._beside(request, rule).join(rule.after_s)

    def cut_within(self, client: socket.socket, request: Message, rule: Rule) -> None:
        """Cut in the middle of the answer."""
        data = self._passed(request, rule).for_client(keep=False)
        client.sendall(data[: len(data) // 2])

    def delay(self, client: socket.socket, request: Message, rule: Rule) -> None:
        """Answer late."""
        answer = self._passed(request, rule)
        time.sleep(rule.after_s or 0)
        client.sendall(answer.for_client(keep=False))

    def time_out(self, client: socket.socket, request: Message, rule: Rule) -> None:
        """Say 504 while the application works on."""
        self._beside(request, rule)
        time.sleep(rule.after_s or 0)
        client.sendall(TIMED_OUT)

    def late(self, _client: socket.socket, request: Message, rule: Rule) -> None:
        """Cut now; the application gets it later."""
        self._beside(request, rule, rule.after_s or 0)

    def refuse(self, client: socket.socket, request: Message, rule: Rule) -> None:
        """Say 503; the application sees nothing."""
        self.server.note(request, rule, "-")
        client.sendall(REFUSED)


_DEEDS = {
    Deed.CUT_BEFORE: _Client.cut_before,
    Deed.CUT_AFTER: _Client.cut_after,
    Deed.CUT_WITHIN: _Client.cut_within,
    Deed.DELAY: _Client.delay,
    Deed.GATEWAY_TIMEOUT: _Client.time_out,
    Deed.LATE: _Client.late,
    Deed.REFUSE: _Client.refuse,
}


@contextmanager
def running_proxy(
    application_port: int,
    port: int | None = None,
    *,
    rules: Sequence[Rule | Mapping[str, Any]] = (),
    log: Path | None = None,
) -> Iterator[Proxy]:
    """Run a proxy in a thread until the block ends."""
    with Proxy(port or free_port(), application_port, log) as proxy:
        proxy.rules.replace(rules)
        thread = threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()


class _Control(BaseHTTPRequestHandler):
    """The port where a proxy is told what to do."""

    proxy: Proxy

    def do_PUT(self) -> None:
        """Take new rules."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            self.proxy.rules.replace(json.loads(body))
        except (ValueError, KeyError, TypeError) as exc:
            self._say(400, {"error": str(exc)})
        else:
            self._say(200, {"rules": len(self.proxy.rules.known)})

    def do_GET(self) -> None:
        """Say what was done."""
        self._say(200, {"counted": self.proxy.counted(), "log": self.proxy.done})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""

    def _say(self, status: int, what: object) -> None:
        data = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def main() -> None:
    """Run a proxy until a signal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--application-port", type=int, required=True)
    parser.add_argument("--control", type=int)
    parser.add_argument("--rules", type=Path)
    parser.add_argument("--log", type=Path)
    said = parser.parse_args()
    rules = json.loads(said.rules.read_text()) if said.rules else []
    with running_proxy(said.application_port, said.port, rules=rules, log=said.log) as proxy:
        control = type("Control", (_Control,), {"proxy": proxy})
        with ThreadingHTTPServer(("127.0.0.1", said.control or free_port()), control) as server:
            told = {"port": proxy.port, "control": server.server_address[1]}
            print(json.dumps(told), flush=True)
            server.serve_forever()


if __name__ == "__main__":
    main()
