"""``rpa person``: accounts from the command line."""

import json
import stat

import pytest
import yaml
from typer.testing import CliRunner

from rpa.bootstrap.console import open_accounts
from rpa.cli.main import build_app
from rpa.domain.errors import NotFoundError, SetupError
from rpa.settings import HOME_FILE, load_settings
from rpa.steps.accounts import link_owner
from rpa.steps.log_in import Claim, LoggedIn, Refused, log_in

PASSWORD = "sapin gris au matin"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("people")
    key = {"file": "lucie.p12", "passphrase": "ask"}
    said = {"organization": "Ville", "signing": {"credentials": {"superviseur": key}}}
    (home / HOME_FILE).write_text(yaml.safe_dump(said), encoding="utf-8")
    (home / "secrets").mkdir()
    return home


def run(home, *words, given=None):
    done = CliRunner().invoke(
        build_app(["person"]), ["person", *words, "--home", str(home)], input=given
    )
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


def added(home, login, *more):
    about = ["--name", login.title(), "--email", f"{login}@ville.example"]
    return run(home, "add", login, *about, *more)


def enters(home, login, password=PASSWORD):
    tools = open_accounts(load_settings(home))
    return log_in(login, Claim(password), address="::1", tools=tools)


def test_an_account_is_opened_with_a_link_to_its_first_password(home):
    said = added(home, "lucie", "--credential", "superviseur", "--role", "signer")

    secret = said.split("/mot-de-passe/")[1].strip()
    assert link_owner(secret, open_accounts(load_settings(home))) == "lucie"
    listed = json.loads(run(home, "list", "--json"))
    assert [(p["person_id"], p["credential"]) for p in listed] == [("lucie", "superviseur")]
    assert "lucie" in run(home, "list")


def test_a_password_is_set_by_reference_or_typed_and_never_printed(home):
    (home / "secrets" / "josee").write_text(PASSWORD, encoding="utf-8")
    said = added(home, "josee", "--password", "file:secrets/josee")
    assert PASSWORD not in said
    assert isinstance(enters(home, "josee"), LoggedIn)

    new = "quatre pommes vertes"
    said = run(home, "password", "josee", "--password", "-", given=f"{new}\n{new}\n")

    assert new not in said
    assert isinstance(enters(home, "josee", new), LoggedIn)


def test_a_closed_account_lets_nobody_in_until_it_is_opened_again(home):
    (home / "secrets" / "paul").write_text(PASSWORD, encoding="utf-8")
    added(home, "paul", "--password", "file:secrets/paul")

    run(home, "disable", "paul")
    assert enters(home, "paul") == Refused()
    run(home, "disable", "paul", "--undo")
    assert isinstance(enters(home, "paul"), LoggedIn)


def test_a_lost_device_is_forgotten(home):
    added(home, "nora")

    assert "off" in run(home, "totp", "nora", "--off")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--credential", "nothing"), "no-credential"),
        (("--language", "de"), "person-form"),
        (("--password", "file:nowhere"), "secret-missing"),
    ],
)
def test_what_is_wrong_is_said_before_an_account_is_opened(home, more, code):
    with pytest.raises(SetupError) as caught:
        added(home, f"wrong-{code}", *more)

    assert caught.value.reason == code
    assert f"wrong-{code}" not in run(home, "list", "--json")


def test_nobody_s_password_can_be_set(home):
    with pytest.raises(NotFoundError):
        run(home, "password", "nobody")


def test_the_console_s_secret_is_made_once_and_for_its_owner_alone(home):
    open_accounts(load_settings(home))
    path = home / "secrets" / "console.key"
    first = path.read_text(encoding="utf-8")
    open_accounts(load_settings(home))

    assert path.read_text(encoding="utf-8") == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.glob("console.key*")] == ["console.key"]
