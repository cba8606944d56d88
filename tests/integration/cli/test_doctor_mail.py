"""What ``rpa doctor`` says of the mail server that notices go out by."""

import pytest
import yaml

from rpa.bootstrap.diagnosis import diagnoses, mail_diagnoses
from rpa.settings import HOME_FILE, load_settings
from rpa.testing.authorities import free_port
from rpa.testing.mail import PASSWORD, USERNAME, mail_server
from rpa.testing.mailbox import write_certificate


def settings_with(home, **mail):
    said = {"sender": "avis@ville.example", "host": "localhost", **mail}
    (home / HOME_FILE).write_text(yaml.safe_dump({"organization": "Ville", "mail": said}))
    (home / "secret").write_text(PASSWORD)
    return load_settings(home)


def told(home, **mail):
    (found,) = mail_diagnoses(settings_with(home, **mail))
    return found.is_well, found.found, found.mend


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    write_certificate(folder)
    return folder


def test_a_mail_server_that_lets_us_in_is_well_and_gets_no_mail(home):
    login = {"username": USERNAME, "password": "file:secret", "ca_file": "ca.pem"}
    with mail_server(certificate=home, auth=True) as server:
        found = told(home, port=server.port, **login)

    assert found[:2] == (True, "reached and logged in")
    assert server.mails == []


def test_a_mail_server_on_this_machine_needs_no_log_in(home):
    with mail_server() as server:
        settings = settings_with(home, port=server.port, security="none")
        (found,) = [one for one in diagnoses(settings) if one.what == "mail server localhost"]

    assert (found.is_well, found.found) == (True, "reached")


def test_a_refused_password_is_told_without_it(home, monkeypatch):
    monkeypatch.setenv("WRONG", "geheim")
    login = {"username": USERNAME, "password": "env:WRONG", "ca_file": "ca.pem"}
    with mail_server(certificate=home, auth=True) as server:
        is_well, found, mend = told(home, port=server.port, **login)

    assert (is_well, found) == (False, "mail-log-in-refused")
    assert "rpa.yaml" in mend
    assert "geheim" not in mend


def test_a_missing_secret_is_named(home):
    login = {"username": USERNAME, "password": "env:NO_SUCH_NAME", "ca_file": "ca.pem"}
    with mail_server(certificate=home, auth=True) as server:
        is_well, _found, mend = told(home, port=server.port, **login)

    assert not is_well
    assert "NO_SUCH_NAME" in mend


def test_a_mail_server_that_is_down_is_told(home):
    is_well, found, _mend = told(home, port=free_port(), security="none")

    assert (is_well, found) == (False, "mail-unavailable")


def test_a_home_without_a_mail_server_is_not_asked_about_it(home):
    (home / HOME_FILE).write_text("organization: Ville\n")

    assert list(mail_diagnoses(load_settings(home))) == []
