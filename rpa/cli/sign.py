"""``rpa sign``: any PDF, signed outside a case."""

from pathlib import Path
from typing import Annotated

import typer

from rpa.cli.output import say
from rpa.cli.rooms import tools_of
from rpa.cli.session import Home
from rpa.domain.errors import NotFoundError
from rpa.domain.signature import SignatureLevel
from rpa.i18n import _
from rpa.signing.api import SigningRequest

Pdf = Annotated[Path, typer.Argument(metavar="PDF", help=_("The PDF."))]


def sign(
    pdf: Pdf,
    *,
    credential: Annotated[str, typer.Option(help=_("Name of the credential in rpa.yaml."))],
    out: Annotated[
        Path | None, typer.Option("--out", help=_("Where to write; else NAME-signed.pdf."))
    ] = None,
    level: Annotated[SignatureLevel, typer.Option(help=_("PAdES level."))] = SignatureLevel.B_T,
    field: Annotated[str, typer.Option(help=_("Name of the signature field."))] = "Signature1",
    reason: Annotated[str, typer.Option(help=_("Why it is signed."))] = "",
    home: Home = None,
) -> None:
    """Sign a PDF."""
    tools = tools_of(home)
    signed = tools.signer.sign(
        SigningRequest(
            pdf=_read(pdf),
            credential=tools.credential(credential),
            field=field,
            level=level,
            reason=reason,
            location=tools.organization,
            signed_at=tools.now().astimezone(tools.timezone),
            language=tools.language,
        )
    )
    target = out or pdf.with_name(f"{pdf.stem}-signed.pdf")
    target.write_bytes(signed.pdf)
    say(_("Signed: {file}", file=target))


def _read(pdf: Path) -> bytes:
    try:
        return pdf.read_bytes()
    except OSError as error:
        raise NotFoundError(
            _("{file} cannot be read: {cause}.", file=pdf, cause=error.strerror)
        ) from error
