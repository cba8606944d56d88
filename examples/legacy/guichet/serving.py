"""A threaded server that does not write a line for each request."""

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from guichet.application import Application


class QuietHandler(WSGIRequestHandler):
    """Serves without an access log."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


def serving(application: Application, *, host: str, port: int) -> BaseWSGIServer:
    """Return a server for ``application``; port 0 takes a free one (see its ``port``)."""
    return make_server(host, port, application, threaded=True, request_handler=QuietHandler)
