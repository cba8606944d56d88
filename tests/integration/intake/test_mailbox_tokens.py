"""A mailbox on a real Dovecot that is logged in to by access tokens, and tried later and later."""

import dataclasses
import sys

import pytest
import yaml

from rpa.bootstrap import diagnosis
from rpa.domain.errors import SetupError, ToolTimeoutError, ToolUnavailableError
from rpa.intake.adapters.imap import MailboxChannel
from rpa.intake.adapters.imap_account import MailAccount
from rpa.intake.adapters.imap_patience import LONGEST, LoginPatience
from rpa.intake.adapters.imap_tokens import CommandToken, IssuedToken
from rpa.intake.adapters.imap_tokens import Issuer as Asked
from rpa.settings import HOME_FILE, load_settings
from rpa.testing.clock import FrozenClock
from rpa.testing.mailbox import dovecot_program, dovecot_version, running_mailbox
from rpa.testing.tokens import CLIENT, CLIENT_SECRET, REFRESH, running_issuer

MAIL = b"From: a@example.org\r\nSubject: un\r\n\r\nBonjour.\r\n"
BOTH = "auth_mechanisms = plain oauthbearer xoauth2\n"


@pytest.fixture
def issuer():
    with running_issuer("bureau") as running:
        yield running


@pytest.fixture
def server(missing, request, issuer):
    program = dovecot_program()
    if program is None:
        missing("missing: dovecot; apt-get install dovecot-imapd")
    if dovecot_version(program) != "2.3":
        pytest.skip("tokens are set up for Dovecot 2.3 only")
    with running_mailbox(getattr(request, "param", BOTH), issuer=issuer.url) as running:
        yield running


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
def token(issuer, clock):
    return IssuedToken(asked(issuer), clock=clock)


@pytest.fixture
def account(server, token):
    return MailAccount(
        host=server.host,
        username=server.username,
        password=lambda: "",
        port=server.port,
        ca_file=server.ca_file,
        timeout_s=10,
        token=token,
    )


def asked(issuer, **changes):
    by = {"client_secret": None, "refresh_token": lambda: REFRESH, "scope": "imap", **changes}
    return Asked(url=f"{issuer.url}/token", client_id=CLIENT, timeout_s=5, **by)


def waiting(account, **changes):
    return MailboxChannel("courriel", dataclasses.replace(account, **changes)).waiting()


@pytest.mark.parametrize(
    "server",
    [BOTH, "auth_mechanisms = xoauth2\n", "auth_mechanisms = oauthbearer\n"],
    indirect=True,
)
def test_a_token_lets_in_by_either_mechanism(account):
    assert waiting(account) == 0


def test_mails_are_taken_and_settled(server, account):
    server.deliver(MAIL)
    channel = MailboxChannel("courriel", dataclasses.replace(account, done_folder="Faits"))

    for delivery in channel.deliveries():
        channel.settle(delivery)

    assert (server.count(), server.count("Faits")) == (0, 1)


def test_a_token_is_kept_until_shortly_before_its_end(account, issuer, clock):
    waiting(account)
    waiting(account)
    assert len(issuer.granted) == 1

    clock.pass_by(issuer.lasts_s - 60)
    waiting(account)

    assert len(issuer.granted) == 2


@pytest.mark.parametrize("server", [BOTH, "auth_mechanisms = xoauth2\n"], indirect=True)
def test_a_revoked_token_is_refused_and_another_is_asked_for(account, issuer):
    waiting(account)
    issuer.revoked.add(issuer.granted[-1])

    with pytest.raises(SetupError) as failed:
        waiting(account)
    assert failed.value.reason == "mailbox-login"
    assert issuer.granted[-1] not in failed.value.message

    assert waiting(account) == 0


def test_an_application_asks_in_its_own_name(account, issuer, clock):
    own = asked(issuer, refresh_token=None, client_secret=lambda: CLIENT_SECRET)

    assert waiting(account, token=IssuedToken(own, clock=clock)) == 0
    assert issuer.asked[-1]["grant_type"] == "client_credentials"
    assert issuer.asked[-1]["scope"] == "imap"


def test_a_refresh_token_that_is_refused_is_a_setting_to_mend_and_is_never_told(issuer, clock):
    wrong = IssuedToken(asked(issuer, refresh_token=lambda: "hunter2"), clock=clock)

    with pytest.raises(SetupError) as failed:
        wrong()

    assert failed.value.reason == "mailbox-token"
    assert "invalid_grant" in failed.value.message
    assert "hunter2" not in failed.value.message


def test_an_issuer_that_fails_is_tried_again(token, issuer):
    issuer.status = 503
    with pytest.raises(ToolUnavailableError):
        token()
    issuer.is_broken = True
    with pytest.raises(ToolUnavailableError):
        token()
    issuer.status, issuer.is_broken = 200, False

    assert token() == "token-1"


def test_an_issuer_that_is_away_is_tried_again(issuer, clock):
    away = dataclasses.replace(asked(issuer), url="http://127.0.0.1:9/token")

    with pytest.raises(ToolUnavailableError):
        IssuedToken(away, clock=clock)()


def test_a_program_gives_tokens(account, issuer):
    issuer.granted.append("by-hand")
    printing = CommandToken((sys.executable, "-c", "print('by-hand')"), timeout_s=20)

    assert waiting(account, token=printing) == 0


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (("/no/such/program",), SetupError),
        ((sys.executable, "-c", "raise SystemExit(3)"), ToolUnavailableError),
        ((sys.executable, "-c", ""), ToolUnavailableError),
        ((sys.executable, "-c", "import time; time.sleep(20)"), ToolTimeoutError),
    ],
)
def test_a_program_that_gives_no_token_is_told(command, error):
    with pytest.raises(error) as failed:
        CommandToken(command, timeout_s=1)()

    assert failed.value.reason == "mailbox-token"


@pytest.mark.parametrize("server", ["auth_mechanisms = plain\n"], indirect=True)
def test_a_server_that_takes_no_tokens_is_told(account):
    with pytest.raises(SetupError) as failed:
        waiting(account)

    assert "password" in failed.value.message


def test_a_refused_login_is_tried_later_and_later(server, account, clock, tmp_path):
    patience = LoginPatience(tmp_path / "logins" / "courriel.json", clock=clock)
    wrong = dataclasses.replace(account, token=None, password=lambda: "no", patience=patience)
    right = dataclasses.replace(wrong, password=lambda: server.password)
    for minutes in (2, 4, 8):
        with pytest.raises(SetupError, match="refuses the user"):
            waiting(wrong)
        clock.pass_by(60 * minutes - 1)
        with pytest.raises(SetupError, match="tried again after"):
            waiting(right)
        clock.pass_by(2)

    assert waiting(right) == 0
    with pytest.raises(SetupError, match="refuses the user"):
        waiting(wrong)


def test_the_wait_has_an_end_and_another_account_does_not_wait(clock, tmp_path):
    patience = LoginPatience(tmp_path / "courriel.json", clock=clock)
    for _time in range(40):
        patience.refused("one")

    with pytest.raises(SetupError):
        patience.wait("host", "one")
    patience.wait("host", "two")
    clock.pass_by(LONGEST.total_seconds())
    patience.wait("host", "one")


@pytest.mark.parametrize("kept", ["", "{", '{"mailbox": "one"}', "[]"])
def test_a_spoiled_record_counts_for_none(clock, tmp_path, kept):
    (tmp_path / "courriel.json").write_text(kept)
    patience = LoginPatience(tmp_path / "courriel.json", clock=clock)

    patience.wait("host", "one")


def test_the_doctor_tries_at_once_and_ends_the_wait(server, issuer, tmp_path):
    mailbox = {
        "host": "localhost",
        "port": server.port,
        "username": server.username,
        "ca_file": str(server.ca_file),
        "token": {
            "url": f"{issuer.url}/token",
            "client_id": CLIENT,
            "refresh_token": "file:secret",
        },
    }
    channels = {"courriel": {"kind": "email", "mailbox": mailbox}}
    (tmp_path / HOME_FILE).write_text(yaml.safe_dump({"channels": channels}))
    (tmp_path / "secret").write_text("wrong", encoding="utf-8")
    settings = load_settings(tmp_path)

    assert [told(settings), told(settings)] == ["mailbox-token"] * 2
    (tmp_path / "secret").write_text(REFRESH, encoding="utf-8")
    assert "0" in told(settings)
    assert not (tmp_path / "logins" / "courriel.json").exists()


def told(settings):
    [found] = [one for one in diagnosis._home(settings) if "courriel" in one.what]
    return found.found


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ({}, "command or a url"),
        ({"command": ["a"], "url": "https://a"}, "command or a url"),
        ({"url": "http://issuer.example/token"}, "https"),
        ({"url": "https://issuer.example/token"}, "client_id"),
        ({"url": "https://i.example", "client_id": "a", "client_secret": "b"}, "references"),
    ],
)
def test_settings_of_tokens_that_cannot_work_are_told(tmp_path, token, why):
    mailbox = {"host": "localhost", "username": "a", "token": token}
    channels = {"courriel": {"kind": "email", "mailbox": mailbox}}
    (tmp_path / HOME_FILE).write_text(yaml.safe_dump({"channels": channels}))

    with pytest.raises(SetupError, match=why):
        load_settings(tmp_path)


@pytest.mark.parametrize("secrets", [{}, {"password": "env:A", "token": {"command": ["a"]}}])
def test_a_mailbox_has_a_password_or_a_token(tmp_path, secrets):
    mailbox = {"host": "localhost", "username": "a", **secrets}
    channels = {"courriel": {"kind": "email", "mailbox": mailbox}}
    (tmp_path / HOME_FILE).write_text(yaml.safe_dump({"channels": channels}))

    with pytest.raises(SetupError, match="password or a token"):
        load_settings(tmp_path)
