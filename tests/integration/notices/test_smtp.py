"""Mails by SMTP, to a real server on loopback."""

import dataclasses
import socket
from datetime import UTC, datetime

import pytest

from rpa.domain.errors import NoticeRefusedError, ToolTimeoutError, ToolUnavailableError
from rpa.notices.adapters.smtp import MailServer, SmtpMailer
from rpa.notices.api import Mail
from rpa.testing.mail import PASSWORD, USERNAME, mail_server
from rpa.testing.mailbox import write_certificate

MAIL = Mail(
    message_id="S-2026-000001.0.1",
    to="marie@ville.example",
    name="Marie Côté",
    subject="Un document à signer",
    text="Bonjour Marie,\n",
    html="<p>Bonjour Marie,</p>\n",
    at=datetime(2026, 11, 24, 12, tzinfo=UTC),
)


def mailer(server, **said):
    known = {"host": "localhost", "port": server.port, "security": "none", "timeout_s": 5}
    where = MailServer(**{**known, "sender": "signer@ville.example", **said})
    return SmtpMailer(where, sender_name="Ville de L’Île")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    write_certificate(folder)
    return folder


def test_a_mail_arrives_as_text_and_html_under_its_own_number():
    with mail_server() as server:
        mailer(server).send(MAIL)
        (mail,) = server.mails
    assert mail["Message-ID"] == "<S-2026-000001.0.1@ville.example>"
    assert mail["From"] == "Ville de L’Île <signer@ville.example>"
    assert mail["To"] == "Marie Côté <marie@ville.example>"
    assert mail["Subject"] == "Un document à signer"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == MAIL.at
    assert mail.get_body(("plain",)).get_content().strip() == "Bonjour Marie,"
    assert mail.get_body(("html",)).get_content().strip() == "<p>Bonjour Marie,</p>"
    assert list(mail.iter_attachments()) == []


def test_starttls_checks_the_certificate_and_logs_in(certificate):
    with mail_server(certificate=certificate, auth=True) as server:
        sure = {"security": "starttls", "ca_file": certificate / "ca.pem"}
        login = {"username": USERNAME, "password": lambda: PASSWORD}
        mailer(server, **sure, **login).send(MAIL)
        assert server.sessions == [True]
        with pytest.raises(ToolUnavailableError) as stranger:
            mailer(server, security="starttls", **login).send(MAIL)
        assert stranger.value.reason == "mail-unavailable"
        with pytest.raises(ToolUnavailableError) as refused:
            mailer(server, **sure, username=USERNAME, password=lambda: "faux-mot").send(MAIL)
        assert refused.value.reason == "mail-log-in-refused"
        assert "faux-mot" not in str(refused.value)
        with pytest.raises(ToolUnavailableError):
            mailer(server, **sure).send(MAIL)
    assert len(server.mails) == 1


def test_a_server_without_starttls_is_given_neither_password_nor_mail():
    with mail_server() as server, pytest.raises(ToolUnavailableError) as refused:
        mailer(server, security="starttls").send(MAIL)
    assert refused.value.reason == "mail-unavailable"
    assert server.mails == []


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        ("550 No such user", NoticeRefusedError, "recipient-refused"),
        ("451 Greylisted", ToolUnavailableError, "mail-try-later"),
    ],
)
def test_a_refusal_for_good_is_told_apart_from_one_for_now(answer, error, code):
    with mail_server() as server:
        server.answers["marie@ville.example"] = answer
        with pytest.raises(error) as refused:
            mailer(server).send(MAIL)
        mailer(server).send(dataclasses.replace(MAIL, to="paul@ville.example"))
    assert refused.value.reason == code
    assert [mail["To"].addresses[0].username for mail in server.mails] == ["paul"]


def test_a_mail_refused_as_a_whole_is_told():
    with mail_server() as server:
        server.data_answer = "554 Spam"
        with pytest.raises(NoticeRefusedError) as refused:
            mailer(server).send(MAIL)
    assert refused.value.reason == "mail-refused"


def test_a_server_that_is_down_or_silent_is_told():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        where = MailServer("127.0.0.1", port, "a@ville.example", "none", timeout_s=0.2)
        with pytest.raises(ToolTimeoutError):
            SmtpMailer(where, sender_name="Ville").send(MAIL)
    with pytest.raises(ToolUnavailableError) as down:
        SmtpMailer(where, sender_name="Ville").send(MAIL)
    assert down.value.reason == "mail-unavailable"
    assert str(port) in down.value.message


@pytest.mark.parametrize("name", ["Eve\r\nBcc: all@x.example", "Ève\nX: y"])
def test_a_name_with_a_line_break_adds_no_header(name):
    with mail_server() as server, pytest.raises(NoticeRefusedError):
        mailer(server).send(dataclasses.replace(MAIL, name=name))
    assert server.mails == []
