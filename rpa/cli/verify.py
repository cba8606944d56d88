"""``rpa verify``: signed PDFs checked for anybody, with no home, server or register.

The exit status is the worst of all files: 0 where all are total-passed; 4 where one is
total-failed; 5 where a tool failed; 2 where a file is not there; 3 where one is indeterminate,
unsigned or unreadable, so that a person must decide.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rpa.bootstrap.verifying import Answer, Terms, verified
from rpa.cli.output import AsJson, complain
from rpa.cli.said import Home, language_said
from rpa.cli.verify_output import print_answer, print_record
from rpa.domain.errors import SetupError
from rpa.domain.signature import Indication
from rpa.environment import secret_behind
from rpa.i18n import Language, _, speaking
from rpa.late import late

if TYPE_CHECKING:
    from rpa.settings import load_settings
else:  # who names the roots needs no home
    load_settings = late("rpa.settings", "load_settings")

_FAILED: Final = 4
_UNDECIDED: Final = 3
_WORST_FIRST: Final = (_FAILED, 5, 2, _UNDECIDED)
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help=_("PDFs, or folders of such."))]


def verify(
    files: Files,
    *,
    trust: Annotated[
        list[Path] | None,
        typer.Option("--trust", help=_("A root certificate to trust; else those of the home.")),
    ] = None,
    crl: Annotated[
        list[Path] | None, typer.Option("--crl", help=_("A revocation list that you hold."))
    ] = None,
    password: Annotated[
        list[str] | None,
        typer.Option("--password", help=_("Opens encrypted PDFs: env:NAME or file:PATH.")),
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option("--at", help=_("Judge certificates as of this time (UTC); else now.")),
    ] = None,
    expect_form_filling: Annotated[
        bool,
        typer.Option(
            "--expect-form-filling", help=_("Fields filled in after signing are no doubt.")
        ),
    ] = False,
    lang: Annotated[
        str | None, typer.Option("--lang", help=_("Language of the sentence: fr or en."))
    ] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Check every signature of PDFs: whether they are whole, and whose they are."""
    language = language_said(lang)
    terms = Terms(
        expect_form_filling=expect_form_filling,
        revocation_lists=tuple(crl or ()),
        passwords=tuple(secret_behind(one, folder=Path.cwd()) for one in password or ()),
    )
    moment = at.replace(tzinfo=UTC) if at else None
    answers = verified(files, roots=_roots(trust, home), at=moment, terms=terms)
    with speaking(language):
        status = _told(answers, language, as_json=as_json)
    if status:
        raise typer.Exit(status)


def _told(answers: Iterable[Answer], language: Language, *, as_json: bool) -> int:
    """Print every answer as it comes, and return the worst status."""
    found = set()
    for answer in answers:
        if as_json:
            print_record(answer, language)
        elif answer.report is not None:
            print_answer(answer.path, answer.report, language)
        if answer.error is not None:
            complain(answer.error.message)
        found.add(_status(answer))
    if not found:
        complain(_("There is no PDF to check."))
        return _UNDECIDED
    return next((status for status in _WORST_FIRST if status in found), 0)


def _status(answer: Answer) -> int:
    if answer.report is None:
        return answer.error.exit_status if answer.error else 1
    if answer.report.indication is Indication.TOTAL_PASSED:
        return 0
    return _FAILED if answer.report.indication is Indication.TOTAL_FAILED else _UNDECIDED


def _roots(trust: list[Path] | None, home: Path | None) -> list[Path]:
    """Return the roots given, else those of the home; none where there is no home."""
    if trust:
        return trust
    try:
        settings = load_settings(home)
    except SetupError as error:
        if home is not None or error.reason != "no-home":
            raise
        return []
    return [path for path in settings.signing.trust if path.is_file()]
