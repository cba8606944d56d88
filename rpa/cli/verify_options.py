"""The options of ``rpa verify``."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rpa.domain.signature import RevocationRule
from rpa.i18n import _

Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help=_("PDFs, or folders of such."))]
Trusted = Annotated[
    list[Path] | None,
    typer.Option("--trust", help=_("A root certificate to trust; else those of the home.")),
]
TrustLists = Annotated[
    list[Path] | None,
    typer.Option("--trust-list", help=_("A trust list (ETSI TS 119 612) to trust by, XML.")),
]
ListSigners = Annotated[
    list[Path] | None,
    typer.Option("--trust-list-signer", help=_("The certificate that signs the trust list.")),
]
Lists = Annotated[
    list[Path] | None, typer.Option("--crl", help=_("A revocation list that you hold."))
]
Answers = Annotated[
    list[Path] | None, typer.Option("--ocsp", help=_("An OCSP answer that you hold, in DER."))
]
Rule = Annotated[
    RevocationRule | None,
    typer.Option(
        "--revocation",
        help=_("Whether a certificate passes of which nothing says if it was revoked."),
    ),
]
Passwords = Annotated[
    list[str] | None,
    typer.Option("--password", help=_("Opens encrypted PDFs: env:NAME or file:PATH.")),
]
At = Annotated[
    datetime | None,
    typer.Option("--at", help=_("Judge certificates as of this time (UTC); else now.")),
]
Filling = Annotated[
    bool,
    typer.Option("--expect-form-filling", help=_("Fields filled in after signing are no doubt.")),
]
Spoken = Annotated[
    str | None, typer.Option("--lang", help=_("Language of the sentence: fr or en."))
]


class ReportForm(StrEnum):
    """In which form a report is wanted, beside or in place of ours."""

    ETSI = "etsi"
    """XML as ETSI TS 119 102-2 has it."""


Form = Annotated[
    ReportForm | None,
    typer.Option("--report", help=_("Write a validation report, too: etsi (TS 119 102-2, XML).")),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", help=_("The folder for the reports; else one file's is printed.")),
]
