"""Piles become cases: one for each part, each once, whatever dies in between."""

import pytest

from rpa.domain.batch import BatchRule, BlankPages, Duplex, SplitRule
from rpa.domain.case import CaseState
from rpa.domain.channel import ChannelKind
from rpa.domain.document import DocumentRole
from rpa.domain.pages import Attachment
from rpa.intake.api import Delivery
from rpa.register import ledger
from rpa.register.arrivals import Outcome
from rpa.steps.receive import receive
from rpa.steps.toolbox import ChannelFacts
from rpa.testing.toolbox import FakeDecoder

SPLIT = BatchRule(split=SplitRule(), blank_pages=BlankPages.SET_ASIDE)
TWO_FILES = BatchRule(duplex=Duplex.TWO_FILES)


class ListChannel:
    """Holds out what was put in until it is settled."""

    name = "pile"

    def __init__(self, *deliveries):
        self.waiting = list(deliveries)
        self.settled_before_death = 99

    def deliveries(self):
        yield from list(self.waiting)

    def settle(self, delivery):
        if self.settled_before_death == 0:
            raise KeyboardInterrupt
        self.settled_before_death -= 1
        self.waiting.remove(delivery)


def pages(*words, name="a.pdf"):
    content = b"pages:" + b"|".join(word.encode() for word in words)
    return Delivery(source_id=name, name=name, content=content)


@pytest.fixture
def tools_with(world):
    def make(*deliveries, rule=SPLIT, passwords=(), **more):
        facts = ChannelFacts(
            kind=ChannelKind.SCAN, process=None, batch=rule, passwords=lambda: passwords
        )
        plain = ChannelFacts(kind=ChannelKind.FAX, process=None)
        channels = {"pile": ListChannel(*deliveries), "fax": ListChannel(*deliveries)}
        return world(channels=channels, channel_facts={"pile": facts, "fax": plain}, **more)

    return make


def original(received):
    return received.case.document(DocumentRole.ORIGINAL)


def arrived(tools, case):
    [entry] = [e for e in tools.register.history(case.case_id) if e.kind == "received"]
    return entry.data


def test_each_part_is_a_case_that_names_the_original_and_its_pages(tools_with):
    tools = tools_with(pages("un", "", "T", "deux", "trois"))

    first, second = receive("pile", tools)

    assert [one.outcome for one in (first, second)] == [Outcome.NEW] * 2
    assert original(first).digest == original(second).digest
    assert (original(first).pages, original(first).blank_pages) == ((1,), (2,))
    assert (original(second).pages, original(second).separators) == ((4, 5), (3,))
    assert tools.store.get(original(first).digest) == b"pages:un||T|deux|trois"


@pytest.mark.parametrize("how", [{"by_form": True}, {"by_number": True}])
def test_the_print_on_pages_splits_where_the_rule_says_so(tools_with, how):
    tools = tools_with(pages("first", "deux", "first"), rule=BatchRule(split=SplitRule(**how)))

    assert [original(part).pages for part in receive("pile", tools)] == [(1, 2), (3,)]


def test_the_print_on_pages_splits_nothing_where_no_rule_says_so(tools_with):
    assert len(receive("pile", tools_with(pages("first", "deux", "first")))) == 1


def test_the_ledger_says_which_pages_of_which_document(tools_with):
    tools = tools_with(pages("un", "T", "deux", ""))

    _first, second = receive("pile", tools)

    told = arrived(tools, second.case)
    assert told["document"] == original(second).digest
    assert told["pages"] == 1
    assert told["part"] == {"pages": [3], "blank_pages": [4], "separators": [2]}


def test_without_a_rule_nothing_is_split_and_the_ledger_says_nothing_of_parts(tools_with):
    tools = tools_with(pages("un", "T", "deux"), rule=BatchRule())

    [whole] = receive("pile", tools)

    assert original(whole).pages == ()
    assert arrived(tools, whole.case)["pages"] == 3
    assert "part" not in arrived(tools, whole.case)


def test_a_pile_taken_in_twice_opens_no_second_case(tools_with):
    tools = tools_with(pages("un", "T", "deux"), pages("un", "T", "deux", name="b.pdf"))

    *new, again = receive("pile", tools)

    assert again.outcome is Outcome.DUPLICATE
    assert again.case == new[0].case
    assert len(tools.register.cases()) == 2


def test_a_pile_that_came_whole_by_another_channel_opens_no_case(tools_with):
    tools = tools_with(pages("un", "T", "deux"))
    [whole] = receive("fax", tools)
    tools.channels["pile"].waiting = [pages("un", "T", "deux", name="b.pdf")]

    [again] = receive("pile", tools)

    assert (again.outcome, again.case.case_id) == (Outcome.DUPLICATE, whole.case.case_id)


def test_a_pile_that_was_split_opens_no_case_when_it_comes_whole(tools_with):
    tools = tools_with(pages("un", "T", "deux"))
    first, _second = receive("pile", tools)

    [again] = receive("fax", tools)

    assert (again.outcome, again.case.case_id) == (Outcome.DUPLICATE, first.case.case_id)


def test_a_death_before_settling_opens_no_second_case(tools_with):
    tools = tools_with(pages("un", "T", "deux"))
    tools.channels["pile"].settled_before_death = 0
    with pytest.raises(KeyboardInterrupt):
        receive("pile", tools)
    tools.channels["pile"].settled_before_death = 99

    again = receive("pile", tools)

    assert {one.outcome for one in again} == {Outcome.KNOWN}
    assert len(tools.register.cases()) == 2
    assert tools.channels["pile"].waiting == []


class DyingRegister:
    """Dies in the middle of writing a pile: after so many ledger entries."""

    def __init__(self, monkeypatch, after):
        self.left = after
        self.append = ledger.append
        monkeypatch.setattr(ledger, "append", self)

    def __call__(self, *args, **kwargs):
        if self.left == 0:
            self.left = -1
            raise KeyboardInterrupt
        self.left -= 1
        return self.append(*args, **kwargs)


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_death_between_two_parts_loses_and_doubles_nothing(tools_with, monkeypatch, after):
    tools = tools_with(pages("un", "T", "deux", "T", "trois"))
    DyingRegister(monkeypatch, after)
    with pytest.raises(KeyboardInterrupt):
        receive("pile", tools)
    assert tools.register.cases() == []

    again = receive("pile", tools)

    assert [original(one).pages for one in again] == [(1,), (3,), (5,)]
    assert len(tools.register.cases()) == 3


def test_a_pile_of_separators_only_is_set_aside(tools_with):
    [received] = receive("pile", tools_with(pages("T", "", "T")))

    assert received.case.state is CaseState.SET_ASIDE
    assert original(received).digest


def test_an_attachment_is_split_too(tools_with):
    decoder = FakeDecoder(attached=(Attachment("a.pdf", b"pages:un|T|deux"),))
    tools = tools_with(Delivery(source_id="m", name="m.eml", content=b"mail"), decoder=decoder)

    first, second = receive("pile", tools)

    assert [one.name for one in (first, second)] == ["m.eml › a.pdf [1]", "m.eml › a.pdf [2]"]
    assert [d.role for d in first.case.documents] == [DocumentRole.MESSAGE, DocumentRole.ORIGINAL]


def test_fronts_then_backs_in_one_file_are_put_in_order(tools_with):
    rule = BatchRule(duplex=Duplex.ONE_FILE)
    [received] = receive("pile", tools_with(pages("1", "3", "5", "6", "4", "2"), rule=rule))

    assert original(received).pages == (1, 6, 2, 5, 3, 4)


def test_fronts_wait_for_their_backs(tools_with):
    fronts, backs = pages("1", "3", name="f.pdf"), pages("4", "2", name="g.pdf")
    tools = tools_with(fronts, rule=TWO_FILES)
    assert receive("pile", tools) == []
    assert tools.channels["pile"].waiting == [fronts]

    tools.channels["pile"].waiting.append(backs)
    [received] = receive("pile", tools)

    sides = [d for d in received.case.documents if d.role is DocumentRole.AS_RECEIVED]
    assert tools.store.get(original(received).digest) == b"pages:1|2|3|4"
    assert [tools.store.get(d.digest) for d in sides] == [fronts.content, backs.content]
    assert tools.channels["pile"].waiting == []


@pytest.mark.parametrize("settled", [0, 1])
def test_a_death_between_the_sides_never_pairs_a_side_with_another_pile(tools_with, settled):
    tools = tools_with(
        pages("1", name="f.pdf"), pages("2", name="g.pdf"), rule=TWO_FILES
    )  # fmt: skip
    tools.channels["pile"].settled_before_death = settled
    with pytest.raises(KeyboardInterrupt):
        receive("pile", tools)
    tools.channels["pile"].settled_before_death = 99
    tools.channels["pile"].waiting += [pages("3", name="h.pdf"), pages("4", name="i.pdf")]

    again = receive("pile", tools)

    assert [one.outcome for one in again][-1] is Outcome.NEW
    assert tools.store.get(original(again[-1]).digest) == b"pages:3|4"
    assert len(tools.register.cases()) == 2


def test_sides_that_do_not_belong_together_are_both_set_aside(tools_with):
    tools = tools_with(
        pages("1", "3", "5", name="f.pdf"), pages("2", name="g.pdf"), rule=TWO_FILES
    )  # fmt: skip

    received = receive("pile", tools)

    assert [one.case.state for one in received] == [CaseState.SET_ASIDE] * 2
    assert len({original(one).digest for one in received}) == 2


def test_a_two_sided_pile_is_split_in_reading_order(tools_with):
    rule = BatchRule(split=SplitRule(), duplex=Duplex.TWO_FILES)
    tools = tools_with(
        pages("1", "T", "3", name="f.pdf"), pages("6", "5", "2", name="g.pdf"), rule=rule
    )  # fmt: skip

    first, second = receive("pile", tools)

    assert [original(one).pages for one in (first, second)] == [(1, 2), (4, 5, 6)]
    again = receive("fax", tools)
    assert {one.outcome for one in again} == {Outcome.DUPLICATE}


def test_a_locked_document_is_opened_with_the_channels_password_and_kept_locked_too(tools_with):
    locked = Delivery(source_id="a", name="a.pdf", content=b"locked mot pages:un|T|deux")
    tools = tools_with(locked, passwords=("autre", "mot"))

    first, _second = receive("pile", tools)

    kept = first.case.document(DocumentRole.AS_RECEIVED)
    assert tools.store.get(kept.digest) == locked.content
    assert tools.store.get(original(first).digest) == b"pages:un|T|deux"


@pytest.mark.parametrize("passwords", [(), ("autre",)])
def test_a_locked_document_without_its_password_is_set_aside(tools_with, passwords):
    locked = Delivery(source_id="a", name="a.pdf", content=b"locked mot pages:un")
    tools = tools_with(locked, passwords=passwords)

    [received] = receive("pile", tools)

    assert received.case.state is CaseState.SET_ASIDE
    assert tools.register.history(received.case.case_id)[-1].data == {"code": "encrypted"}
    assert tools.store.get(original(received).digest) == locked.content


def test_a_message_that_calls_itself_a_document_inside_a_message_is_set_aside(tools_with):
    decoder = FakeDecoder(attached=(Attachment("a.pdf", b"mail inside"),))
    tools = tools_with(Delivery(source_id="m", name="m.eml", content=b"mail"), decoder=decoder)

    [received] = receive("pile", tools)

    assert received.case.state is CaseState.SET_ASIDE
    assert tools.register.history(received.case.case_id)[-1].data == {"code": "message"}


def test_no_more_is_taken_in_than_asked_for(tools_with):
    tools = tools_with(pages("un", name="a.pdf"), pages("deux", name="b.pdf"))

    assert len(receive("pile", tools, most=1)) == 1
    assert len(tools.channels["pile"].waiting) == 1
