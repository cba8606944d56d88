"""What ``mail`` of ``rpa.yaml`` may say: never a secret, never a log-in in the clear."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from rpa.bootstrap.notices import mail_rules, open_mailer
from rpa.settings import Settings
from rpa.settings_mail import MailSettings

SAID = {"host": "smtp.ville.example", "sender": "avis@ville.example"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"username": "a", "password": "secret"}, "must be a reference"),
        ({"username": "a"}, "go together"),
        ({"password": "env:X"}, "go together"),
        ({"security": "none"}, "this machine only"),
        ({"sender": "nobody"}, "email"),
        ({"hosts": "x"}, "Extra inputs"),
    ],
)
def test_what_is_unsafe_or_unknown_is_refused(changed, told):
    with pytest.raises(ValidationError, match=told):
        MailSettings.model_validate({**SAID, **changed})


@pytest.mark.parametrize(
    ("security", "host", "port"),
    [("tls", "smtp.x.example", 465), ("starttls", "smtp.x.example", 587), ("none", "::1", 25)],
)
def test_each_security_has_its_usual_port(security, host, port):
    said = MailSettings.model_validate({**SAID, "host": host, "security": security})
    assert said.port_number == port
    assert said.model_copy(update={"port": 2525}).port_number == 2525


def test_files_are_looked_for_in_the_home():
    said = MailSettings.model_validate({**SAID, "ca_file": "ca.pem"})
    assert said.within(Path("/home")).ca_file == Path("/home/ca.pem")
    assert MailSettings.model_validate(SAID).within(Path("/home")).ca_file is None


def test_a_home_without_a_mail_server_sends_nothing_and_one_with_it_opens_no_secret(tmp_path):
    without = Settings(home=tmp_path)
    assert open_mailer(without) is None
    assert mail_rules(without).console_url == ""
    said = {**SAID, "username": "a", "password": "env:NOT_THERE", "titles": False}
    console = {"url": "https://signer.example"}
    told = Settings.model_validate({"home": tmp_path, "mail": said, "console": console})
    assert open_mailer(told) is not None
    rules = mail_rules(told)
    assert (rules.console_url, rules.titles) == ("https://signer.example", False)
