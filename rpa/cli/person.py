"""``rpa person``: who has an account in the console."""

from collections.abc import Mapping
from typing import Annotated

import typer
from pydantic import ValidationError

from rpa.bootstrap.console import console_address, open_accounts
from rpa.cli.output import AsJson, print_json, print_table, say
from rpa.cli.session import Home, person_named, register_of, settings_of
from rpa.domain.errors import SetupError
from rpa.domain.person import Person, PersonId, Role
from rpa.i18n import _
from rpa.settings import Settings
from rpa.steps.accounts import (
    AccountTools,
    choose_password,
    password_link,
    refuse_weak,
    set_active,
    without_codes,
)

app = typer.Typer(no_args_is_help=True)
ASKED = "-"

LogInName = Annotated[str, typer.Argument(metavar="LOGIN", help=_("The log-in name."))]
By = Annotated[str | None, typer.Option("--as", help=_("Who does it; your user name if not said."))]
Password = Annotated[
    str | None,
    typer.Option(
        help=_("env:NAME, file:PATH, or - to be asked; else a link to choose one is printed.")
    ),
]


@app.command("add", help=_("Open an account, and print a link to choose its password."))
def add(
    login: LogInName,
    *,
    name: Annotated[str, typer.Option(help=_("The person's name, as signatures show it."))],
    email: Annotated[str, typer.Option(help=_("Where requests and reminders go."))],
    language: Annotated[str, typer.Option(help=_("fr or en."))] = "fr",
    role: Annotated[
        list[Role] | None, typer.Option(help=_("signer if not said; may be repeated."))
    ] = None,
    credential: Annotated[
        str, typer.Option(help=_("Name of their own credential in rpa.yaml."))
    ] = "",
    password: Password = None,
    by: By = None,
    home: Home = None,
) -> None:
    """Open an account."""
    settings = settings_of(home)
    if credential and credential not in settings.signing.credentials:
        raise SetupError(
            _("rpa.yaml has no credential {name} under signing.", name=credential),
            code="no-credential",
        )
    said = {
        "person_id": login,
        "name": name,
        "email": email,
        "language": language,
        "roles": frozenset(role or [Role.SIGNER]),
        "credential": credential,
    }
    tools, actor = open_accounts(settings), f"person:{person_named(by)}"
    person, chosen = _person(said), _chosen(password, settings)
    if chosen is not None:
        refuse_weak(person, chosen, tools)
    tools.register.add_person(person, actor=actor)
    _give_password(person.person_id, chosen, settings, tools, actor=actor)


@app.command("list", help=_("List everybody who has an account."))
def list_people(*, home: Home = None, as_json: AsJson = False) -> None:
    """List everybody."""
    people = register_of(home).people()
    if as_json:
        print_json(people)
        return
    heads = (_("Log-in name"), _("Name"), _("Roles"), _("Credential"), _("Account"))
    rows = [
        (
            p.person_id,
            p.name,
            ", ".join(sorted(role.value for role in p.roles)),
            p.credential,
            _("open") if p.is_active else _("closed"),
        )
        for p in people
    ]
    print_table(heads, rows)


@app.command("password", help=_("Print a new link to choose a password, or set it."))
def set_password(
    login: LogInName, *, password: Password = None, by: By = None, home: Home = None
) -> None:
    """Print a link, or set the password."""
    settings = settings_of(home)
    tools, actor = open_accounts(settings), f"person:{person_named(by)}"
    person_id = tools.register.person(PersonId(login)).person_id
    _give_password(person_id, _chosen(password, settings), settings, tools, actor=actor)


@app.command("totp", help=_("Say whether one-time codes are on; --off where the device is lost."))
def totp(
    login: LogInName,
    *,
    off: Annotated[bool, typer.Option("--off", help=_("Forget the device."))] = False,
    by: By = None,
    home: Home = None,
) -> None:
    """Say whether one-time codes are on, or forget the device."""
    tools = open_accounts(settings_of(home))
    if off:
        without_codes(PersonId(login), actor=f"person:{person_named(by)}", tools=tools)
    is_on = tools.register.account(PersonId(login)).totp is not None
    say(_("One-time codes are on.") if is_on else _("One-time codes are off."))


@app.command("disable", help=_("Close an account: its sessions end at once. --undo opens it."))
def disable(
    login: LogInName,
    *,
    undo: Annotated[bool, typer.Option("--undo", help=_("Open it again."))] = False,
    by: By = None,
    home: Home = None,
) -> None:
    """Close an account, or open it again."""
    tools, actor = open_accounts(settings_of(home)), f"person:{person_named(by)}"
    set_active(PersonId(login), is_active=undo, actor=actor, tools=tools)
    say(_("The account is open.") if undo else _("The account is closed."))


def _person(said: Mapping[str, object]) -> Person:
    try:
        return Person.model_validate(said)
    except ValidationError as error:
        places = ", ".join(str(problem["loc"][0]) for problem in error.errors())
        raise SetupError(
            _(
                "Not right: {places}. A log-in name has lower-case letters, digits, dots and "
                "hyphens; an address looks like name@ville.example; a language is fr or en.",
                places=places,
            ),
            code="person-form",
        ) from error


def _chosen(said: str | None, settings: Settings) -> str | None:
    """Return the password behind what was said; None where a link is wanted."""
    if said == ASKED:
        typed: str = typer.prompt(_("New password"), hide_input=True, confirmation_prompt=True)
        return typed
    return settings.secret(said) if said is not None else None


def _give_password(
    person_id: PersonId, chosen: str | None, settings: Settings, tools: AccountTools, *, actor: str
) -> None:
    if chosen is None:
        secret = password_link(person_id, actor=actor, tools=tools)
        say(_("Give this link to {person}; it works once, for three days:", person=person_id))
        say(f"{console_address(settings)}/mot-de-passe/{secret}")
        return
    choose_password(person_id, chosen, actor=actor, tools=tools)
    say(_("The password is set."))
