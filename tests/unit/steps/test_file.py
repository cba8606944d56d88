"""Filed exactly once, whatever the target does."""

import pytest

from rpa.domain.case import CaseState
from rpa.domain.document import DocumentRole
from rpa.domain.errors import LostLeaseError, OutcomeUnknownError, SetupError
from rpa.steps.advance import advance
from rpa.steps.doubt import settle_doubt
from rpa.testing.bots import Failure, RecordingBot


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


def test_a_commit_that_never_arrived_is_filed_again_once_the_target_was_quiet(
    world, deliver, clock
):
    tools = failing(world, Failure.COMMIT_LOST)
    case_id = deliver(tools)
    with pytest.raises(OutcomeUnknownError):
        advance(case_id, tools)
    with pytest.raises(OutcomeUnknownError, match="may still be storing"):
        advance(case_id, tools)
    assert tools.bot.filed == []

    clock.pass_by(11)
    assert advance(case_id, tools).state is CaseState.ARCHIVED
    assert len(tools.bot.filed) == 1


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

    def slept(request, *, before_commit):
        clock.pass_by(1000)
        tools.register.take(case_id, owner="another")
        return original(request, before_commit=before_commit)

    tools.bot.file = slept
    case = advance(case_id, tools)

    assert case.state is CaseState.APPROVED
    assert tools.bot.filed == []
    with pytest.raises(LostLeaseError):
        tools.register.hold(case_id, owner="me")
