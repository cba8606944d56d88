"""A case goes as far as it can, and every failure leaves it where a person finds it."""

from dataclasses import replace

import pytest

from rpa.domain.case import CaseState
from rpa.domain.errors import DefinitionError, RecognitionError, ToolUnavailableError
from rpa.steps.advance import advance
from rpa.testing.bots import Failure, RecordingBot
from rpa.testing.toolbox import FakeReader, FakeSigner

EVERYTHING = [
    "received",
    "recognized",
    "approved",
    "intended",
    "filed",
    "composed",
    "signed",
    "archived",
    "closed",
]


def kinds(tools, case_id):
    return [entry.kind for entry in tools.register.history(case_id)]


def test_a_certain_case_goes_the_whole_way(world, deliver):
    tools = world()
    case = advance(deliver(tools), tools)

    assert case.state is CaseState.ARCHIVED
    assert kinds(tools, case.case_id) == EVERYTHING
    assert [request.key for request in tools.bot.filed] == [case.case_id]


@pytest.mark.parametrize(
    ("changes", "left_out"),
    [
        (
            {"stops": ["decide", "archive"], "filing": None, "signature": None},
            {"intended", "filed", "composed", "signed"},
        ),
        ({"stops": ["decide", "file", "archive"], "signature": None}, {"composed", "signed"}),
        (
            {"stops": ["decide", "compose", "archive"], "filing": None, "signature": None},
            {"intended", "filed", "signed"},
        ),
    ],
)
def test_a_process_without_a_stop_does_not_make_it(world, deliver, changes, left_out):
    tools = world(changes)
    case = advance(deliver(tools), tools)

    assert case.state is CaseState.ARCHIVED
    assert kinds(tools, case.case_id) == [kind for kind in EVERYTHING if kind not in left_out]


def test_advancing_a_finished_case_changes_nothing(world, deliver):
    tools = world()
    case_id = deliver(tools)
    advance(case_id, tools)
    before = tools.register.head()

    assert advance(case_id, tools).state is CaseState.ARCHIVED
    assert tools.register.head() == before


def test_a_case_held_by_another_worker_is_left_alone(world, deliver):
    tools = world()
    case_id = deliver(tools)
    tools.register.take(case_id, owner="another")

    assert advance(case_id, tools) is None


def test_a_form_that_no_process_knows_waits_for_a_person(world, deliver):
    tools = world(reader=FakeReader(process=None))
    case = advance(deliver(tools), tools)

    assert case.state is CaseState.IN_REVIEW
    assert [i.problem for i in tools.register.review_items()] == ["unknown-form"]


def test_pages_that_are_not_their_form_wait_for_a_person(world, deliver):
    reader = FakeReader("demande", failures=[RecognitionError("Not this form.", code="no-match")])
    tools = world(reader=reader)
    case = advance(deliver(tools), tools)

    assert (case.state, case.process, case.reason) == (
        CaseState.IN_REVIEW,
        "demande",
        "Not this form.",
    )


def test_an_uncertain_field_is_asked_and_nothing_is_filed(world, deliver):
    tools = world(reader=FakeReader("demande", problems={"nom": "low-confidence"}))
    case = advance(deliver(tools), tools)

    assert case.state is CaseState.IN_REVIEW
    assert [(i.field, i.problem) for i in tools.register.review_items()] == [
        ("nom", "low-confidence")
    ]
    assert tools.bot.filed == []


def test_a_failing_tool_is_put_off_and_tried_again(world, deliver, clock):
    tools = world(signer=FakeSigner([ToolUnavailableError("No key.")]))
    case_id = deliver(tools)
    with pytest.raises(ToolUnavailableError):
        advance(case_id, tools)
    assert tools.register.get(case_id).state is CaseState.COMPOSED
    assert tools.register.due() == []

    clock.pass_by(10)
    assert tools.register.due() == [case_id]
    assert advance(case_id, tools).state is CaseState.ARCHIVED
    assert len(tools.bot.filed) == 1


def test_a_tool_that_keeps_failing_suspends_the_case_with_the_reason(world, deliver):
    tools = world(bot=RecordingBot(failures=[Failure.BEFORE_COMMIT] * 3))
    case_id = deliver(tools)
    for _try in range(2):
        with pytest.raises(Exception, match="does not answer"):
            advance(case_id, tools)
    case = advance(case_id, tools)

    assert case.state is CaseState.SUSPENDED
    assert case.suspended_from is CaseState.APPROVED
    assert case.reason == "The target does not answer."


def test_a_wrong_definition_suspends_the_case_at_once(world, deliver):
    tools = world(reader=FakeReader("demande", failures=[DefinitionError("form.yaml: wrong")]))

    assert advance(deliver(tools), tools).state is CaseState.SUSPENDED


class BrokenComposer:
    """Has a bug that quotes what it was given."""

    def compose(self, request):
        raise ZeroDivisionError(request.values["nom"])


def test_a_bug_suspends_one_case_and_tells_nothing_of_its_values(world, deliver, caplog):
    tools = world(composer=BrokenComposer())
    case = advance(deliver(tools), tools)

    assert case.state is CaseState.SUSPENDED
    assert "ZeroDivisionError" in case.reason
    assert "Tremblay" not in caplog.text + case.reason


def test_a_worker_that_lost_its_case_midway_writes_nothing_more(world, deliver, clock):
    tools = world()

    class SlowComposer:
        def compose(self, _request):
            clock.pass_by(1000)
            tools.register.take(case_id, owner="another")
            return b"letter"

    slow = replace(tools, composer=SlowComposer())
    case_id = deliver(tools)

    assert advance(case_id, slow).state is CaseState.FILED
    assert kinds(tools, case_id)[-1] == "filed"
