"""How IMAP writes folder names, and how servers' answers are read, the odd ones too."""

import datetime as dt

import pytest

from rpa.intake.adapters.imap_words import (
    date_told,
    literal,
    message_id,
    quoted_folder,
    response_code,
    size_told,
)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("INBOX", '"INBOX"'),
        ("Traités", '"Trait&AOk-s"'),
        ("A & B", '"A &- B"'),
        ("~peter/mail/台北/日本語", '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'),  # RFC 3501, 5.1.3
        ('dit "reçu" \\ fait', '"dit \\"re&AOc-u\\" \\\\ fait"'),
        ("📠", '"&2D3c4A-"'),
        ("", '""'),
    ],
)
def test_folder_names_are_written_in_modified_utf7(name, written):
    assert quoted_folder(name) == written


def test_the_literal_is_found_among_what_else_the_server_tells():
    answer = [b"7 (FLAGS (\\Seen))", (b"3 (BODY[] {5}", b"Hello"), b" UID 9)"]

    assert literal(answer) == b"Hello"
    assert literal([b"7 (FLAGS (\\Seen))"]) is None
    assert literal([None]) is None


def test_size_and_date_are_found_before_and_after_the_literal():
    first = [
        (b'1 (RFC822.SIZE 42 INTERNALDATE " 4-Nov-2026 09:10:11 -0500" BODY[X] {0}', b""),
        b")",
    ]
    last = [(b"1 (BODY[X] {0}", b""), b' RFC822.SIZE 42 INTERNALDATE "04-Nov-2026 09:10:11 -0500")']
    told = dt.datetime(2026, 11, 4, 9, 10, 11, tzinfo=dt.timezone(dt.timedelta(hours=-5)))

    for answer in (first, last):
        assert size_told(answer) == 42
        assert date_told(answer) == told


@pytest.mark.parametrize("date", [b"", b'INTERNALDATE "yesterday"', b'INTERNALDATE "1-2-3"'])
def test_a_date_in_another_form_is_no_error(date):
    assert date_told([date]) is None


def test_a_mail_that_is_gone_has_no_size():
    assert size_told([None]) is None


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (b"Message-ID: <a@b>\r\n\r\n", "a@b"),
        (b"message-id:\r\n <long@\r\n b>\r\n\r\n", "long@b"),
        (b"\r\n", ""),
        (b"Message-ID: \xe9\xff\r\n\r\n", "\ufffd\ufffd"),
    ],
)
def test_the_message_id_is_read_however_it_is_folded(header, said):
    assert message_id(header) == said


def test_the_code_of_a_refusal_is_told():
    assert response_code([b"[TRYCREATE] Mailbox doesn't exist"]) == "TRYCREATE"
    assert response_code([b"no"]) == ""
