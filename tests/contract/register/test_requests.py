"""One set of promises for signature requests and their notices, on SQLite and on PostgreSQL."""

import threading
from datetime import timedelta

import pytest

from rpa.domain import request_moves as moves
from rpa.domain.errors import NotFoundError, SetupError
from rpa.domain.notice import DeadlineFigure, NoticeKind, NoticeState
from rpa.domain.signature import SignatureLevel
from rpa.domain.signature_request import RequestedSigner, RequestState, SignatureRequest
from rpa.register.outbox import HELD
from rpa.register.register import Entry
from rpa.register.requests import NoticeTo, RequestChange

DIGEST = "d" * 64


@pytest.fixture
def asked(register, clock):
    """Open a request for two signers, who are both asked."""
    signers = tuple(
        RequestedSigner(
            position=number,
            stage=1,
            person=f"p{number}",
            role="témoin",
            field=f"F{number}",
            deadline=clock() + timedelta(days=5),
        )
        for number in (1, 2)
    )
    draft = SignatureRequest(
        request_id="",
        title="Bail — nº 4",
        original=DIGEST,
        current=DIGEST,
        level=SignatureLevel.B_LT,
        language="fr",
        intent="J’accepte.",
        created_by="person:chef",
        created_at=clock(),
        signers=signers,
    )

    def start(request):
        after = moves.started(request, at=clock())
        notices = tuple(NoticeTo(s.person, NoticeKind.ASKED, s.position) for s in after.asked)
        return RequestChange(after, (Entry("signature-requested", {"n": 2}),), notices)

    return register.open_request(draft, start, actor="person:chef")


def reminding(clock, position=1):
    def change(request):
        signer = request.signers[position - 1]
        after = moves.reminded(request, (signer,), at=clock())
        notice = NoticeTo(signer.person, NoticeKind.REMINDER, position, signer.deadline)
        return RequestChange(after, (), (notice,))

    return change


def test_a_request_comes_back_as_it_was_written(register, asked):
    assert asked.request_id == "S-2026-000001"
    assert register.request(asked.request_id) == asked
    assert register.requests_waiting_for("p2") == [asked]
    (entry,) = register.request_history(asked.request_id)
    assert (entry.kind, entry.actor, entry.data) == (
        "signature-requested",
        "person:chef",
        {"n": 2},
    )
    assert {n.recipient for n in register.notices_of(asked.request_id)} == {"p1", "p2"}
    with pytest.raises(NotFoundError):
        register.request("S-2026-000002")


def test_a_change_that_is_refused_writes_nothing(register, asked):
    def refused(_request):
        raise SetupError("No.")

    before = register.head()
    with pytest.raises(SetupError):
        register.change_request(asked.request_id, refused, actor="person:p1")
    same = register.change_request(asked.request_id, lambda _request: None, actor="person:p1")
    assert same == asked
    assert register.head() == before


def test_changes_at_once_are_all_kept(register, asked, clock):
    def remind(position):
        register.change_request(asked.request_id, reminding(clock, position), actor="w")

    threads = [threading.Thread(target=remind, args=(1 + n % 2,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    now = register.request(asked.request_id)
    assert now.version == asked.version + 8
    assert [len(signer.reminders) for signer in now.signers] == [4, 4]
    numbers = [n.message_id for n in register.notices_of(asked.request_id)]
    assert len(set(numbers)) == len(numbers) == 10
    assert list(register.flaws()) == []


def test_a_notice_is_given_to_one_sender_at_a_time(register, asked, clock):
    taken = []

    def take():
        taken.append([notice.message_id for notice in register.take_notices(most=1)])

    threads = [threading.Thread(target=take) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given = [number for some in taken for number in some]
    assert sorted(given) == [n.message_id for n in register.notices_of(asked.request_id)]
    assert register.take_notices() == []
    clock.pass_by(HELD.total_seconds())
    assert len(register.take_notices()) == 2


def test_a_sent_reminder_is_told_once_and_counted(register, asked, clock):
    clock.pass_by(86_400)
    register.change_request(asked.request_id, reminding(clock), actor="w")
    *_asked, reminder = register.take_notices()
    register.notice_sent(reminder, actor="w")
    register.notice_sent(reminder, actor="w")
    kinds = [entry.kind for entry in register.request_history(asked.request_id)]
    assert kinds == ["signature-requested", "reminded"]
    states = {n.message_id: n.state for n in register.notices_of(asked.request_id)}
    assert states[reminder.message_id] is NoticeState.SENT
    figure = register.deadlines(clock(), clock() + timedelta(days=30))
    assert figure == DeadlineFigure(deadlines=2, reminded=1, met_before=0)


def test_deadlines_are_found_before_and_after_they_pass(register, asked, clock):
    assert register.requests_to_remind() == [asked.request_id]
    assert register.requests_past_deadline() == []
    clock.pass_by(5 * 86_400)
    assert register.requests_to_remind() == []
    assert register.requests_past_deadline() == [asked.request_id]

    def expire(request):
        return RequestChange(moves.expired(request, at=clock()), (Entry("expired", {}),))

    ended = register.change_request(asked.request_id, expire, actor="w")
    assert register.requests_past_deadline() == []
    assert register.requests(states=[RequestState.EXPIRED]) == [ended]


def test_the_newest_notice_to_each_that_was_settled_is_found(register, asked, clock):
    assert register.last_notices() == {}
    first, second = register.take_notices()
    register.notice_sent(first, actor="w")
    register.notice_failed(second, "mail-refused", until=None)
    states = {person: n.state for person, n in register.last_notices().items()}
    assert states == {"p1": NoticeState.SENT, "p2": NoticeState.GIVEN_UP}

    clock.pass_by(60)
    register.change_request(asked.request_id, reminding(clock, 2), actor="w")
    assert register.last_notices()["p2"].state is NoticeState.GIVEN_UP  # the new one waits
    (again,) = register.take_notices()
    register.notice_sent(again, actor="w")
    assert register.last_notices()["p2"].kind is NoticeKind.REMINDER
