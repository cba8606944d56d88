"""The settings of a home, and the secrets behind its references."""

import pytest

from rpa.domain.batch import AS_DELIVERED, BlankPages, Duplex, SplitRule
from rpa.domain.errors import SetupError
from rpa.environment import environment_language
from rpa.settings import load_settings


@pytest.fixture
def home(tmp_path):
    def write(text):
        (tmp_path / "rpa.yaml").write_text(text)
        return load_settings(tmp_path)

    return write


def test_paths_are_inside_the_home(home, tmp_path):
    settings = home("channels: {fax: {kind: fax, folder: in/fax}}\nprocesses: [p]\n")

    assert settings.channels["fax"].folder == tmp_path / "in" / "fax"
    assert settings.processes == (tmp_path / "p",)
    assert settings.database_url == f"sqlite:///{tmp_path / 'register.db'}"


def test_the_address_of_another_database_is_left_alone(home):
    assert home("database: sqlite:////elsewhere/r.db").database_url == "sqlite:////elsewhere/r.db"


def test_a_target_has_one_user_or_several(home):
    one = "{url: u, username: n, password: env:P}"
    more = (
        "{url: u, logins: [{username: n, password: env:P}, {username: m, password: file:p}],"
        " pause_s: 2, hours: [{from: '08:00', to: '17:00'}], circuit: {failures: 5}}"
    )
    targets = home(f"targets: {{old: {one}, new: {more}}}").targets

    assert [login.username for login in targets["old"].logins] == ["n"]
    assert [login.username for login in targets["new"].logins] == ["n", "m"]
    assert targets["new"].hours[0].days == (1, 2, 3, 4, 5)
    assert targets["new"].circuit.failures == 5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("colour: blue", "colour"),
        ("channels: {fax: {kind: pigeon, folder: x}}", "channels.fax.kind"),
        ("targets: {t: {url: u, username: n, password: hunter2}}", "reference"),
        ("organization: [", "rpa.yaml"),
        ("- a list", "rpa.yaml"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(home, text, told):
    with pytest.raises(SetupError, match=told):
        home(text)


def test_a_password_written_into_the_settings_is_not_repeated_in_the_error(home):
    with pytest.raises(SetupError) as caught:
        home("targets: {t: {url: u, username: n, password: hunter2}}")
    assert "hunter2" not in caught.value.message


def test_secrets_come_from_files_and_the_environment(home, tmp_path, monkeypatch):
    settings = home("")
    (tmp_path / "pass").write_text("from the file\n")
    monkeypatch.setenv("RPA_TEST_SECRET", "from the environment")

    assert settings.secret("file:pass") == "from the file"
    assert settings.secret("env:RPA_TEST_SECRET") == "from the environment"


@pytest.mark.parametrize("reference", ["file:none", "env:RPA_NO_SUCH_SECRET", "plain"])
def test_a_secret_that_is_not_there_is_told_by_its_reference(home, reference):
    with pytest.raises(SetupError):
        home("").secret(reference)


@pytest.mark.parametrize(
    ("locale", "language"), [("fr_CA.UTF-8", "fr"), ("en_CA.UTF-8", "en"), ("C", "en")]
)
def test_the_language_is_the_locale_s(monkeypatch, locale, language):
    monkeypatch.setenv("LC_ALL", locale)
    assert environment_language() == language


MAILBOX = "host: h, username: u, password: 'env:P'"


def channel_of(home, said):
    return home(f"channels: {{c: {{kind: email, {said}}}}}").channels["c"]


def test_a_mailbox_needs_little_said(home, tmp_path):
    channel = channel_of(home, f"mailbox: {{{MAILBOX}, ca_file: pki/ca.pem}}")

    assert channel.folder is None
    assert channel.mailbox.folder == "INBOX"
    assert channel.mailbox.security == "tls"
    assert channel.mailbox.ca_file == tmp_path / "pki" / "ca.pem"


def test_a_fax_queue_is_left_as_it_is_unless_said_otherwise(home, tmp_path):
    channel = channel_of(home, "hylafax: {recvq: recvq}")

    assert channel.hylafax.recvq == tmp_path / "recvq"
    assert channel.hylafax.remove is False


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_plain_text_is_allowed_on_this_machine_where_it_is_said(home, host):
    mailbox = f"host: '{host}', username: u, password: 'env:P', security: none"

    assert channel_of(home, f"mailbox: {{{mailbox}}}").mailbox.security == "none"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("process: p", "exactly one of folder, mailbox and hylafax"),
        (f"folder: x, mailbox: {{{MAILBOX}}}", "exactly one of folder, mailbox and hylafax"),
        ("mailbox: {host: h, username: u, password: hunter2}", "reference"),
        (f"mailbox: {{{MAILBOX}, security: none}}", "on this machine only"),
        (f"mailbox: {{{MAILBOX}, security: ssl}}", "channels.c.mailbox.security"),
        (f"mailbox: {{{MAILBOX}, done_folder: INBOX}}", "done_folder must be another folder"),
        (f"mailbox: {{{MAILBOX}, port: 99999}}", "channels.c.mailbox.port"),
        ("hylafax: {remove: true}", "channels.c.hylafax.recvq"),
    ],
)
def test_a_channel_that_says_too_much_or_too_little_is_told(home, said, told):
    with pytest.raises(SetupError) as failed:
        channel_of(home, said)

    assert told in failed.value.message
    assert "hunter2" not in failed.value.message


def test_a_channel_splits_nothing_unless_told_to(home):
    settings = home("channels: {a: {kind: scan, folder: in}}")

    assert settings.channels["a"].batch == AS_DELIVERED


def test_a_channel_says_how_its_piles_are_made_into_documents(home):
    rule = (
        home("""
        channels:
          a:
            kind: scan
            folder: in
            split: {sheets: [SEP-*], every: 2}
            duplex: one-file
            blank_pages: set-aside
        """)
        .channels["a"]
        .batch
    )

    assert rule.split == SplitRule(sheets=("SEP-*",), every=2)
    assert (rule.duplex, rule.blank_pages) == (Duplex.ONE_FILE, BlankPages.SET_ASIDE)


def test_a_channels_passwords_are_references(home):
    with pytest.raises(SetupError, match="references"):
        home("channels: {a: {kind: scan, folder: in, passwords: [sesame]}}")
