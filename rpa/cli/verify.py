"""``rpa verify``: signed PDFs checked for anybody, with no home, server or register.

The exit status is the worst of all files: 0 where all are total-passed; 4 where one is
total-failed; 5 where a tool failed; 2 where a file is not there; 3 where one is indeterminate,
unsigned or unreadable, so that a person must decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from rpa.bootstrap.verifying import Answer, Terms, verified
from rpa.cli.output import AsJson, complain
from rpa.cli.said import Home, language_said
from rpa.cli.verify_options import (
    Answers,
    At,
    Files,
    Filling,
    Form,
    Lists,
    ListSigners,
    Out,
    Passwords,
    Rule,
    Spoken,
    Trusted,
    TrustLists,
)
from rpa.cli.verify_output import print_answer, print_record
from rpa.domain.errors import SetupError
from rpa.domain.signature import Indication, RevocationRule
from rpa.environment import secret_behind
from rpa.i18n import Language, _, speaking
from rpa.late import late

if TYPE_CHECKING:
    from rpa.cli.verify_reports import reported
    from rpa.settings import load_settings
else:  # who names the roots needs no home, and few ask for reports
    load_settings = late("rpa.settings", "load_settings")
    reported = late("rpa.cli.verify_reports", "reported")

_FAILED: Final = 4
_UNDECIDED: Final = 3
_WORST_FIRST: Final = (_FAILED, 5, 2, _UNDECIDED)


def verify(
    files: Files,
    *,
    trust: Trusted = None,
    trust_list: TrustLists = None,
    trust_list_signer: ListSigners = None,
    crl: Lists = None,
    ocsp: Answers = None,
    revocation: Rule = None,
    password: Passwords = None,
    at: At = None,
    expect_form_filling: Filling = False,
    report: Form = None,
    out: Out = None,
    lang: Spoken = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Check every signature of PDFs: whether they are whole, and whose they are."""
    language = language_said(lang)
    house = _house(_House(trust or [], trust_list or [], trust_list_signer or []), home)
    terms = Terms(
        expect_form_filling=expect_form_filling,
        with_evidence=report is not None,
        revocation_lists=tuple(crl or ()),
        ocsp_answers=tuple(ocsp or ()),
        revocation=revocation or house.revocation,
        trust_lists=tuple(house.trust_lists),
        trust_list_signers=tuple(house.list_signers),
        passwords=tuple(secret_behind(one, folder=Path.cwd()) for one in password or ()),
    )
    moment = at.replace(tzinfo=UTC) if at else None
    answers: Iterable[Answer] = verified(files, roots=house.roots, at=moment, terms=terms)
    if report is not None:
        answers = reported(answers, files, rule=terms.revocation, folder=out)
    with speaking(language):
        status = _told(answers, language, as_json=as_json, is_quiet=report is not None and not out)
    if status:
        raise typer.Exit(status)


def _told(answers: Iterable[Answer], language: Language, *, as_json: bool, is_quiet: bool) -> int:
    """Print every answer as it comes, and return the worst status."""
    found = set()
    for answer in answers:
        if is_quiet:
            pass  # the report is what is printed
        elif as_json:
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


@dataclass(frozen=True, slots=True)
class _House:
    """Whom to trust, and on what terms."""

    roots: list[Path] = field(default_factory=list)
    trust_lists: list[Path] = field(default_factory=list)
    list_signers: list[Path] = field(default_factory=list)
    revocation: RevocationRule = RevocationRule.REQUIRED


def _house(said: _House, home: Path | None) -> _House:
    """Return what was said, else what the home says; nobody to trust where there is no home.

    Where it was said whom to trust no home is looked for, unless it is named.
    """
    if (said.roots or said.trust_lists) and home is None:
        return said
    try:
        settings = load_settings(home)
    except SetupError as error:
        if home is not None or error.reason != "no-home":
            raise
        return said
    signing = settings.signing
    if said.roots or said.trust_lists:
        return replace(said, revocation=signing.revocation)
    return _House(
        [path for path in signing.trust if path.is_file()],
        list(signing.trust_lists),
        said.list_signers or list(signing.trust_list_signers),
        signing.revocation,
    )
