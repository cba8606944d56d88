"""What may happen to a signature request, and when its rule says to remind."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from rpa.domain import request_moves as moves
from rpa.domain.errors import SetupError, SignatureRefusedError
from rpa.domain.signature import SignatureLevel
from rpa.domain.signature_request import (
    RequestedSigner,
    RequestState,
    RequestTerms,
    SignatureRequest,
    SignerState,
)

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
ONE, TWO, THREE = "1" * 64, "2" * 64, "3" * 64


def request_of(*stages, days=10, **terms):
    signers = tuple(
        RequestedSigner(
            position=number,
            stage=stage,
            person=f"p{number}",
            field=f"F{number}",
            deadline=START + timedelta(days=days),
        )
        for number, stage in enumerate(stages, start=1)
    )
    request = SignatureRequest(
        request_id="S-2026-000001",
        title="Bail",
        original=ONE,
        current=ONE,
        level=SignatureLevel.B_T,
        language="fr",
        intent="Oui.",
        terms=RequestTerms(**terms),
        created_by="person:chef",
        created_at=START,
        signers=signers,
    )
    return moves.started(request, at=START)


def states(request):
    return [signer.state.value for signer in request.signers]


def sign(request, person, current=TWO):
    signer = moves.must_be_asked(request, person, at=START)
    return moves.signed(request, signer, current=current, record=THREE, at=START)


def test_a_stage_is_asked_when_everybody_of_the_stage_before_has_signed():
    request = request_of(1, 1, 2, 3)
    assert states(request) == ["asked", "asked", "waiting", "waiting"]
    request = sign(request, "p2")
    assert states(request) == ["asked", "signed", "waiting", "waiting"]
    request = sign(request, "p1")
    assert states(request) == ["signed", "signed", "asked", "waiting"]
    request = sign(sign(request, "p3"), "p4")
    assert states(request) == ["signed"] * 4
    assert request.state is RequestState.COMPLETED
    assert request.ended_at == START


@pytest.mark.parametrize("stages", [(2,), (1, 3), ()])
def test_stages_have_no_gap_and_somebody_signs(stages):
    with pytest.raises(ValidationError, match=r"without a gap|needs signers"):
        request_of(*stages)


def test_nobody_signs_before_their_stage_or_twice():
    request = request_of(1, 2)
    with pytest.raises(SetupError, match="p2 is not asked"):
        moves.must_be_asked(request, "p2", at=START)
    with pytest.raises(SetupError, match="p1 is not asked"):
        moves.must_be_asked(sign(request, "p1"), "p1", at=START)


@pytest.mark.parametrize(
    "ended",
    [
        lambda r: moves.declined(r, "p1", "Non.", at=START),
        lambda r: moves.cancelled(r, "Erreur.", at=START),
        lambda r: moves.expired(r, at=START + timedelta(days=10)),
    ],
)
def test_nothing_can_be_done_to_a_request_that_has_ended(ended):
    request = ended(request_of(1, 1))
    for move in (
        lambda: moves.must_be_asked(request, "p1", at=START),
        lambda: moves.declined(request, "p2", "Non.", at=START),
        lambda: moves.delegated(request, "p2", "p9", at=START),
        lambda: moves.cancelled(request, "Encore.", at=START),
    ):
        with pytest.raises(SignatureRefusedError, match="nothing can be done") as refused:
            move()
        assert refused.value.reason == f"request-{request.state.value}"
    assert moves.due_reminders(request, at=START + timedelta(days=8)) == ()


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_declining_and_cancelling_need_a_reason(reason):
    with pytest.raises(SetupError, match="Say why"):
        moves.declined(request_of(1), "p1", reason, at=START)
    with pytest.raises(SetupError, match="Say why"):
        moves.cancelled(request_of(1), reason, at=START)


def test_a_deadline_has_no_grace():
    request = request_of(1, 2)
    deadline = START + timedelta(days=10)
    just_before = deadline - timedelta(microseconds=1)
    assert moves.expired(request, at=just_before) == request
    assert moves.expired(request, at=deadline).state is RequestState.EXPIRED
    with pytest.raises(SignatureRefusedError, match="has passed"):
        moves.must_be_asked(request, "p1", at=deadline)


def test_the_deadline_of_whoever_has_signed_does_not_count_any_more():
    request = sign(request_of(1, 2), "p1")
    early = request.signers[0].model_copy(update={"deadline": START})
    request = request.model_copy(update={"signers": (early, request.signers[1])})
    assert request.next_deadline == START + timedelta(days=10)
    assert moves.expired(request, at=START + timedelta(days=1)) == request


def test_delegation_keeps_the_chain_and_forgets_what_was_opened():
    request = moves.opened(request_of(1), "p1", at=START)
    assert request.signers[0].opened == ONE
    request = moves.delegated(request, "p1", "p8", at=START)
    request = moves.delegated(request, "p8", "p9", at=START)
    (signer,) = request.signers
    assert (signer.person, signer.asked_of, signer.opened) == ("p9", ("p1", "p8"), None)
    assert not request.concerns("p1")
    assert set(request.told_of_end) == {"chef", "p1", "p8", "p9"}


@pytest.mark.parametrize("to", ["p1", "p2"])
def test_nobody_who_has_a_part_already_is_delegated_to(to):
    with pytest.raises(SetupError, match="has a part"):
        moves.delegated(request_of(1, 2), "p1", to, at=START)


def test_a_delegation_does_not_come_back():
    request = moves.delegated(request_of(1), "p1", "p9", at=START)
    with pytest.raises(SetupError, match="has a part"):
        moves.delegated(request, "p9", "p1", at=START)


def test_a_request_may_forbid_delegation():
    with pytest.raises(SignatureRefusedError, match="may not be delegated"):
        moves.delegated(request_of(1, may_delegate=False), "p1", "p9", at=START)


def reminded_days(request, hours):
    """Run the rule once an hour; return the hours before the deadline at which it reminded."""
    found = []
    for hour in range(hours):
        now = START + timedelta(hours=hour)
        due = moves.due_reminders(request, at=now)
        if due:
            request = moves.reminded(request, due, at=now)
            found.append((due[0].deadline - now) / timedelta(hours=1))
    return found


def test_reminders_go_out_once_for_each_day_of_the_rule():
    assert reminded_days(request_of(1), 300) == [72, 24]
    assert reminded_days(request_of(1, reminder_days=(7, 2)), 300) == [168, 48]
    assert reminded_days(request_of(1, reminder_days=()), 300) == []


def test_a_day_that_had_passed_when_somebody_was_asked_is_not_made_up_for():
    assert reminded_days(request_of(1, days=2), 60) == [24]
    assert reminded_days(request_of(1, days=1), 60) == []


def test_after_a_long_pause_one_reminder_makes_up_for_several():
    request = request_of(1)
    late = START + timedelta(days=9, hours=6)
    due = moves.due_reminders(request, at=late)
    assert len(due) == 1
    assert moves.due_reminders(moves.reminded(request, due, at=late), at=late) == ()


def test_nobody_is_reminded_whose_stage_has_not_come_or_who_has_signed():
    request = request_of(1, 2)
    late = START + timedelta(days=9, hours=6)
    assert [s.person for s in moves.due_reminders(request, at=late)] == ["p1"]
    request = sign(request, "p1")
    assert request.signers[1].state is SignerState.ASKED
    assert [s.person for s in moves.due_reminders(request, at=late)] == ["p2"]


def test_opening_the_same_revision_again_is_nothing_new():
    request = moves.opened(request_of(1, 2), "p1", at=START)
    assert moves.opened(request, "p1", at=START) is None
    assert moves.opened(request, "chef", at=START) is None
    newer = request.model_copy(update={"current": TWO})
    assert moves.opened(newer, "p1", at=START).signers[0].opened == TWO
