"""Filed exactly once, whatever the target does."""

from dataclasses import replace
from pathlib import Path

import pytest

from rpa.bots.api import FilingRequest
from rpa.domain.case import CaseState
from rpa.domain.document import DocumentRole
from rpa.domain.errors import (
    LostLeaseError,
    OutcomeUnknownError,
    SetupError,
    TargetUnavailableError,
    ToolUnavailableError,
)
from rpa.steps.advance import advance
from rpa.steps.doubt import settle_doubt
from rpa.steps.timer import Timer
from rpa.testing.bots import Failure, RecordingBot
from rpa.testing.toolbox import fake_target

VALUES = {"nom": "Tremblay", "montant": "12.50"}


def failing(world, *failures, **more):
    return world(bot=RecordingBot(failures=list(failures), **more))


def test_the_receipt_and_both_screens_are_kept(world, deliver):
    tools = world()
    case = advance(deliver(tools), tools)

    assert {DocumentRole.SCREEN, DocumentRole.RECEIPT} <= {d.role for d in case.documents}
    assert tools.register.intent(case.case_id) is None


def test_a_lost_receipt_is_found_and_adopted(world, deliver):
    tools = failing(world, Failure.AFTER_COMMIT)
    case_id = deliver(tools)
    with pytest.raises(OutcomeUnknownError):
        advance(case_id, tools)
    assert tools.register.intent(case_id) is not None

    assert advance(case_id, tools).state is CaseState.ARCHIVED
    assert len(tools.bot.filed) == 1
    filed = next(e for e in tools.register.history(case_id) if e.kind == "filed")
    assert filed.data["how"] == "found"


def test_a_record_that_may_lack_what_is_entered_after_the_commit_is_shown_to_a_person(
    world, deliver
):
    tools = failing(world, Failure.AFTER_COMMIT, may_lack=True)
    case_id = deliver(tools)
    with pytest.raises(OutcomeUnknownError):
        advance(case_id, tools)

    assert advance(case_id, tools).state is CaseState.IN_DOUBT
    assert len(tools.bot.filed) == 1


def test_a_commit_that_never_arrived_is_filed_again_once_the_target_was_quiet(
    world, deliver, clock
):
    tools = failing(world, Failure.COMMIT_LOST)
    case_id = deliver(tools)
    with pytest.raises(OutcomeUnknownError):
        advance(case_id, tools)
    began = clock()

    assert advance(case_id, tools).state is CaseState.ARCHIVED
    assert len(tools.bot.filed) == 1
    assert (clock() - began).total_seconds() >= 10
    assert tools.bot.searches == 2


def test_a_commit_that_was_answered_well_is_not_sent_again_where_nothing_equal_is_found(
    world, deliver
):
    tools = failing(world, Failure.ANSWERED)

    case = advance(deliver(tools), tools)

    assert case.state is CaseState.IN_DOUBT
    assert tools.bot.filed == []
    assert tools.register.due() == []


def test_a_commit_on_its_way_while_the_target_is_searched_is_found(world, deliver, clock):
    tools = failing(world, Failure.COMMIT_LATE)
    case_id = deliver(tools)
    with pytest.raises(OutcomeUnknownError):
        advance(case_id, tools)
    arriving = Timer(
        lived=tools.timer.lived,
        passed=tools.timer.passed,
        sleep=lambda seconds: (clock.pass_by(seconds), tools.bot.arrive()),
    )

    assert advance(case_id, replace(tools, timer=arriving)).state is CaseState.ARCHIVED
    assert len(tools.bot.filed) == 1


def test_the_wait_goes_by_the_timer_though_the_wall_clock_jumps(world, deliver, clock):
    tools = failing(world, Failure.COMMIT_LOST)
    case_id = deliver(tools)
    with pytest.raises(OutcomeUnknownError):
        advance(case_id, tools)
    clock.pass_by(86_400)
    began = tools.timer.lived()

    advance(case_id, tools)
    assert tools.timer.lived() - began >= 10


def test_a_target_that_cannot_be_searched_leaves_the_case_in_doubt_and_files_nothing(
    world, deliver, clock
):
    tools = failing(world, Failure.AFTER_COMMIT, is_searchable=False)
    case_id = deliver(tools)
    for _try in range(2):
        with pytest.raises(OutcomeUnknownError):
            advance(case_id, tools)
        clock.pass_by(60)
    case = advance(case_id, tools)

    assert case.state is CaseState.IN_DOUBT
    assert len(tools.bot.filed) == 1
    assert tools.register.due() == []


def test_several_hits_are_in_doubt_at_once(world, deliver):
    tools = failing(world, Failure.AFTER_COMMIT)
    case_id = deliver(tools)
    with pytest.raises(OutcomeUnknownError):
        advance(case_id, tools)
    tools.bot.filed.append(tools.bot.filed[0])

    assert advance(case_id, tools).state is CaseState.IN_DOUBT
    assert len(tools.bot.filed) == 2


@pytest.fixture
def doubtful(world, deliver):
    tools = failing(world, Failure.AFTER_COMMIT)
    case_id = deliver(tools)
    with pytest.raises(OutcomeUnknownError):
        advance(case_id, tools)
    tools.bot.filed.append(tools.bot.filed[0])
    advance(case_id, tools)
    return tools, case_id


def test_a_person_adopts_the_receipt_found_in_the_target(doubtful):
    tools, case_id = doubtful

    settle_doubt(case_id, "ACC-2026-000001", person="marie", tools=tools)

    assert advance(case_id, tools).state is CaseState.ARCHIVED
    assert len(tools.bot.filed) == 2


def test_a_person_cannot_adopt_a_receipt_that_another_case_holds(doubtful, deliver):
    tools, case_id = doubtful
    other = deliver(tools, content=b"other", name="b.tif")
    advance(other, tools)

    with pytest.raises(SetupError, match=other):
        settle_doubt(case_id, "ACC-2026-000003", person="marie", tools=tools)
    assert tools.register.get(case_id).state is CaseState.IN_DOUBT


def test_a_person_who_finds_nothing_lets_it_be_filed_again(doubtful):
    tools, case_id = doubtful

    settle_doubt(case_id, None, person="marie", tools=tools)

    assert advance(case_id, tools).state is CaseState.ARCHIVED
    assert len(tools.bot.filed) == 3


def test_only_a_doubt_can_be_settled(world, deliver):
    tools = world()
    with pytest.raises(SetupError, match="not in doubt"):
        settle_doubt(deliver(tools), "X", person="marie", tools=tools)


def test_refused_values_go_to_a_person_and_can_be_filed_after(world, deliver):
    tools = failing(world, Failure.REFUSED)
    case = advance(deliver(tools), tools)

    assert case.state is CaseState.IN_REVIEW
    assert [i.field for i in tools.register.review_items()] == ["target"]
    assert tools.bot.filed == []


def test_a_worker_without_its_lease_does_not_commit(world, deliver, clock):
    tools = world()
    case_id = deliver(tools)
    original = tools.bot.file

    def slept(request, **more):
        clock.pass_by(1000)
        tools.register.take(case_id, owner="another")
        return original(request, **more)

    tools.bot.file = slept
    case = advance(case_id, tools)

    assert case.state is CaseState.APPROVED
    assert tools.bot.filed == []
    with pytest.raises(LostLeaseError):
        tools.register.hold(case_id, owner="me")


def test_a_worker_whose_log_in_another_one_uses_does_not_commit(world, deliver, clock):
    tools = world()
    case_id = deliver(tools)
    original = tools.bot.file

    def slept(request, **more):
        clock.pass_by(100)
        tools.register.claim_login("old", ["u"], owner="another", is_dead=lambda _owner: False)
        return original(request, **more)

    tools.bot.file = slept
    case = advance(case_id, tools)

    assert case.state is CaseState.APPROVED
    assert tools.bot.filed == []
    assert tools.register.intent(case_id) is None


def test_a_process_that_slept_after_the_intent_does_not_commit(world, deliver):
    tools = world()
    case_id = deliver(tools)
    naps = iter([0.0, 60.0, 60.0])
    sleepy = replace(tools, timer=replace(tools.timer, passed=lambda: next(naps)))

    with pytest.raises(TargetUnavailableError) as met:
        advance(case_id, sleepy)

    assert met.value.reason == "asleep"
    assert tools.bot.filed == []
    assert tools.register.intent(case_id) is None
    assert advance(case_id, tools).state is CaseState.ARCHIVED


def test_a_lease_lost_between_the_intent_and_the_commit_is_noticed_last(world, deliver, clock):
    tools = world()
    case_id = deliver(tools)
    confirm = tools.register.confirm

    def late(lease, login):
        clock.pass_by(1000)
        tools.register.take(case_id, owner="another")
        confirm(lease, login)

    tools.register.confirm = late
    advance(case_id, tools)

    assert tools.bot.filed == []
    assert tools.register.intent(case_id) is not None  # the new holder searches first


def test_a_receipt_that_another_case_holds_is_no_proof(world, deliver):
    tools = failing(world)
    first = deliver(tools)
    advance(first, tools)
    tools.bot.failures.append(Failure.STALE_RECEIPT)
    second = deliver(tools, content=b"other", name="b.tif")

    with pytest.raises(OutcomeUnknownError) as met:
        advance(second, tools)
    assert met.value.reason == "receipt-taken"
    put_off = tools.register.history(second)[-1]
    assert len(put_off.data["evidence"]) == 2

    assert advance(second, tools).state is CaseState.ARCHIVED
    assert len(tools.bot.filed) == 2
    filed = [e.data["receipt"] for e in tools.register.entries(kind="filed")]
    assert filed == ["ACC-2026-000001", "ACC-2026-000002"]


def test_equal_cases_are_told_apart_where_the_target_keeps_no_key(world, deliver):
    tools = failing(world, holds_key=False)
    advance(deliver(tools), tools)
    tools.bot.failures.append(Failure.AFTER_COMMIT)
    second = deliver(tools, content=b"other", name="b.tif")
    with pytest.raises(OutcomeUnknownError):
        advance(second, tools)

    assert advance(second, tools).state is CaseState.ARCHIVED
    assert len(tools.bot.filed) == 2


def test_a_record_that_was_there_before_is_not_adopted(world, deliver):
    tools = failing(world, holds_key=False)
    target = fake_target("old").reached_by("u")
    by_hand = FilingRequest("by hand", VALUES, {}, Path(), target)
    tools.bot.file(by_hand, before_commit=lambda _seen: None)
    tools.bot.failures.append(Failure.COMMIT_LOST)
    case_id = deliver(tools)
    with pytest.raises(OutcomeUnknownError):
        advance(case_id, tools)

    assert advance(case_id, tools).state is CaseState.ARCHIVED
    assert len(tools.bot.filed) == 2


def test_what_comes_after_it_was_given_up_is_not_filed_a_second_time(world, deliver):
    tools = failing(world, Failure.COMMIT_LATE, holds_key=False)
    case_id = deliver(tools)
    with pytest.raises(OutcomeUnknownError):
        advance(case_id, tools)
    original = tools.bot.file

    def arriving(request, **more):
        tools.bot.arrive()
        return original(request, **more)

    tools.bot.file = arriving
    with pytest.raises(OutcomeUnknownError) as met:
        advance(case_id, tools)
    assert met.value.reason == "came-late"

    assert advance(case_id, tools).state is CaseState.ARCHIVED
    assert len(tools.bot.filed) == 1


def test_a_full_disk_before_the_intent_stops_the_commit(world, deliver):
    tools = world()
    case_id = deliver(tools)
    put = tools.store.put

    def full(_content):
        raise ToolUnavailableError("The disk is full.")

    tools.store.put = full
    with pytest.raises(ToolUnavailableError):
        advance(case_id, tools)
    assert tools.bot.filed == []

    tools.store.put = put
    assert advance(case_id, tools).state is CaseState.ARCHIVED


def test_a_full_disk_after_the_commit_keeps_the_receipt_number(world, deliver):
    tools = world()
    case_id = deliver(tools)
    put, original = tools.store.put, tools.bot.file

    def full(_content):
        raise ToolUnavailableError("The disk is full.")

    def filling(request, *, before_commit, keep):
        def then_full(seen):
            before_commit(seen)
            tools.store.put = full

        return original(request, before_commit=then_full, keep=keep)

    tools.bot.file = filling
    with pytest.raises(ToolUnavailableError):
        advance(case_id, tools)  # the letter cannot be stored
    assert tools.register.get(case_id).state is CaseState.FILED
    filed = next(e for e in tools.register.history(case_id) if e.kind == "filed")
    assert filed.data["evidence_lost"] == ["receipt.png"]

    tools.store.put = put
    assert advance(case_id, tools).state is CaseState.ARCHIVED
    assert len(tools.bot.filed) == 1


def test_a_register_that_cannot_be_written_after_the_commit_files_nothing_twice(world, deliver):
    tools = world()
    case_id = deliver(tools)
    save = tools.register.save

    def broken(lease, case, *entries, **more):
        if case.state is CaseState.FILED:
            raise ToolUnavailableError("The database is full.")
        return save(lease, case, *entries, **more)

    tools.register.save = broken
    with pytest.raises(ToolUnavailableError):
        advance(case_id, tools)
    assert len(tools.bot.filed) == 1

    tools.register.save = save
    assert advance(case_id, tools).state is CaseState.ARCHIVED
    assert len(tools.bot.filed) == 1


def test_what_the_bot_kept_becomes_the_cases_evidence(world, deliver):
    tools = failing(world, Failure.BEFORE_COMMIT)
    case_id = deliver(tools)
    with pytest.raises(TargetUnavailableError):
        advance(case_id, tools)
    case = advance(case_id, tools)

    kept = [d.digest for d in case.documents if d.role is DocumentRole.EVIDENCE]
    entries = [e for e in tools.register.history(case_id) if "evidence" in e.data]
    assert [e.kind for e in entries] == ["put-off", "filed"]
    assert [digest for e in entries for digest in e.data["evidence"]] == kept


def test_a_log_in_that_was_refused_is_not_tried_again(world, deliver):
    tools = failing(world, Failure.LOGIN_REFUSED)
    first = advance(deliver(tools), tools)
    second = advance(deliver(tools, content=b"other", name="b.tif"), tools)

    assert (first.state, second.state) == (CaseState.SUSPENDED, CaseState.SUSPENDED)
    assert tools.bot.users == ["u"]


def test_a_target_that_fails_in_a_row_is_left_alone_and_tried_by_one(world, deliver, clock):
    tools = failing(world, *[Failure.BEFORE_COMMIT] * 3)
    cases = [deliver(tools, content=b"%d" % n, name=f"{n}.tif") for n in range(4)]
    for case_id in cases[:3]:
        with pytest.raises(TargetUnavailableError):
            advance(case_id, tools)
    calls = len(tools.bot.users)

    waiting = advance(cases[3], tools)
    assert waiting.state is CaseState.APPROVED
    assert len(tools.bot.users) == calls
    assert cases[3] not in tools.register.due()

    clock.pass_by(301)
    assert tools.register.take(cases[3], owner="w").attempts == 0
    clock.pass_by(61)
    assert advance(cases[3], tools).state is CaseState.ARCHIVED
    assert advance(cases[0], tools).state is CaseState.ARCHIVED


def test_a_closed_target_lets_cases_wait_until_it_opens(world, deliver, clock):
    hours = [{"days": [2], "from": "08:00", "to": "12:00"}]
    tools = world(target=lambda name: fake_target(name, hours=hours))
    clock.pass_by(5 * 3600 + 60)  # 12:01 in Toronto, a Tuesday
    case_id = deliver(tools)

    assert advance(case_id, tools).state is CaseState.APPROVED
    clock.pass_by(6 * 86_400 + 20 * 3600)
    assert advance(case_id, tools).state is CaseState.ARCHIVED


def test_a_pace_is_kept(world, deliver, clock):
    tools = world(target=lambda name: fake_target(name, pause_s=5))
    advance(deliver(tools), tools)
    began = clock()
    advance(deliver(tools, content=b"other", name="b.tif"), tools)

    assert (clock() - began).total_seconds() >= 5


def test_a_bot_uploads_what_was_received(world, deliver):
    tools = world()
    case_id = deliver(tools, content=b"the fax")
    original, handed = tools.bot.file, {}

    def uploading(request, **more):
        handed.update({name: path.read_bytes() for name, path in request.files.items()})
        assert len(request.files) == 1
        assert request.files.get("other") is None
        return original(request, **more)

    tools.bot.file = uploading
    advance(case_id, tools)

    assert handed == {"document": b"the fax"}


def test_the_tools_are_closed_and_can_be_used_again(world, deliver):
    tools = world()
    advance(deliver(tools), tools)
    tools.close()
    advance(deliver(tools, content=b"other", name="b.tif"), tools)

    assert tools.bot.closed == 1
    assert len(tools.bot.filed) == 2
