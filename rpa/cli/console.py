"""``rpa console``: the web application for signers, and verification for anybody."""

from pathlib import Path
from typing import Annotated

import typer

from rpa.bootstrap.console import open_console
from rpa.cli.output import say
from rpa.cli.session import Home, settings_of
from rpa.console.serving import Listening, listening_socket, server_of
from rpa.domain.addresses import is_loopback
from rpa.domain.errors import SetupError
from rpa.i18n import _


def console(
    *,
    host: Annotated[str, typer.Option(help=_("Address to listen on."))] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help=_("Port to listen on."))] = 8080,
    certfile: Annotated[
        Path | None, typer.Option(help=_("Certificate chain (PEM) for HTTPS; else rpa.yaml's."))
    ] = None,
    keyfile: Annotated[Path | None, typer.Option(help=_("Its key (PEM); else rpa.yaml's."))] = None,
    home: Home = None,
) -> None:
    """Serve the console until interrupted."""
    settings = settings_of(home)
    said = settings.console
    at = Listening(
        host,
        port,
        said.proxies,
        certfile or said.certfile,
        keyfile or said.keyfile,
        connections=said.connections,
        connections_each=said.connections_each,
    )
    if (at.certfile is None) != (at.keyfile is None):
        raise SetupError(_("--certfile and --keyfile go together."), code="console-https")
    if at.certfile is None and not said.proxies and not is_loopback(host):
        raise SetupError(
            _(
                "Passwords would cross the network in the clear. Listen on 127.0.0.1 behind a "
                "reverse proxy (console.proxies in rpa.yaml), or give --certfile and --keyfile."
            ),
            code="console-https",
        )
    scheme = "https" if at.certfile else "http"
    with listening_socket(at) as taken:
        desk = open_console(settings, address=f"{scheme}://{host}:{port}")
        server = server_of(desk, at)
        say(_("The console answers on {url}. Stop with Ctrl-C.", url=desk.address))
        server.run(sockets=[taken])
