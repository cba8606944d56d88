"""Reminders and the outbox: who is written to, when, and what the record says of it."""

from datetime import timedelta

import pytest

from rpa.domain.errors import NoticeRefusedError, SetupError, ToolUnavailableError
from rpa.domain.notice import NoticeKind, NoticeState
from rpa.notices.api import MailRules
from rpa.register.outbox import HELD
from rpa.steps.signature_requests import (
    cancel,
    create_request,
    expire_due,
    remind,
    remind_due,
    send_notices,
    sign_requested,
)
from rpa.steps.signature_requests.passes import LONGEST_WAIT, TRIES
from rpa.testing.requests import (
    FieldSigner,
    KeptMail,
    a_draft,
    a_person,
    add_people,
    opened_consent,
)

DAY = timedelta(days=1).total_seconds()


@pytest.fixture
def mail():
    return KeptMail()


@pytest.fixture
def office(world, mail):
    """Make a toolbox whose mails are kept."""

    def make(**chosen):
        signer = FieldSigner()
        tools = world(**{"signer": signer, "validator": signer, "mailer": mail, **chosen})
        add_people(tools, "anne", "benoit", "chef")
        return tools

    return make


def ask(tools, *signers, **said):
    draft = a_draft(tools, *(signers or ("anne",)), **said)
    return create_request(draft, by="person:chef", tools=tools)


def pass_over(tools):
    expire_due(tools)
    remind_due(tools)
    return send_notices(tools)


def test_mails_go_to_the_persons_address_in_their_language(office, mail):
    tools = office()
    tools.register.change_person(a_person("anne", language="en"), actor="test")
    made = ask(tools, "anne", "benoit")
    assert send_notices(tools).sent == 2
    by_address = {one.to: one for one in mail.mails}
    english, french = by_address["anne@ville.example"], by_address["benoit@ville.example"]
    assert english.subject == f"A document to sign: Bail ({made.request_id})"
    assert french.subject != english.subject
    assert f"https://console.example/demandes/{made.request_id}" in french.text
    assert english.message_id != french.message_id
    assert "Bail" in english.html
    assert not any(b"%PDF" in part.encode() for part in (english.text, english.html))


def test_titles_and_links_are_left_out_where_the_house_says_so(office, mail):
    rules = MailRules(console_url="https://c.example", titles=False, completed_links=False)
    tools = office(mail_rules=rules)
    made = ask(tools)
    send_notices(tools)
    sign_requested(made.request_id, opened_consent(made.request_id, "anne", tools), tools=tools)
    send_notices(tools)
    asked, *ended = mail.mails
    assert "https://c.example" in asked.text
    assert not any("https://" in one.text for one in ended)
    assert not any("Bail" in one.subject + one.text + one.html for one in mail.mails)


def test_a_mail_is_sent_once(office, mail):
    tools = office()
    ask(tools)
    assert send_notices(tools).sent == 1
    assert send_notices(tools).sent == 0
    assert len(mail.mails) == 1


def test_without_a_mail_server_notices_wait(office):
    tools = office(mailer=None)
    made = ask(tools)
    assert send_notices(tools).sent == 0
    (notice,) = tools.register.notices_of(made.request_id)
    assert (notice.state, notice.attempts) == (NoticeState.WAITING, 0)


@pytest.mark.parametrize(
    "error",
    [ToolUnavailableError("Down.", code="mail-unavailable"), SetupError("No.", code="no-secret")],
)
def test_a_failing_server_puts_notices_off_longer_each_time(office, mail, clock, error):
    tools = office()
    made = ask(tools)
    waits = []
    for _try in range(3):
        mail.failures.append(error)
        assert send_notices(tools).failed == 1
        (notice,) = tools.register.notices_of(made.request_id)
        assert notice.failure == error.reason
        waits.append((notice.not_before - clock()).total_seconds() / 60)
        assert send_notices(tools).failed == 0
        clock.pass_by(waits[-1] * 60)
    assert waits == [1, 2, 4]
    assert send_notices(tools).sent == 1
    (notice,) = tools.register.notices_of(made.request_id)
    assert (notice.state, notice.attempts, notice.failure) == (NoticeState.SENT, 4, "")


def test_a_notice_that_fails_for_days_is_given_up_and_shown(office, mail, clock):
    tools = office()
    made = ask(tools)
    mail.failures.extend(ToolUnavailableError("Down.", code="down") for _ in range(TRIES))
    for _try in range(TRIES + 2):
        send_notices(tools)
        clock.pass_by(LONGEST_WAIT.total_seconds())
    (notice,) = tools.register.notices_of(made.request_id)
    assert (notice.state, notice.failure) == (NoticeState.GIVEN_UP, "down")
    assert mail.mails == []


def test_one_refused_address_does_not_keep_the_others_waiting(office, mail):
    tools = office()
    made = ask(tools, "anne", "benoit")
    mail.failures.append(NoticeRefusedError("Unknown.", code="recipient-refused"))
    done = send_notices(tools)
    assert (done.sent, done.failed) == (1, 1)
    states = {n.recipient: n.state for n in tools.register.notices_of(made.request_id)}
    assert sorted(states.values()) == [NoticeState.GIVEN_UP, NoticeState.SENT]


def test_a_death_after_the_servers_answer_repeats_the_same_message_number(office, mail, clock):
    tools = office()
    ask(tools)

    class Killed(BaseException):
        pass

    def die(*_args, **_named):
        raise Killed

    dying = tools.register.notice_sent
    tools.register.notice_sent = die
    with pytest.raises(Killed):
        send_notices(tools)
    tools.register.notice_sent = dying
    assert send_notices(tools).sent == 0
    clock.pass_by(HELD.total_seconds())
    assert send_notices(tools).sent == 1
    first, second = mail.mails
    assert first.message_id == second.message_id


def test_reminders_go_out_before_the_deadline_and_stand_in_the_ledger(office, mail, clock):
    tools = office()
    made = ask(tools)
    for _quarter in range(11 * 4):
        pass_over(tools)
        clock.pass_by(DAY / 4)
    notices = [
        n for n in tools.register.notices_of(made.request_id) if n.kind is NoticeKind.REMINDER
    ]
    deadline = made.signers[0].deadline
    assert [round((deadline - n.sent_at).total_seconds() / DAY) for n in notices] == [3, 1]
    told = [e for e in tools.register.request_history(made.request_id) if e.kind == "reminded"]
    assert [entry.data["notice"] for entry in told] == [n.message_id for n in notices]
    assert told[0].data["person"] == "anne"
    subjects = [one.subject for one in mail.mails if one.to == "anne@ville.example"]
    assert len(subjects) == 4


def test_a_reminder_that_no_server_took_is_no_reminder(office, clock):
    tools = office(mailer=None)
    made = ask(tools)
    clock.pass_by(8 * DAY)
    assert remind_due(tools) == 1
    assert remind_due(tools) == 0
    assert "reminded" not in [e.kind for e in tools.register.request_history(made.request_id)]
    figure = tools.register.deadlines(clock(), clock() + timedelta(days=30))
    assert (figure.deadlines, figure.reminded, figure.met_before) == (1, 0, 0)


def test_the_figure_counts_deadlines_that_were_reminded_of(office, clock):
    tools = office()
    start = clock()
    reminded, signed, late = ask(tools), ask(tools), ask(tools, "anne", "benoit:2")
    sign_requested(signed.request_id, opened_consent(signed.request_id, "anne", tools), tools=tools)
    cancel(late.request_id, "person:chef", "x", tools)
    clock.pass_by(8 * DAY)
    pass_over(tools)
    clock.pass_by(3 * DAY)
    remind_due(tools)
    figure = tools.register.deadlines(start, start + timedelta(days=30))
    assert (figure.deadlines, figure.reminded, figure.met_before) == (3, 1, 2)
    assert tools.register.request(reminded.request_id).signers[0].reminders
    nothing = tools.register.deadlines(start, start + timedelta(days=10))
    assert nothing.deadlines == 0


def test_a_reminder_sent_after_the_deadline_does_not_count(office, mail, clock):
    tools = office()
    start = clock()
    made = ask(tools)
    send_notices(tools)
    clock.pass_by(9.9 * DAY)
    remind(made.request_id, "person:chef", tools)
    clock.pass_by(DAY)
    send_notices(tools)
    figure = tools.register.deadlines(start, start + timedelta(days=30))
    assert (figure.deadlines, figure.reminded) == (1, 0)
    assert len(mail.mails) == 2


def test_a_person_who_left_gets_no_mail(office, mail):
    tools = office()
    made = ask(tools)
    tools.register.change_person(a_person("anne", is_active=False), actor="test")
    assert send_notices(tools).failed == 1
    assert mail.mails == []
    (notice,) = tools.register.notices_of(made.request_id)
    assert (notice.state, notice.failure) == (NoticeState.GIVEN_UP, "account-closed")
