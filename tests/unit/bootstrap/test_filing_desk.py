"""What the command line of ``rpa bot file`` says, put together."""

import pytest

from rpa.bootstrap.filing_desk import FilingPlan, definition_at, login_said, open_desk
from rpa.domain.errors import SetupError
from rpa.settings import HOME_FILE

BOT = """
file:
  - goto: "{url}/"
  - fill: {name: a, value: "{nom}"}
  - click: {button: OK, commits: true}
  - receipt: {pattern: 'No ([0-9]+)'}
doubt: person
"""
TARGET = "target: {url: 'http://old/', logins: [{username: u, password: 'file:secret'}]}\n"


@pytest.fixture
def plan(tmp_path):
    """Make a plan over a bot's folder."""

    def make(text=BOT + TARGET, **said):
        folder = tmp_path / "robot"
        folder.mkdir(exist_ok=True)
        (folder / "bot.yaml").write_text(text)
        (folder / "secret").write_text("papier\n")
        bot = definition_at(folder)
        return FilingPlan(bot=bot, cases=tmp_path / "cases.jsonl", **said)

    return make


def test_the_register_is_made_beside_the_cases_and_is_a_home(plan, tmp_path):
    desk = open_desk(plan())

    made = tmp_path / "cases.filing"
    assert (made / HOME_FILE).is_file()
    assert (made / "register.db").is_file()
    assert desk.target.name == "http://old"
    assert desk.target.reached_by("u").password == "papier"
    desk.close()


def test_the_register_is_where_it_is_told(plan, tmp_path):
    open_desk(plan(kept_in=str(tmp_path / "deep" / "a.db"))).close()
    assert (tmp_path / "deep" / "a.db").is_file()

    address = f"sqlite:///{tmp_path / 'b.sqlite3'}"
    with pytest.raises(SetupError, match="--store"):
        open_desk(plan(kept_in=address))
    open_desk(plan(kept_in=address, store=tmp_path / "store")).close()
    assert (tmp_path / "b.sqlite3").is_file()


def test_options_go_before_the_bots_own_target(plan):
    logins = (login_said("v=file:secret"), login_said("w=file:secret"))
    desk = open_desk(plan(url="http://new", logins=logins))

    assert desk.target.spec.url == "http://new"
    assert [login.username for login in desk.target.spec.logins] == ["v", "w"]
    assert open_desk(plan(BOT, url="http://new", logins=logins)).target.name == "http://new"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BOT, "no-target"),
        (BOT.replace("doubt: person", "") + TARGET, "no-find"),
        (BOT + TARGET.replace("secret", "nowhere"), "secret-missing"),
        (BOT + TARGET.replace("file:secret", "hunter2"), "bot-definition"),
    ],
)
def test_what_is_missing_is_told_before_anything_is_opened(plan, tmp_path, text, code):
    with pytest.raises(SetupError) as met:
        open_desk(plan(text))
    assert met.value.reason == code
    assert "hunter2" not in str(met.value)
    assert not (tmp_path / "cases.filing").exists()


def test_a_password_on_the_command_line_is_refused_and_not_repeated():
    with pytest.raises(SetupError) as met:
        login_said("commis=hunter2")
    assert "hunter2" not in met.value.message


def test_there_must_be_a_bot(tmp_path):
    with pytest.raises(SetupError) as met:
        definition_at(tmp_path)
    assert met.value.reason == "no-bot"
