"""A threaded server that does not write a line for each request."""

from io import BytesIO

from werkzeug import Response
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from guichet.application import Application


class QuietHandler(WSGIRequestHandler):
    """Serves without an access log, each request on a connection of its own."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


class LastingHandler(QuietHandler):
    """Keeps connections alive, as older servers do.

    A connection that was used before and breaks makes Chromium send its request again, a POST too.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        """Answer one request; werkzeug's own way closes the connection each time."""
        environ = self.make_environ()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        environ["wsgi.input"] = BytesIO(body)
        try:
            self._send(Response.from_app(self.server.app, environ))
        except ConnectionError:
            self.close_connection = True

    def _send(self, response: Response) -> None:
        self.send_response(response.status_code)
        for name, value in response.headers.items():
            self.send_header(name, value)
        promised = response.content_length
        if promised is None:
            self.send_header("Connection", "close")
        self.end_headers()
        sent = 0
        for piece in response.iter_encoded():
            self.wfile.write(piece)
            sent += len(piece)
        self.close_connection = self.close_connection or sent != promised


def serving(
    application: Application, *, host: str, port: int, keeps_alive: bool = False
) -> BaseWSGIServer:
    """Return a server for ``application``; port 0 takes a free one (see its ``port``)."""
    handler = LastingHandler if keeps_alive else QuietHandler
    return make_server(host, port, application, threaded=True, request_handler=handler)
