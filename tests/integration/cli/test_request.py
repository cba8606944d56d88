"""``rpa request``, run as a person runs it, in a home with real keys and a real mail server."""

import json

import pytest
import yaml
from typer.testing import CliRunner

from rpa.bootstrap.register import open_register
from rpa.cli.main import build_app
from rpa.cli.terminal import console as terminal
from rpa.documents.adapters.weasy_composer import WeasyComposer
from rpa.domain.errors import RpaError
from rpa.settings import HOME_FILE, load_settings
from rpa.testing.home import make_test_home
from rpa.testing.letters import letter_request, letter_template
from rpa.testing.mail import mail_server
from rpa.testing.requests import a_person


@pytest.fixture
def server():
    with mail_server() as running:
        yield running


@pytest.fixture
def home(tmp_path, pki, server):
    folder, timestamp_url = pki
    made = make_test_home(
        tmp_path / "home",
        target="http://127.0.0.1:9",
        timestamp_url=timestamp_url,
        pki=folder,
        processes=[],
    )
    said = yaml.safe_load((made.home / HOME_FILE).read_text())
    said["mail"] = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "sender": "signer@ville.example",
    }
    said["console"] = {"url": "https://signer.ville.example"}
    credentials = said["signing"]["credentials"]
    credentials["claire"] = {"file": str(folder / "claire.p12"), "passphrase": "ask"}
    (made.home / HOME_FILE).write_text(yaml.safe_dump(said))
    register = open_register(made)
    for name, key in (("claire", "claire"), ("marie", "superviseur"), ("jean", "claire")):
        register.add_person(a_person(name, credential=key, language="en"), actor="test")
    return load_settings(made.home)


@pytest.fixture
def rpa(home, monkeypatch):
    """Run a command on the home; returns exit status and output."""
    monkeypatch.setattr(terminal, "width", 220)

    def run(*words, typed=None, user="nobody-here", errors=None):
        line = [*words, "--home", str(home.home)]
        app = build_app(words)
        told = {"LOGNAME": user}
        done = CliRunner().invoke(app, line, env=told, input=typed)
        if errors is not None:
            errors.append(done.stderr)
        if isinstance(done.exception, RpaError):
            return done.exception.exit_status, f"{done.exception.reason}: {done.exception.message}"
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout

    return run


@pytest.fixture(scope="module")
def lease(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lease")
    template = letter_template(folder, "<p>Bail</p>")
    path = folder / "bail.pdf"
    path.write_bytes(WeasyComposer().compose(letter_request(template)))
    return path


@pytest.fixture
def ask(rpa, lease):
    """Ask for signatures; returns the request as JSON."""

    def asked(*signers, said=()):
        named = [word for signer in signers for word in ("--signer", signer)]
        how = ["--level", "B-B", "--as", "chef", "--json"]
        status, out = rpa("request", "new", str(lease), *named, *how, *said)
        assert status == 0, out
        return json.loads(out)

    return asked


def show(rpa, number):
    return json.loads(rpa("request", "show", number, "--json")[1])


def test_a_request_is_made_opened_signed_and_its_mails_are_sent(rpa, ask, server, tmp_path, pki):
    said = ("--in-order", "--title", "Bail 42", "--days", "3")
    made = ask("claire:locataire", "jean", said=said)
    number = made["request_id"]
    assert [(s["stage"], s["role"]) for s in made["signers"]] == [(1, "locataire"), (2, "")]
    out = tmp_path / "opened.pdf"
    phrase = (pki[0] / "claire.pass").read_text()
    answers = f"y\n{phrase}\n"

    status, told = rpa("request", "sign", number, "--as", "claire", typed=answers)
    assert (status, told.partition(":")[0]) == (3, "not-opened")
    assert rpa("request", "document", number, "--out", str(out), "--as", "claire")[0] == 0
    assert out.read_bytes().startswith(b"%PDF")
    status, told = rpa("request", "sign", number, "--as", "claire", "--json", typed="n\n")
    assert status == 1
    status, told = rpa("request", "sign", number, "--as", "claire", typed="y\nfaux-mot\n")
    assert status != 0
    assert "faux-mot" not in told
    assert show(rpa, number)["request"]["signers"][0]["state"] == "asked"
    status, told = rpa("request", "sign", number, "--as", "claire", typed=answers)
    assert status == 0, told

    assert rpa("work")[0] == 0
    facts = show(rpa, number)
    assert [s["state"] for s in facts["request"]["signers"]] == ["signed", "asked"]
    assert [e["kind"] for e in facts["history"]] == [
        "signature-requested",
        "document-opened",
        "signed",
    ]
    assert {n["state"] for n in facts["notices"]} == {"sent"}
    assert [m["To"] for m in server.mails] == [
        "Claire <claire@ville.example>",
        "Jean <jean@ville.example>",
    ]
    assert "https://signer.ville.example/demandes/" in server.mails[0].get_body().get_content()
    text = rpa("request", "show", number)[1]
    assert "Bail 42" in text
    assert "claire" in rpa("request", "list")[1] or "jean" in rpa("request", "list")[1]


def test_declining_delegating_reminding_and_cancelling(rpa, ask, server):
    first = ask("claire", "marie")["request_id"]
    status, out = rpa(
        "request", "delegate", first, "--as", "claire", "--to", "jean", "--reason", "x", "--json"
    )
    assert status == 0, out
    assert json.loads(out)["signers"][0]["asked_of"] == ["claire"]
    assert rpa("request", "remind", first, "--only", "jean")[0] == 0
    rpa("work")
    subjects = [m["Subject"] for m in server.mails if m["To"].addresses[0].username == "jean"]
    assert [subject.partition(":")[0] for subject in subjects] == ["A document to sign", "Reminder"]
    assert "←" in rpa("request", "show", first)[1]
    status, out = rpa("request", "decline", first, "--as", "marie", "--reason", "Clause 3.")
    assert status == 0
    assert "declined" in out
    assert "Clause 3." in rpa("request", "show", first)[1]
    status, out = rpa("request", "cancel", first, "--reason", "x")
    assert (status, out.partition(":")[0]) == (3, "request-declined")
    second = ask("claire")["request_id"]
    assert rpa("request", "cancel", second, "--reason", "Erreur.")[0] == 0
    listed = json.loads(rpa("request", "list", "--state", "cancelled", "--json")[1])
    assert [request["request_id"] for request in listed] == [second]
    both = json.loads(rpa("request", "list", "--person", "jean", "--json")[1])
    assert [request["request_id"] for request in both] == [first]


def test_deadlines_of_a_period_are_counted_with_those_that_were_reminded_of(rpa, ask):
    ask("claire", "marie", said=("--days", "365"))
    rpa("request", "remind", ask("claire", said=("--days", "365"))["request_id"])
    rpa("work")
    period = ("--from", "2020-01-01", "--to", "2090-12-31")

    status, out = rpa("request", "deadlines", *period)
    facts = json.loads(rpa("request", "deadlines", *period, "--json")[1])
    this_year = json.loads(rpa("request", "deadlines", "--json")[1])

    assert status == 0
    assert "1 of 3 deadlines" in out
    assert "(33.3%)" in out
    assert (facts["deadlines"], facts["reminded"], facts["met_before"]) == (3, 1, 0)
    assert this_year["deadlines"] == 0
    assert "(—)" in rpa("request", "deadlines")[1]
    for wrong in ("2026-13-01", "9999-12-31", "0001-01-01"):
        assert rpa("request", "deadlines", "--to", wrong)[0] == 2
    assert rpa("request", "deadlines", "--from", "2026-02-01", "--to", "2026-01-01")[0] == 2


def test_what_cannot_be_asked_is_told(rpa, lease, tmp_path):
    new = ("request", "new")
    for words, code in (
        ((str(tmp_path / "none.pdf"), "--signer", "claire"), "not-found"),
        ((str(lease), "--signer", "nobody"), "no-person"),
        ((str(lease), "--signer", "claire", "--stage", "1", "--stage", "2"), "stages-wrong"),
        ((str(lease), "--signer", "claire", "--in-order", "--stage", "1"), "stages-wrong"),
        ((str(lease), "--signer", "claire", "--stage", "2"), "request-not-right"),
    ):
        status, out = rpa(*new, *words, "--as", "chef")
        assert (status, out.partition(":")[0]) == (2, code)
    assert json.loads(rpa("request", "list", "--json")[1]) == []


def test_nobody_signs_on_a_terminal_with_a_key_that_the_house_opens(rpa, ask):
    number = ask("marie")["request_id"]
    status, out = rpa("request", "sign", number, "--as", "marie", typed="y\nx\n")
    assert (status, out.partition(":")[0]) == (2, "no-own-passphrase")


def test_stages_mix_order_and_parallel(ask):
    made = ask("claire", "marie", "jean", said=("--stage", "1", "--stage", "1", "--stage", "2"))
    assert [s["state"] for s in made["signers"]] == ["asked", "asked", "waiting"]


def test_without_an_asker_who_can_be_told_nothing_is_asked(rpa, lease):
    new = ("request", "new", str(lease), "--signer", "claire", "--level", "B-B")

    status, out = rpa(*new, user="daemon")

    assert (status, out.partition(":")[0]) == (2, "nobody-asks")
    assert "daemon" in out
    assert "--as" in out
    assert json.loads(rpa("request", "list", "--json")[1]) == []


def test_the_user_of_the_machine_asks_where_they_have_an_account_and_it_is_said(rpa, lease):
    new = ("request", "new", str(lease), "--signer", "claire", "--level", "B-B")
    errors = []

    status, out = rpa(*new, user="marie", errors=errors)

    assert status == 0
    assert "Not reached" not in rpa("request", "list")[1]
    assert "Told to sign now: claire." in out
    assert "Told how it ends: marie, claire." in out
    assert "Deadline of claire: in 10 days, on " in out
    assert errors == [""]


def test_whom_no_notice_reaches_is_shown_wherever_the_request_is(rpa, lease, server):
    new = ("request", "new", str(lease), "--signer", "claire", "--level", "B-B", "--as", "chef")
    errors = []
    status, out = rpa(*new, errors=errors)
    number = out.split()[0]
    assert status == 0
    assert "No notice reaches chef: nobody here has this log-in name." in errors[0]

    server.answers["claire@ville.example"] = "550 No such user"
    rpa("work")
    shown = rpa("request", "show", number)[1]
    assert "No notice reaches chef: nobody here has this log-in name." in shown
    assert "No notice reaches claire: the mail server gave the last notice back." in shown
    listed = rpa("request", "list")[1]
    assert "Not reached" in listed
    assert "claire, chef" in listed
    unreached = [
        {"person": "claire", "why": "mail-refused"},
        {"person": "chef", "why": "no-account"},
    ]
    assert json.loads(rpa("request", "list", "--json")[1])[0]["unreached"] == unreached
    assert show(rpa, number)["unreached"] == unreached


def test_deadlines_are_told_in_days_and_in_the_house_s_zone(rpa, ask, home):
    number = ask("claire", said=("--days", "3"))["request_id"]
    path = home.home / HOME_FILE
    said = yaml.safe_load(path.read_text())

    for zone, when in (("America/Toronto", ":59 p.m."), ("UTC", ":59 a.m.")):
        path.write_text(yaml.safe_dump({**said, "timezone": zone}))
        for words in (("list",), ("show", number)):
            out = rpa("request", *words)[1]
            assert "days, on" in out
            assert when in out


@pytest.mark.parametrize("asker", ["", "Bad Name", "worker:1", "../x", "é"])
def test_an_asker_who_can_be_nobody_is_refused(rpa, lease, asker):
    status, out = rpa("request", "new", str(lease), "--signer", "claire", "--as", asker)

    assert (status, out.partition(":")[0]) == (2, "no-log-in-name")
