"""A mailbox on a real Dovecot: what is held out, how it is settled, and every way to fail."""

import dataclasses
import datetime as dt
import socket

import pytest

from rpa.domain.errors import SetupError, ToolTimeoutError, ToolUnavailableError
from rpa.intake.adapters.imap import MailboxChannel
from rpa.intake.adapters.imap_account import MailAccount, Security
from rpa.testing.cutting import breaking_way
from rpa.testing.hostile_mail import mail_bytes
from rpa.testing.hostile_pdfs import one_page_pdf
from rpa.testing.mailbox import dovecot_program, running_mailbox, write_certificate

MAIL = b"Message-ID: <a/1@example.org>\r\nFrom: a@example.org\r\nSubject: un\r\n\r\nBonjour.\r\n"
OTHER = b"From: b@example.org\r\nSubject: deux\r\n\r\nBonsoir.\r\n"


@pytest.fixture
def server(missing, request):
    if dovecot_program() is None:
        missing("missing: dovecot; apt-get install dovecot-imapd")
    with running_mailbox(getattr(request, "param", "")) as running:
        yield running


@pytest.fixture
def account(server):
    return MailAccount(
        host=server.host,
        username=server.username,
        password=lambda: server.password,
        port=server.port,
        ca_file=server.ca_file,
        timeout_s=10,
    )


@pytest.fixture
def channel(account):
    return MailboxChannel("courriel", account)


def but(account, **changes):
    return MailboxChannel("courriel", dataclasses.replace(account, **changes))


def names(channel):
    return [delivery.name for delivery in channel.deliveries()]


def settle_all(channel):
    for delivery in channel.deliveries():
        channel.settle(delivery)


def test_mails_are_held_out_as_they_came_the_oldest_first(server, channel):
    server.deliver(MAIL, OTHER)

    first, second = channel.deliveries()

    assert (first.name, first.content) == ("a_1@example.org.eml", MAIL)
    assert (second.name, second.content) == ("message-2.eml", OTHER)
    assert abs(first.came_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)  # noqa: TID251


def test_an_empty_mailbox_holds_nothing_out(channel):
    assert names(channel) == []
    assert channel.waiting() == 0


def test_reading_marks_nothing_and_the_same_mail_has_the_same_source(server, account):
    server.deliver(MAIL)
    [before] = MailboxChannel("courriel", account).deliveries()
    [after] = MailboxChannel("courriel", account).deliveries()

    assert after.source_id == before.source_id
    assert server.count(criterion="UNSEEN") == 1


def test_the_source_names_no_person(server, channel):
    server.deliver(MAIL)

    [delivery] = channel.deliveries()

    assert server.username not in delivery.source_id


def test_a_settled_mail_is_flagged_and_held_out_no_more(server, account, channel):
    server.deliver(MAIL)
    [delivery] = channel.deliveries()

    channel.settle(delivery)
    MailboxChannel("courriel", account).settle(delivery)

    assert server.count(criterion="SEEN KEYWORD RpaTaken") == 1
    assert names(channel) == []


def test_a_mail_that_a_person_has_read_is_taken_all_the_same(server, channel):
    server.deliver(MAIL)
    with server.opened() as client:
        client.store("1", "+FLAGS", "(\\Seen)")

    assert names(channel) == ["a_1@example.org.eml"]


def test_a_mail_that_a_person_has_deleted_is_left_alone(server, channel):
    server.deliver(MAIL)
    with server.opened() as client:
        client.store("1", "+FLAGS", "(\\Deleted)")

    assert names(channel) == []


def test_a_settled_mail_moves_to_the_done_folder_which_is_made(server, account):
    channel = but(account, done_folder='Traités & "reçus"')
    server.deliver(MAIL, OTHER)

    settle_all(channel)

    assert server.count() == 0
    assert names(channel) == []
    assert names(but(account, folder='Traités & "reçus"')) == [
        "a_1@example.org.eml",
        "message-2.eml",
    ]


def test_settling_a_moved_mail_again_does_nothing(server, account):
    channel = but(account, done_folder="Faits")
    server.deliver(MAIL)
    [delivery] = channel.deliveries()

    channel.settle(delivery)
    channel.settle(delivery)

    assert server.count("Faits") == 1


@pytest.mark.parametrize(
    ("server", "left"),
    [("imap_capability = IMAP4rev1 UIDPLUS\n", 0), ("imap_capability = IMAP4rev1\n", 1)],
    indirect=["server"],
)
def test_an_old_server_that_cannot_move_copies_and_deletes(server, account, left):
    channel = but(account, done_folder="Faits")
    server.deliver(MAIL)

    settle_all(channel)

    assert names(channel) == []
    assert (server.count(), server.count("Faits")) == (left, 1)


@pytest.mark.parametrize("server", ["imap_capability = IMAP4rev1\n"], indirect=True)
def test_a_mail_like_another_is_copied_beside_it(server, account):
    channel = but(account, done_folder="Faits")
    server.deliver(MAIL, MAIL.replace(b"Bonjour", b"Bonsoir"), MAIL + b"x")

    settle_all(channel)

    assert server.count("Faits") == 3
    assert names(channel) == []


def test_starttls_reaches_the_same_mailbox(server, account):
    server.deliver(MAIL)
    channel = but(account, security=Security.STARTTLS, port=server.plain_port)

    assert names(channel) == ["a_1@example.org.eml"]


def test_plain_text_works_on_loopback(server, account):
    server.deliver(MAIL)
    channel = but(account, security=Security.NONE, port=server.plain_port, ca_file=None)

    assert names(channel) == ["a_1@example.org.eml"]


def test_a_mail_too_large_is_refused_unread_and_stays_with_the_mailbox(server, account):
    server.deliver(MAIL + b"x" * 2_000_000, OTHER)
    channel = MailboxChannel(
        "courriel", dataclasses.replace(account, done_folder="Faits"), max_bytes=1_000_000
    )

    large, small = channel.deliveries()
    channel.settle(large)

    assert (large.refused_code, large.content) == ("too-large", b"")
    assert "1 MB" in large.refused
    assert small.content == OTHER
    assert server.count("Faits") == 1


def test_after_a_changed_uidvalidity_a_mail_is_new_and_an_old_delivery_settles_nothing(
    server, channel
):
    server.deliver(MAIL)
    [before] = channel.deliveries()
    server.forget_uids()

    channel.settle(before)
    [after] = channel.deliveries()

    assert after.source_id != before.source_id
    assert after.content == before.content


def test_a_mail_that_vanishes_while_looking_is_no_error(server, channel):
    server.deliver(MAIL, OTHER)
    looking = channel.deliveries()
    first = next(looking)
    with server.opened() as client:
        client.store("1:2", "+FLAGS", "(\\Deleted)")
        client.expunge()

    channel.settle(first)

    assert list(looking) == []


def test_a_wrong_password_is_a_setting_to_mend_and_is_never_told(account):
    channel = but(account, password=lambda: "hunter2")

    with pytest.raises(SetupError) as failed:
        names(channel)

    assert failed.value.reason == "mailbox-login"
    assert "hunter2" not in failed.value.message
    assert failed.value.__cause__ is None


def test_a_folder_that_is_not_there_is_a_setting_to_mend(account):
    with pytest.raises(SetupError) as failed:
        names(but(account, folder="Reçus"))

    assert failed.value.reason == "mailbox-folder"
    assert "Reçus" in failed.value.message


def test_a_certificate_of_an_unknown_authority_is_refused(account, tmp_path):
    write_certificate(tmp_path)

    for ca_file in (None, tmp_path / "ca.pem"):
        with pytest.raises(ToolUnavailableError) as failed:
            names(but(account, ca_file=ca_file))
        assert failed.value.reason == "mailbox-certificate"


def test_a_certificate_for_another_host_is_refused(account):
    with pytest.raises(ToolUnavailableError) as failed:
        names(but(account, host="127.0.0.1"))

    assert failed.value.reason == "mailbox-certificate"


def test_starttls_refuses_an_unknown_authority_too(server, account):
    channel = but(account, security=Security.STARTTLS, port=server.plain_port, ca_file=None)

    with pytest.raises(ToolUnavailableError) as failed:
        names(channel)

    assert failed.value.reason == "mailbox-certificate"


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_a_ca_file_that_cannot_be_read_is_a_setting_to_mend(account, tmp_path, content):
    ca_file = tmp_path / "other.pem"
    if content is not None:
        ca_file.write_bytes(content)

    with pytest.raises(SetupError) as failed:
        names(but(account, ca_file=ca_file))

    assert failed.value.reason == "mailbox-ca-file"


def test_a_server_that_is_away_is_tried_again(account):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(ToolUnavailableError) as failed:
        names(but(account, port=port))

    assert failed.value.reason == "mailbox-unavailable"


def test_a_server_that_says_nothing_is_not_waited_for(server, account):
    with breaking_way(server.port) as way:
        way.is_silent = True
        with pytest.raises(ToolTimeoutError):
            names(but(account, port=way.port, timeout_s=0.3))


def test_a_connection_cut_in_mid_message_loses_nothing(server, account):
    server.deliver(mail_bytes(("a.pdf", "application/pdf", one_page_pdf() + bytes(200_000))))
    with breaking_way(server.port) as way:
        way.cut_after = 60_000
        channel = but(account, port=way.port)
        with pytest.raises(ToolUnavailableError):
            names(channel)
        way.cut_after = None

        [delivery] = channel.deliveries()

    assert delivery.name == "message-1.eml"
    assert server.count(criterion="UNSEEN") == 1


@pytest.mark.parametrize("cut_after", [1, 500, 1_500, 3_000])
def test_a_connection_cut_anywhere_is_an_error_that_passes(server, account, cut_after):
    server.deliver(MAIL + b"x" * 100_000)
    with breaking_way(server.port) as way:
        way.cut_after = cut_after
        with pytest.raises(ToolUnavailableError):
            names(but(account, port=way.port))


def test_a_connection_cut_before_settling_is_made_again(server, account):
    server.deliver(MAIL, OTHER)
    with breaking_way(server.port) as way:
        looking = but(account, port=way.port)
        deliveries = looking.deliveries()
        first = next(deliveries)
        way.cut()

        looking.settle(first)
        assert next(deliveries).content == OTHER
        way.cut()
        assert list(deliveries) == []

    assert server.count(criterion="KEYWORD RpaTaken") == 1


def test_a_mail_the_server_cannot_read_holds_back_no_other(server, channel):
    server.deliver(MAIL, OTHER)
    kept = server.folder / "mail" / server.username
    lines = MAIL.replace(b"\r\n", b"\n")
    [spoiled] = [path for path in kept.glob("???/*") if path.read_bytes() == lines]
    spoiled.chmod(0)
    looking = channel.deliveries()

    assert next(looking).content == OTHER
    with pytest.raises(ToolUnavailableError) as failed:
        next(looking)
    spoiled.chmod(0o600)

    assert failed.value.reason == "mailbox-withheld"
    assert [delivery.content for delivery in channel.deliveries()] == [MAIL, OTHER]


@pytest.mark.parametrize("server", ["auth_mechanisms = login\n"], indirect=True)
def test_a_server_with_an_older_way_to_log_in_is_reached(account):
    assert names(but(account)) == []
