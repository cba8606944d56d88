"""A home with a mailbox and a fax queue: opened by its settings, and looked at by the doctor."""

import json
import subprocess
import sys

import pytest
import yaml

from flows.up import waits
from rpa.bootstrap import diagnosis
from rpa.bootstrap.channels import open_channels
from rpa.bootstrap.register import open_register
from rpa.bootstrap.toolbox import open_toolbox
from rpa.settings import HOME_FILE, load_settings
from rpa.testing.hostile_images import fax_tiff
from rpa.testing.hostile_mail import mail_bytes
from rpa.testing.mailbox import dovecot_program, running_mailbox


@pytest.fixture
def server(missing):
    if dovecot_program() is None:
        missing("missing: dovecot; apt-get install dovecot-imapd")
    with running_mailbox() as running:
        yield running


@pytest.fixture
def home_with(tmp_path, server):
    """Make a home with one mailbox and one fax queue; ``changes`` to the mailbox."""

    def make(**changes):
        mailbox = {
            "host": "localhost",
            "port": server.port,
            "username": server.username,
            "password": "file:secret",
            "ca_file": str(server.ca_file),
            "done_folder": "Faits",
            **changes,
        }
        (tmp_path / "secret").write_text(server.password, encoding="utf-8")
        (tmp_path / "recvq").mkdir(exist_ok=True)
        channels = {
            "courriel": {"kind": "email", "mailbox": mailbox},
            "fax": {"kind": "fax", "settle_s": 0, "hylafax": {"recvq": "recvq"}},
        }
        (tmp_path / HOME_FILE).write_text(yaml.safe_dump({"channels": channels}))
        return load_settings(tmp_path)

    return make


def found(settings, what):
    return [d for d in diagnosis._home(settings) if d.what == f"channel {what}"]


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def test_both_channels_hold_out_what_waits(home_with, server, tmp_path):
    settings = home_with()
    server.deliver(mail_bytes())
    (tmp_path / "recvq" / "fax000000001.tif").write_bytes(fax_tiff())

    channels = open_channels(settings)

    assert [d.name for d in channels["courriel"].deliveries()] == ["message-1.eml"]
    assert [d.name for d in channels["fax"].deliveries()] == ["fax000000001.tif"]


def test_what_lies_in_a_mailbox_is_left_to_the_schedule(home_with, tmp_path):
    settings = home_with()
    (tmp_path / "recvq" / "fax000000001.tif").write_bytes(fax_tiff())

    assert waits(settings, open_register(settings)) is False


def test_the_toolbox_opens_without_the_mailboxs_password(home_with, tmp_path):
    settings = home_with()
    (tmp_path / "secret").unlink()

    assert set(open_toolbox(settings).channels) == {"courriel", "fax"}


def test_the_doctor_reaches_mailbox_and_queue(home_with, server):
    server.deliver(mail_bytes())

    well = [d for name in ("courriel", "fax") for d in found(home_with(), name)]

    assert [(d.is_well, d.found) for d in well] == [
        (True, "reached, 1 waiting"),
        (True, "reached, 0 waiting"),
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"username": "nobody"}, "mailbox-login"),
        ({"folder": "Reçus"}, "mailbox-folder"),
        ({"ca_file": None}, "mailbox-certificate"),
        ({"port": 1}, "mailbox-unavailable"),
        ({"password": "file:nowhere"}, "secret-missing"),
    ],
)
def test_the_doctor_tells_what_is_wrong_with_a_mailbox(home_with, changes, code):
    [mailbox] = found(home_with(**changes), "courriel")

    assert (mailbox.is_well, mailbox.found) == (False, code)
    assert mailbox.mend


def test_a_mail_server_that_is_away_stops_no_other_channel(home_with, tmp_path):
    home_with(port=1)
    (tmp_path / "recvq" / "fax000000001.tif").write_bytes(fax_tiff())
    command = [sys.executable, "-m", "rpa", "work", "--json", "--home", str(tmp_path)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 5
    assert "courriel" in done.stderr
    assert [one["file"] for one in json.loads(done.stdout)] == ["fax000000001.tif"]
