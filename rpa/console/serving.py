"""The console behind a port, until it is told to end."""

import socket
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from rpa.console.app import console_app
from rpa.console.gate.limits import (
    CONNECTIONS_EACH,
    PATIENT,
    GateLimits,
    Pacing,
    connections_here,
)
from rpa.console.gate.server import GatedServer
from rpa.domain.errors import SetupError, ToolUnavailableError
from rpa.i18n import _
from rpa.steps.desk import Desk

STOP_S = 10


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the console listens, and how."""

    host: str
    port: int
    """0 takes a free one."""
    proxies: tuple[str, ...] = ()
    """Reverse proxies whose word on the visitor's address and scheme is taken."""
    certfile: Path | None = None
    keyfile: Path | None = None
    connections: int | None = None
    """At most so many at once; None as many as descriptors suffice for."""
    connections_each: int = CONNECTIONS_EACH
    """At most so many from one address at once; an IPv6 address counts as its /64."""
    pacing: Pacing = PATIENT


def listening_socket(at: Listening) -> socket.socket:
    """Take the port.

    Raises:
        ToolUnavailableError: Something else listens there, or the address is not this machine's.
    """
    try:
        kind, _type, _protocol, _name, address = socket.getaddrinfo(
            at.host, at.port, type=socket.SOCK_STREAM
        )[0]
        taken = socket.create_server(address[:2], family=kind)
    except OSError as error:
        raise ToolUnavailableError(
            _(
                "The console cannot listen on {host}:{port}: {cause}.",
                host=at.host,
                port=at.port,
                cause=error.strerror or type(error).__name__,
            ),
            code="console-port",
        ) from error
    return taken


def server_of(desk: Desk, at: Listening) -> GatedServer:
    """Return the server, not started yet.

    It keeps no access log: addresses of visitors are personal information. Of requests that are
    none it says nothing, or anybody could fill the log.

    Raises:
        SetupError: The certificate or its key can't be used.
    """
    config = uvicorn.Config(
        console_app(desk),
        proxy_headers=bool(at.proxies),
        forwarded_allow_ips=list(at.proxies),
        ssl_certfile=at.certfile,
        ssl_keyfile=at.keyfile,
        access_log=False,
        log_level="error",
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=STOP_S,
        timeout_keep_alive=at.pacing.idle_s,
    )
    try:
        config.load()
    except OSError as error:  # a certificate that doesn't fit its key is one, too
        raise SetupError(
            _(
                "Certificate {certfile} and key {keyfile} cannot be used: {cause}.",
                certfile=at.certfile,
                keyfile=at.keyfile,
                cause=error.strerror or type(error).__name__,
            ),
            code="console-https",
        ) from error
    limits = GateLimits(
        connections=connections_here(at.connections),
        each=at.connections_each,
        proxies=at.proxies,
        pacing=at.pacing,
    )
    return GatedServer(config, limits)
