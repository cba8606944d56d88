"""``rpa pki``: the development PKI, for trying out; never for real signatures."""

from typing import Annotated

import typer

from rpa.bootstrap.development import serve_development_pki
from rpa.cli.output import say
from rpa.cli.session import Home, settings_of
from rpa.i18n import _

app = typer.Typer(no_args_is_help=True, help=_("The development PKI: keys and time to try with."))


@app.command("serve", help=_("Serve its timestamp authority on loopback until interrupted."))
def serve(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help=_("Port on 127.0.0.1."))] = 8318,
    home: Home = None,
) -> None:
    """Serve the timestamp authority."""
    folder = settings_of(home).path("pki")
    say(_("Development PKI on http://127.0.0.1:{port}/tsa. Stop with Ctrl-C.", port=port))
    serve_development_pki(folder, port=port)
