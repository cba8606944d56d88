"""Mails of every kind, taken from a real Dovecot by the step that makes cases of them."""

import datetime as dt
import signal
import subprocess
import sys
from email.message import EmailMessage

import pytest
from PIL import Image

from rpa.domain.case import CaseState
from rpa.domain.channel import ChannelKind
from rpa.domain.document import DocumentRole
from rpa.intake.adapters.imap import MailboxChannel
from rpa.intake.adapters.imap_account import MailAccount
from rpa.register.arrivals import Outcome
from rpa.steps.receive import receive
from rpa.testing.channels import channel_toolbox
from rpa.testing.clock import FrozenClock
from rpa.testing.hostile_images import fax_tiff
from rpa.testing.hostile_mail import mail_bytes, mail_with_spoiled_base64, message
from rpa.testing.hostile_pdfs import one_page_pdf
from rpa.testing.mailbox import dovecot_program, running_mailbox

PDF = one_page_pdf()
OLD = "imap_capability = IMAP4rev1"
AFTER_WORKERS = FrozenClock()() + dt.timedelta(minutes=2)
"""The next look after the worker's below."""
CLAIM = ("demande.pdf", "application/pdf", PDF)
WORKER = """
import os, signal, sys
from pathlib import Path
from rpa.domain.channel import ChannelKind
from rpa.intake.adapters.imap import MailboxChannel
from rpa.intake.adapters.imap_account import MailAccount
from rpa.intake.adapters.imap_session import ImapSession
from rpa.steps.receive import receive
from rpa.testing.channels import channel_toolbox

def dying(owner, name, verb):
    original = getattr(owner, name)
    def wrapped(self, *words):
        if verb in (None, words[0]):
            os.kill(os.getpid(), signal.SIGKILL)
        return original(self, *words)
    setattr(owner, name, wrapped)

match sys.argv[6]:
    case "settle":
        dying(MailboxChannel, "settle", None)
    case "COPY" | "MOVE" as verb:
        dying(ImapSession, "_into", verb)
    case "STORE" | "EXPUNGE" as verb:
        dying(ImapSession, "_asked", verb)
account = MailAccount("localhost", sys.argv[4], lambda: sys.argv[5], port=int(sys.argv[2]),
                      ca_file=Path(sys.argv[3]), done_folder="Faits")
tools = channel_toolbox(Path(sys.argv[1]), MailboxChannel("courriel", account), ChannelKind.EMAIL)
receive("courriel", tools)
"""


@pytest.fixture
def server(missing, request):
    if dovecot_program() is None:
        missing("missing: dovecot; apt-get install dovecot-imapd")
    with running_mailbox(getattr(request, "param", "")) as running:
        yield running


@pytest.fixture
def channel(server):
    account = MailAccount(
        "localhost",
        server.username,
        lambda: server.password,
        port=server.port,
        ca_file=server.ca_file,
        done_folder="Faits",
    )
    return MailboxChannel("courriel", account, max_bytes=2_000_000)


@pytest.fixture
def taken(server, channel, tmp_path):
    """Deliver mails and take them in; returns what came of each document."""
    clock = FrozenClock(AFTER_WORKERS)
    tools = channel_toolbox(tmp_path, channel, ChannelKind.EMAIL, clock=clock)

    def take(*mails):
        server.deliver(*mails)
        return receive("courriel", tools)

    take.tools = tools
    return take


def documents(found, role=DocumentRole.ORIGINAL):
    return [d.name for one in found for d in one.case.documents if d.role is role]


def codes(taken, found):
    entries = [e for one in found for e in taken.tools.register.history(one.case.case_id)]
    return [entry.data["code"] for entry in entries if entry.kind == "set-aside"]


def png(width, height):
    image = Image.new("RGB", (width, height), "white")
    image.putpixel((5, 5), (0, 0, 0))
    return image


def with_picture(tmp_path, width, height, *attachments):
    """Return a mail whose text shows a picture."""
    mail = message(*attachments, html='<p>Bonjour</p><img src="cid:logo@x">')
    png(width, height).save(tmp_path / "logo.png")
    html = mail.get_body(("html",))
    html.add_related((tmp_path / "logo.png").read_bytes(), "image", "png", cid="<logo@x>")
    return mail.as_bytes()


def test_each_attachment_becomes_a_case_that_keeps_the_mail(taken, server):
    found = taken(mail_bytes(CLAIM, ("fax.tif", "image/tiff", fax_tiff())))

    assert [one.case.state for one in found] == [CaseState.RECEIVED] * 2
    assert documents(found) == ["demande.pdf", "fax.tif"]
    assert documents(found, DocumentRole.MESSAGE) == ["message-1.eml"] * 2
    assert (server.count(), server.count("Faits")) == (0, 1)


def test_the_ledger_tells_when_the_mail_came_and_no_more_of_it(taken):
    [one] = taken(mail_bytes(CLAIM))

    [came] = [e for e in taken.tools.register.history(one.case.case_id) if e.kind == "received"]
    assert set(came.data) == {"channel", "medium", "document", "pages", "process", "came_at"}


@pytest.mark.parametrize(
    "mail",
    [mail_bytes(text="Bonjour, où en est mon dossier?"), b"From: a@b.org\r\nTo: c@d.org\r\n\r\n"],
    ids=["text", "nothing"],
)
def test_a_mail_without_a_document_is_set_aside_whole(taken, server, mail):
    [one] = found = taken(mail)

    assert one.case.state is CaseState.SET_ASIDE
    assert codes(taken, found) == ["no-document"]
    [original] = one.case.documents
    assert b"a@b.org" in (kept := taken.tools.store.get(original.digest)) or b"dossier" in kept
    assert server.count("Faits") == 1


def test_a_mail_without_headers_is_set_aside_not_lost(taken, server):
    [one] = taken(b"\r\nBonjour.\r\n")

    assert one.case.state is CaseState.SET_ASIDE
    assert server.count("Faits") == 1


def test_a_logo_in_the_text_is_no_document(taken, tmp_path):
    found = taken(
        with_picture(tmp_path, 300, 100, CLAIM), with_picture(tmp_path, 301, 100)
    )  # fmt: skip

    assert documents(found) == ["demande.pdf", "message-2.eml"]
    assert codes(taken, found) == ["no-document"]


def test_a_form_photographed_into_the_text_is_a_document(taken, tmp_path):
    [one] = taken(with_picture(tmp_path, 850, 1100))

    assert one.case.state is CaseState.RECEIVED


def test_forwarded_mails_give_their_documents(taken):
    innermost = message(CLAIM)
    middle = EmailMessage()
    middle["From"], middle["To"] = "b@example.org", "c@example.org"
    middle.set_content("Pour vous.")
    middle.add_attachment(innermost)
    outer = message(("fax.tif", "image/tiff", fax_tiff()))
    outer.add_attachment(middle)

    assert documents(taken(outer.as_bytes())) == ["fax.tif", "demande.pdf"]


def test_winmail_is_set_aside_with_its_reason_beside_what_can_be_read(taken):
    winmail = ("winmail.dat", "application/ms-tnef", b"\x78\x9f\x3e\x22" + bytes(500))

    found = taken(mail_bytes(winmail, CLAIM))

    assert [one.case.state for one in found] == [CaseState.SET_ASIDE, CaseState.RECEIVED]
    assert codes(taken, found) == ["winmail"]
    assert "winmail.dat" in found[0].case.reason


def test_a_broken_part_is_set_aside_and_the_whole_one_taken(taken):
    mail = mail_with_spoiled_base64(PDF)
    broken, whole = taken(mail, mail_bytes(CLAIM))

    assert broken.case.state is CaseState.SET_ASIDE
    assert whole.case.state is CaseState.RECEIVED


def test_a_mail_cut_off_inside_a_part_is_set_aside(taken):
    mail = mail_bytes(CLAIM)

    [one] = taken(mail[: len(mail) * 2 // 3])

    assert one.case.state is CaseState.SET_ASIDE


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("filename*=UTF-8''d%C3%A9claration%20d%E2%80%99imp%C3%B4t.pdf", "déclaration d’impôt.pdf"),
        ("filename*0*=iso-8859-1''d%E9cla; filename*1*=ration.pdf", "déclaration.pdf"),
        ('filename="=?utf-8?B?cmXDp3UucGRm?="', "reçu.pdf"),
        ('filename="=?windows-1252?Q?re=E7u.pdf?="', "reçu.pdf"),
        ('filename="=?no-such-charset?Q?re=E7u.pdf?="', "document.pdf"),
        ('filename="reçu.pdf"', "reçu.pdf"),
        ('filename="../../etc/passwd.pdf"', "passwd.pdf"),
        ("", "document.pdf"),
    ],
)
def test_names_in_odd_charsets_are_read_or_done_without(taken, header, name):
    mail = mail_bytes(CLAIM).replace(b'filename="demande.pdf"', header.encode())

    assert documents(taken(mail)) == [name]


def test_a_text_in_a_charset_nobody_knows_does_no_harm(taken):
    mail = mail_bytes(CLAIM).replace(b'charset="utf-8"', b'charset="x-klingon"')

    assert documents(taken(mail)) == ["demande.pdf"]


def test_a_mail_too_large_is_set_aside_with_its_reason(taken, server):
    found = taken(mail_bytes(("gros.pdf", "application/pdf", PDF + bytes(2_000_000))))

    assert codes(taken, found) == ["too-large"]
    assert server.count("Faits") == 1


def test_the_same_mail_sent_twice_opens_one_case(taken):
    first, second = taken(mail_bytes(CLAIM), mail_bytes(CLAIM))

    assert second.case.case_id == first.case.case_id
    assert second.outcome is Outcome.DUPLICATE


def test_a_changed_uidvalidity_takes_no_mail_in_twice(taken, server, channel, tmp_path):
    server.deliver(mail_bytes(CLAIM))
    stored_only = channel_toolbox(
        tmp_path, Unsettled("courriel", channel.account), ChannelKind.EMAIL
    )
    [before] = receive("courriel", stored_only)
    server.forget_uids()

    [after] = taken()

    assert after.outcome is Outcome.DUPLICATE
    assert after.case.case_id == before.case.case_id
    assert server.count("Faits") == 1


class Unsettled(MailboxChannel):
    """Dies, as it were, before it settles."""

    def settle(self, delivery):
        pass


@pytest.mark.parametrize(
    ("server", "before"),
    [
        ("", "settle"),
        ("", "MOVE"),
        (f"{OLD} UIDPLUS\n", "COPY"),
        (f"{OLD} UIDPLUS\n", "STORE"),
        (f"{OLD} UIDPLUS\n", "EXPUNGE"),
        (f"{OLD}\n", "STORE"),
    ],
    indirect=["server"],
)
def test_killed_while_settling_no_second_case_is_opened_and_no_mail_copied_twice(
    taken, server, tmp_path, before
):
    server.deliver(mail_bytes(CLAIM, ("fax.tif", "image/tiff", fax_tiff())))

    died = subprocess.run(worker(server, tmp_path, before), check=False)
    found = taken()

    assert died.returncode == -signal.SIGKILL
    assert {one.outcome for one in found} <= {Outcome.KNOWN}
    assert sum(taken.tools.register.counts().values()) == 2
    assert (server.count(criterion="UNDELETED"), server.count("Faits")) == (0, 1)
    assert list(taken.tools.register.flaws()) == []


@pytest.mark.parametrize("server", ["", f"{OLD} UIDPLUS\n"], indirect=True)
def test_two_workers_on_one_mailbox_take_each_mail_once(taken, server, tmp_path):
    mails = [mail_bytes((f"{n}.pdf", "application/pdf", PDF + b"%d" % n)) for n in range(12)]
    server.deliver(*mails)

    workers = [subprocess.Popen(worker(server, tmp_path, "well")) for _each in range(2)]

    assert [one.wait(timeout=80) for one in workers] == [0, 0]
    assert sum(taken.tools.register.counts().values()) == len(mails)
    assert (server.count(), server.count("Faits")) == (0, len(mails))
    assert list(taken.tools.register.flaws()) == []


def worker(server, folder, how):
    arguments = [folder, server.port, server.ca_file, server.username, server.password, how]
    return [sys.executable, "-c", WORKER, *map(str, arguments)]
