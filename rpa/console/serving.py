"""The console behind a port, until it is told to end."""

from dataclasses import dataclass
from pathlib import Path

import uvicorn

from rpa.console.app import console_app
from rpa.steps.desk import Desk

STOP_S = 10


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the console listens, and how."""

    host: str
    port: int
    proxies: tuple[str, ...] = ()
    """Reverse proxies whose word on the visitor's address and scheme is taken."""
    certfile: Path | None = None
    keyfile: Path | None = None


def server_of(desk: Desk, at: Listening) -> uvicorn.Server:
    """Return the server, not started yet.

    It keeps no access log: addresses of visitors are personal information.
    """
    config = uvicorn.Config(
        console_app(desk),
        host=at.host,
        port=at.port,
        proxy_headers=bool(at.proxies),
        forwarded_allow_ips=list(at.proxies),
        ssl_certfile=at.certfile,
        ssl_keyfile=at.keyfile,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=STOP_S,
    )
    return uvicorn.Server(config)
