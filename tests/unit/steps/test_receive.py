"""What waits in a channel becomes cases; a death in between changes nothing."""

import pytest

from rpa.domain.case import CaseState
from rpa.domain.channel import ChannelKind
from rpa.domain.document import DocumentRole
from rpa.domain.errors import ToolUnavailableError
from rpa.domain.pages import Attachment
from rpa.intake.api import Delivery
from rpa.register.arrivals import Outcome
from rpa.register.settlings import Settling
from rpa.steps.receive import receive
from rpa.steps.toolbox import ChannelFacts
from rpa.testing.toolbox import FakeDecoder


class ListChannel:
    """Holds out what was put in until it is settled."""

    name = "fax"

    def __init__(self, *deliveries):
        self.waiting = list(deliveries)
        self.dies_on_settle = False
        self.fails_on_settle = False

    def deliveries(self):
        yield from list(self.waiting)

    def settle(self, delivery):
        if self.dies_on_settle:
            raise KeyboardInterrupt
        if self.fails_on_settle:
            raise ToolUnavailableError("away")
        self.waiting.remove(delivery)


def a_delivery(name, content=b"fax", **more):
    return Delivery(source_id=name, name=name, content=content, **more)


@pytest.fixture
def tools_with(world):
    def make(*deliveries, **more):
        return world(channels={"fax": ListChannel(*deliveries)}, **more)

    return make


def test_each_delivery_becomes_a_case_and_is_settled(tools_with):
    tools = tools_with(a_delivery("a", b"1"), a_delivery("b", b"2"))

    received = receive("fax", tools)

    assert [one.outcome for one in received] == [Outcome.NEW, Outcome.NEW]
    assert tools.channels["fax"].waiting == []
    assert {one.case.state for one in received} == {CaseState.RECEIVED}


def test_a_death_before_settling_takes_nothing_in_twice(tools_with):
    tools = tools_with(a_delivery("a"))
    tools.channels["fax"].dies_on_settle = True
    with pytest.raises(KeyboardInterrupt):
        receive("fax", tools)
    tools.channels["fax"].dies_on_settle = False

    (again,) = receive("fax", tools)

    assert again.outcome is Outcome.KNOWN
    assert len(tools.register.cases()) == 1
    assert tools.channels["fax"].waiting == []


def test_what_another_settles_now_is_left_to_it(tools_with):
    tools = tools_with(a_delivery("a", settle_once=True))
    other = Settling("fax", "a")
    tools.register.claim_settling(other, owner="worker:elsewhere:1:1", is_dead=lambda _one: False)

    [one] = receive("fax", tools)

    assert one.outcome is Outcome.NEW
    assert len(tools.channels["fax"].waiting) == 1


def test_what_could_not_be_settled_is_at_the_next_look(tools_with, clock):
    tools = tools_with(a_delivery("a", settle_once=True))
    tools.channels["fax"].fails_on_settle = True
    with pytest.raises(ToolUnavailableError):
        receive("fax", tools)

    tools.channels["fax"].fails_on_settle = False
    clock.pass_by(120)
    receive("fax", tools)

    assert tools.channels["fax"].waiting == []


def test_a_damaged_document_is_set_aside_and_the_next_goes_through(tools_with):
    tools = tools_with(a_delivery("a", b"damaged"), a_delivery("b", b"good"))

    first, second = receive("fax", tools)

    assert (first.case.state, first.case.reason) == (
        CaseState.SET_ASIDE,
        "The file stops before its end.",
    )
    assert tools.store.get(first.case.document(DocumentRole.ORIGINAL).digest) == b"damaged"
    assert second.case.state is CaseState.RECEIVED


def test_what_the_channel_refuses_is_a_case_without_bytes(tools_with):
    big = {"refused": "Too large.", "refused_code": "too-large"}
    tools = tools_with(a_delivery("a", b"", **big), a_delivery("b", b"", **big))

    first, second = receive("fax", tools)

    assert first.case.case_id != second.case.case_id
    assert first.case.documents == ()
    assert tools.register.history(first.case.case_id)[-1].data == {"code": "too-large"}


def test_each_document_of_a_message_is_a_case_that_keeps_the_message(tools_with):
    decoder = FakeDecoder(attached=(Attachment("a.pdf", b"1"), Attachment("b.pdf", b"damaged")))
    tools = tools_with(a_delivery("m.eml", b"mail"), decoder=decoder)

    first, second = receive("fax", tools)

    assert [first.name, second.name] == ["m.eml › a.pdf", "m.eml › b.pdf"]
    assert [d.role for d in first.case.documents] == [DocumentRole.MESSAGE, DocumentRole.ORIGINAL]
    assert first.case.document(DocumentRole.ORIGINAL).name == "a.pdf"
    assert second.case.state is CaseState.SET_ASIDE


def test_a_message_without_a_document_is_set_aside(tools_with):
    tools = tools_with(a_delivery("m.eml", b"mail"))

    (received,) = receive("fax", tools)

    assert received.case.state is CaseState.SET_ASIDE


def test_a_channel_with_one_process_says_so(tools_with):
    facts = {"fax": ChannelFacts(kind=ChannelKind.FAX, process="demande")}
    tools = tools_with(a_delivery("a"), channel_facts=facts)

    (received,) = receive("fax", tools)

    assert received.case.process == "demande"
