"""``rpa verify``: every signature of a PDF, checked outside a case."""

from pathlib import Path
from typing import Annotated

import typer

from rpa.cli.output import AsJson, print_json, print_table, say
from rpa.cli.rooms import tools_of
from rpa.cli.session import Home
from rpa.domain.errors import IntegrityError, NotFoundError
from rpa.domain.signature import Coverage, Indication, ValidationReport
from rpa.i18n import _

Pdf = Annotated[Path, typer.Argument(metavar="PDF", help=_("The PDF."))]


def verify(pdf: Pdf, *, home: Home = None, as_json: AsJson = False) -> None:
    """Check every signature of a PDF."""
    tools = tools_of(home)
    report = tools.validator.validate(_read(pdf), at=tools.now())
    if as_json:
        print_json(report)
    else:
        _print_report(report)
    if report.indication is not Indication.TOTAL_PASSED:
        raise IntegrityError(
            _("{file}: {indication}.", file=pdf.name, indication=report.indication.value),
            code=report.indication.value,
        )


def _read(pdf: Path) -> bytes:
    try:
        return pdf.read_bytes()
    except OSError as error:
        raise NotFoundError(
            _("{file} cannot be read: {cause}.", file=pdf, cause=error.strerror)
        ) from error


def _print_report(report: ValidationReport) -> None:
    if not report.signatures:
        say(_("The document holds no signature."))
        return
    heads = (
        _("Field"),
        _("Signer"),
        _("Outcome"),
        _("Level"),
        _("Signed at"),
        _("Whole"),
        _("Why"),
    )
    rows = [
        (
            s.field,
            s.signer,
            s.indication.value,
            s.level.value if s.level else "",
            s.signed_at.astimezone().strftime("%Y-%m-%d %H:%M:%S") if s.signed_at else "",
            _("yes") if s.coverage is Coverage.WHOLE_DOCUMENT else _("no"),
            s.sub_indication,
        )
        for s in report.signatures
    ]
    print_table(heads, rows)
