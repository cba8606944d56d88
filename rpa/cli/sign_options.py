"""The options of ``rpa sign``, and of ``rpa seal`` where they are the same, with their help."""

from pathlib import Path
from typing import Annotated

import typer

from rpa.domain.signature_level import SignatureLevel
from rpa.i18n import _

Pdfs = Annotated[list[Path], typer.Argument(metavar="PDF…", help=_("The PDFs."))]
CredentialName = Annotated[str | None, typer.Option(help=_("Name of the credential in rpa.yaml."))]
KeyFile = Annotated[
    Path | None, typer.Option(help=_("A PKCS#12 file, instead of a home's credential."))
]
Passphrase = Annotated[
    str, typer.Option(help=_("Where the key's passphrase is: env:NAME, file:PATH or ask."))
]
Authority = Annotated[
    str | None, typer.Option("--tsa", help=_("Address of the time-stamping authority."))
]
Roots = Annotated[
    list[Path] | None, typer.Option(help=_("A trusted root certificate; may be repeated."))
]
Level = Annotated[
    SignatureLevel | None,
    typer.Option(help=_("PAdES level; else B-T with a time-stamping authority, B-B without.")),
]
FieldName = Annotated[str, typer.Option(help=_("An empty signature field, or a new one's name."))]
Reason = Annotated[str, typer.Option(help=_("Why it is signed."))]
Location = Annotated[str, typer.Option(help=_("Where it is signed."))]
RoleName = Annotated[str, typer.Option(help=_("In what quality the signer signs."))]
Page = Annotated[int, typer.Option(help=_("The page of a new field; -1 is the last."))]
Box = Annotated[str | None, typer.Option(help=_("Its box in points: LEFT,BOTTOM,RIGHT,TOP."))]
Visible = Annotated[
    bool, typer.Option("--visible/--invisible", help=_("Draw the signature on its page."))
]
Certify = Annotated[
    bool, typer.Option("--certify", help=_("Allow only form filling and signing later."))
]
VerifyUrl = Annotated[str | None, typer.Option("--verify-url", help=_("What the QR code holds."))]
PasswordReference = Annotated[
    str | None, typer.Option(help=_("Opens encrypted PDFs: env:NAME or file:PATH."))
]
Wait = Annotated[bool, typer.Option("--wait", help=_("Sign nothing rather than lower the level."))]
Out = Annotated[
    Path | None, typer.Option("--out", help=_("File or folder to write; else NAME-signed.pdf."))
]
Force = Annotated[
    bool, typer.Option("--force", help=_("Write over files that are there, save the input."))
]
DrawnLanguage = Annotated[
    str | None, typer.Option("--lang", help=_("Language of what is drawn: fr or en."))
]
JsonLines = Annotated[
    bool, typer.Option("--json", help=_("Print one JSON object a line, one line a file."))
]
