"""``rpa request new``, ``sign``, ``decline``, …: what changes a signature request."""

import re
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from rpa.bootstrap.credentials import credential_asks
from rpa.bootstrap.toolbox import open_toolbox
from rpa.cli.output import AsJson, complain, print_json, say
from rpa.cli.request import RequestNumber, app, print_request, unreached_lines
from rpa.cli.rooms import tools_of
from rpa.cli.session import Home, person_named, settings_of
from rpa.domain.errors import NotFoundError, SetupError
from rpa.domain.moment_words import deadline_words
from rpa.domain.person import (
    PERSON_PATTERN,
    Assurance,
    IdentityEvidence,
    PersonId,
    Proof,
)
from rpa.domain.signature import SignatureLevel
from rpa.domain.signature_request import Consent, RequestId, SignatureRequest
from rpa.i18n import _, language_of
from rpa.steps.signature_requests import (
    RequestDraft,
    SignerDraft,
    cancel,
    create_request,
    decline_requested,
    delegate,
    document_to_sign,
    remind,
    request,
    sign_requested,
)
from rpa.steps.signature_requests.draft import end_of_day
from rpa.steps.signature_requests.reach import Reach, told_later
from rpa.steps.toolbox import Toolbox

Signer = Annotated[str, typer.Option("--as", metavar="LOGIN", help=_("Who it is."))]
By = Annotated[str | None, typer.Option("--as", help=_("Who does it; your user name if not said."))]
Asker = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="LOGIN", help=_("Who asks, and is told; you, if you have an account.")
    ),
]
Why = Annotated[str, typer.Option("--reason", help=_("Why; stays on record."))]

Signers = Annotated[
    list[str],
    typer.Option("--signer", metavar="LOGIN[:ROLE]", help=_("Who signs; may be repeated.")),
]
InOrder = Annotated[
    bool, typer.Option("--in-order/--parallel", help=_("One after another, or all at once."))
]
Stages = Annotated[
    list[int] | None,
    typer.Option("--stage", min=1, help=_("The stage of each signer, in the same order.")),
]
Days = Annotated[int, typer.Option(min=1, max=365, help=_("Days until the deadline."))]
Title = Annotated[str | None, typer.Option(help=_("The document's title."))]
Level = Annotated[
    SignatureLevel | None,
    typer.Option(help=_("PAdES level; else B-LTA with a time-stamping authority, B-B without.")),
]
InLanguage = Annotated[str | None, typer.Option("--language", help=_("fr or en."))]
Intent = Annotated[str, typer.Option(help=_("What each signer says yes to."))]
Sure = Annotated[Assurance, typer.Option("--assurance", help=_("How sure it must be who signs."))]
Reminders = Annotated[
    list[int] | None,
    typer.Option("--reminder", help=_("Days before the deadline; may be repeated.")),
]
Watchers = Annotated[
    list[str] | None, typer.Option("--watcher", help=_("Who else is told how it ends."))
]
Delegation = Annotated[bool, typer.Option(help=_("Whether signers may delegate."))]
Wait = Annotated[bool, typer.Option(help=_("Wait for authorities rather than lower the level."))]


@app.command("new", help=_("Ask persons to sign a PDF, in parallel, in order, or by stages."))
def new(
    pdf: Annotated[Path, typer.Argument(metavar="FILE", help=_("The PDF."))],
    *,
    signer: Signers,
    in_order: InOrder = False,
    stage: Stages = None,
    days: Days = 10,
    title: Title = None,
    level: Level = None,
    language: InLanguage = None,
    intent: Intent = "",
    assurance: Sure = Assurance.LOW,
    reminder: Reminders = None,
    watcher: Watchers = None,
    delegation: Delegation = True,
    wait: Wait = False,
    by: Asker = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Ask persons to sign a PDF."""
    tools = tools_of(home)
    asker = _asker(by, tools)
    draft = RequestDraft(
        title=title or pdf.stem,
        pdf=_read(pdf),
        signers=_signers(signer, _stages(len(signer), stage, in_order=in_order), days, tools),
        language=language_of(language) if language else tools.language,
        level=_level(level, tools),
        intent=intent,
        assurance=assurance,
        may_delegate=delegation,
        reminder_days=tuple(reminder) if reminder else (3, 1),
        on_failure="wait" if wait else "lower",
        watchers=tuple(map(PersonId, watcher or ())),
    )
    made = create_request(draft, by=f"person:{asker}", tools=tools)
    _print(made, as_json=as_json)
    _print_told(made, tools, as_json=as_json)


@app.command("document", help=_("Write a request's newest document, and note who opened it."))
def document(
    number: RequestNumber,
    *,
    out: Annotated[Path, typer.Option("--out", help=_("Where to write."))],
    person: Signer,
    home: Home = None,
) -> None:
    """Write a request's newest document."""
    found, pdf = document_to_sign(RequestId(number), PersonId(person), tools_of(home))
    try:
        out.write_bytes(pdf)
    except OSError as error:
        raise NotFoundError(
            _("{file} cannot be written: {cause}.", file=out, cause=error.strerror)
        ) from error
    say(_("{file}: SHA-256 {digest}", file=out, digest=found.current))


@app.command("sign", help=_("Sign a document you opened; your key's passphrase is asked for."))
def sign(
    number: RequestNumber, *, person: Signer, home: Home = None, as_json: AsJson = False
) -> None:
    """Sign a document that was opened."""
    settings = settings_of(home)
    tools = open_toolbox(settings)
    who = tools.register.person(PersonId(person))
    if not who.credential or not credential_asks(settings, who.credential):
        # Nothing typed here would prove who it is: the organisation keeps the key's secret.
        raise SetupError(
            _(
                "{person} has no key that asks for its passphrase: only the console can tell who "
                "signs. Or declare the credential with `passphrase: ask`.",
                person=person,
            ),
            code="no-own-passphrase",
        )
    found = request(RequestId(number), tools)
    print_request(found)
    typer.confirm(_("“{intent}” Do you agree?", intent=found.intent), abort=True, err=True)
    typed = typer.prompt(_("Passphrase, PIN or code"), hide_input=True, err=True)
    consent = Consent(
        document=found.current,
        intent=found.intent,
        language=found.language,
        identity=IdentityEvidence(
            person=PersonId(person), proofs=(Proof.KEY_PASSPHRASE,), at=tools.now()
        ),
        key_passphrase=SecretStr(typed),
    )
    _print(sign_requested(RequestId(number), consent, tools=tools), as_json=as_json)


@app.command("decline", help=_("Decline to sign; the request ends for everybody."))
def decline(
    number: RequestNumber,
    *,
    person: Signer,
    reason: Why,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Decline to sign."""
    ended = decline_requested(RequestId(number), PersonId(person), reason, tools_of(home))
    _print(ended, as_json=as_json)


@app.command("delegate", help=_("Let somebody else sign instead."))
def delegate_request(
    number: RequestNumber,
    *,
    person: Signer,
    to: Annotated[str, typer.Option(metavar="LOGIN", help=_("Who signs instead."))],
    reason: Annotated[str, typer.Option(help=_("Why; stays on record."))] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Let somebody else sign instead."""
    tools = tools_of(home)
    passed = delegate(RequestId(number), PersonId(person), PersonId(to), reason, tools)
    _print(passed, as_json=as_json)
    _complain_of_unreached(passed, tools)


@app.command("remind", help=_("Remind whoever is asked now."))
def remind_signers(
    number: RequestNumber,
    *,
    only: Annotated[str | None, typer.Option(metavar="LOGIN", help=_("Only this one."))] = None,
    by: By = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Remind whoever is asked now."""
    one, actor = PersonId(only) if only else None, f"person:{person_named(by)}"
    _print(remind(RequestId(number), actor, tools_of(home), person=one), as_json=as_json)


@app.command("cancel", help=_("Take a request back; everybody who was asked is told."))
def cancel_request(
    number: RequestNumber,
    *,
    reason: Why,
    by: By = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Take a request back."""
    actor = f"person:{person_named(by)}"
    _print(cancel(RequestId(number), actor, reason, tools_of(home)), as_json=as_json)


def _asker(said: str | None, tools: Toolbox) -> PersonId:
    """Return who asks: they are told how it ends, so they must be somebody.

    Raises:
        SetupError: What was said is no log-in name; or nobody was named, and the user of this
            machine has no open account.
    """
    if said is not None:
        return _log_in_name(said)
    user = PersonId(person_named(None))
    try:
        is_known = tools.register.person(user).is_active
    except NotFoundError:
        is_known = False
    if not is_known:
        raise SetupError(
            _(
                "Nobody would be told how this request ends: {person}, your user name, has no open "
                "account here. Say who asks with --as LOGIN; see `rpa person list`.",
                person=user,
            ),
            code="nobody-asks",
        )
    return user


def _log_in_name(said: str) -> PersonId:
    if not re.fullmatch(PERSON_PATTERN, said):
        raise SetupError(
            _(
                "{person} is no log-in name: it has lower-case letters, digits, dots and hyphens.",
                person=repr(said),
            ),
            code="no-log-in-name",
        )
    return PersonId(said)


def _print_told(made: SignatureRequest, tools: Toolbox, *, as_json: bool) -> None:
    """Say who will be told, and whom no notice can reach; programs find them in ``show``."""
    if not as_json:
        now = ", ".join(signer.person for signer in made.asked)
        say(_("Told to sign now: {people}.", people=now))
        say(_("Told how it ends: {people}.", people=", ".join(told_later(made))))
        for signer in made.signers:
            when = deadline_words(signer.deadline, now=tools.now(), zone=tools.timezone)
            say(_("Deadline of {person}: {when}", person=signer.person, when=when))
    _complain_of_unreached(made, tools)


def _complain_of_unreached(request: SignatureRequest, tools: Toolbox) -> None:
    reach = Reach.of(tools.register, has_mail=tools.mailer is not None)
    for line in unreached_lines(request, reach):
        complain(line)


def _signers(
    named: list[str], stages: list[int], days: int, tools: Toolbox
) -> tuple[SignerDraft, ...]:
    deadline = end_of_day(days, tools)
    drafts = []
    for said, stage in zip(named, stages, strict=True):
        person, _colon, role = said.partition(":")
        drafts.append(SignerDraft(PersonId(person), deadline, stage=stage, role=role))
    return tuple(drafts)


def _stages(count: int, said: list[int] | None, *, in_order: bool) -> list[int]:
    if said is None:
        return list(range(1, count + 1)) if in_order else [1] * count
    if in_order or len(said) != count:
        raise SetupError(
            _("Say either --in-order, or one --stage for each --signer."), code="stages-wrong"
        )
    return said


def _level(said: SignatureLevel | None, tools: Toolbox) -> SignatureLevel:
    if tools.timestamps is not None:
        return said or SignatureLevel.B_LTA
    if said not in (None, SignatureLevel.B_B):
        # Told now, to whoever asks, and not to the signers later.
        raise SetupError(
            _("Levels above B-B need signing.timestamp_url in rpa.yaml."),
            code="level-needs-timestamp",
        )
    return SignatureLevel.B_B


def _read(pdf: Path) -> bytes:
    try:
        return pdf.read_bytes()
    except OSError as error:
        raise NotFoundError(
            _("{file} cannot be read: {cause}.", file=pdf, cause=error.strerror)
        ) from error


def _print(found: SignatureRequest, *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        print_request(found)
