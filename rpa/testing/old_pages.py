"""A small server of pages for tests, which keeps what is posted to it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl


class Pages(ThreadingHTTPServer):
    """Serves pages by path, over connections that are kept alive."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.pages: dict[str, str] = {}
        self.posted: list[dict[str, str]] = []
        """What came by POST, oldest first."""

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.server_port}"


class _Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Pages

    def do_GET(self) -> None:
        """Answer with the page of the path, whatever the query."""
        body = self.server.pages.get(self.path.partition("?")[0], "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """Keep what was posted, and answer with the page."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.posted.append(dict(parse_qsl(body)))
        self.do_GET()

    def log_message(self, *_arguments: object) -> None:
        """Stay quiet."""


@contextmanager
def serving(**pages: str) -> Iterator[Pages]:
    """Serve ``pages`` by name until the block ends; ``form`` stands at ``/form``."""
    with Pages() as server:
        server.pages = {f"/{name}": body for name, body in pages.items()}
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
