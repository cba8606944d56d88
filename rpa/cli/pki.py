"""``rpa pki``: the development PKI, for trying out; never for real signatures."""

from pathlib import Path
from typing import Annotated

import typer
from rich.panel import Panel

from rpa.bootstrap.development import (
    SIGNERS,
    ListedCertificate,
    development_address,
    development_list,
    development_pki,
    has_development_pki,
    revoke_in_development,
    serve_development_pki,
)
from rpa.cli.output import AsJson, complain, print_json, print_table, say
from rpa.cli.session import Home, settings_of
from rpa.cli.terminal import errors
from rpa.i18n import _

app = typer.Typer(no_args_is_help=True)

Folder = Annotated[
    Path | None, typer.Argument(metavar="[FOLDER]", help=_("Its folder; else the home's."))
]
Port = Annotated[int, typer.Option(min=1, max=65535, help=_("Port on 127.0.0.1."))]


@app.command("create", help=_("Make roots, seals, signers, OCSP, lists and time to try with."))
def create(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=_("Where to make it."))],
    *,
    base_url: Annotated[
        str, typer.Option(help=_("Where it will be served, as its certificates say."))
    ] = "http://127.0.0.1:8318",
    names: Annotated[
        list[str] | None,
        typer.Option("--names", help=_("A person to make a certificate for; may be repeated.")),
    ] = None,
) -> None:
    """Make a development PKI; one that is there is left as it is."""
    is_new = not has_development_pki(folder)
    root = development_pki(folder, base_url=base_url, names=names or SIGNERS)
    _warn()
    _print(development_list(folder))
    if is_new:
        say(_("Made in {folder}. Root certificate: {root}.", folder=folder, root=root))
    else:
        say(_("It was there already, and was left as it is: {folder}.", folder=folder))
    say(_("Serve it with `rpa pki serve {folder}`.", folder=folder))


@app.command("serve", help=_("Serve its time, OCSP and lists on loopback until interrupted."))
def serve(folder: Folder = None, *, port: Port = 8318, home: Home = None) -> None:
    """Serve a development PKI."""
    place = _place(folder, home)
    address = f"http://127.0.0.1:{port}"
    named = development_address(place)
    if named is not None and named.rstrip("/") != address:
        complain(
            _(
                "Its certificates look for OCSP and lists at {named}: only timestamps will be "
                "found here.",
                named=named,
            )
        )
    say(_("Development PKI on http://127.0.0.1:{port}/tsa. Stop with Ctrl-C.", port=port))
    serve_development_pki(place, port=port)


@app.command("list", help=_("List its certificates, and whether they are good."))
def listing(folder: Folder = None, *, home: Home = None, as_json: AsJson = False) -> None:
    """List the certificates of a development PKI."""
    found = development_list(_place(folder, home))
    if as_json:
        print_json([_facts(one) for one in found])
        return
    _print(found)


@app.command("revoke", help=_("Revoke one of its signing certificates."))
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("As `rpa pki list` names it."))],
    folder: Folder = None,
    *,
    home: Home = None,
) -> None:
    """Revoke a certificate of a development PKI."""
    revoke_in_development(_place(folder, home), name)
    say(_("Revoked: {name}. A server that runs says so from now on.", name=name))


def _place(folder: Path | None, home: Path | None) -> Path:
    return folder or settings_of(home).path("pki")


def _warn() -> None:
    text = _(
        "FOR DEVELOPMENT ONLY. Anybody who reads this folder can sign in everybody's name: these "
        "signatures bind nobody and prove nothing. Never trust this root where documents matter."
    )
    errors.print(Panel(text, style="bold red", title="!"))


def _print(found: tuple[ListedCertificate, ...]) -> None:
    words = {"good": _("good"), "revoked": _("revoked"), "expired": _("expired")}
    rows = [
        (one.name, one.common_name, one.not_after.date().isoformat(), words[one.standing])
        for one in found
    ]
    print_table((_("Name"), _("In the certificate"), _("Good until"), _("Standing")), rows)


def _facts(one: ListedCertificate) -> dict[str, object]:
    return {
        "name": one.name,
        "common_name": one.common_name,
        "not_after": one.not_after.isoformat(),
        "standing": one.standing.value,
        "is_authority": one.is_authority,
    }
