"""What people decide: answers, rejections, retries, signatures."""

import pytest

from rpa.domain.case import CaseState
from rpa.domain.errors import BusinessError, IllegalMoveError, SetupError
from rpa.steps.advance import advance
from rpa.steps.decide import answer
from rpa.steps.settle import reject, retry
from rpa.steps.sign import decline, sign_as
from rpa.steps.values import values_of
from rpa.testing.toolbox import FakeReader

PERSONAL = {"signature": {"credential": "superviseur", "by": "person"}}


@pytest.fixture
def asked(world, deliver):
    reader = FakeReader("demande", values={"montant": "1"}, problems={"nom": "unreadable"})
    tools = world(reader=reader)
    return tools, advance(deliver(tools), tools).case_id


def test_an_answer_settles_the_question_and_is_filed(asked):
    tools, case_id = asked

    answer(case_id, {"nom": "Roy"}, person="marie", tools=tools)

    assert tools.register.review_items() == []
    case = advance(case_id, tools)
    assert case.state is CaseState.ARCHIVED
    assert values_of(case, tools).values == {"nom": "Roy", "montant": "1"}
    assert values_of(case, tools).by_person == ("nom",)


def test_a_field_that_was_not_asked_may_be_corrected_too(asked):
    tools, case_id = asked

    case = answer(case_id, {"nom": "Roy", "montant": "2"}, person="marie", tools=tools)

    assert values_of(case, tools).values["montant"] == "2"


@pytest.mark.parametrize(
    ("answers", "error", "told"),
    [
        ({"montant": "2"}, BusinessError, "nom"),
        ({"nom": "wrong"}, BusinessError, "not-accepted"),
        ({"nom": "Roy", "name": "x"}, SetupError, "no field name"),
    ],
)
def test_an_answer_that_will_not_do_is_told_and_changes_nothing(asked, answers, error, told):
    tools, case_id = asked
    with pytest.raises(error, match=told):
        answer(case_id, answers, person="marie", tools=tools)

    assert tools.register.get(case_id).state is CaseState.IN_REVIEW
    assert len(tools.register.review_items()) == 1


def test_the_answer_is_on_record_without_its_value(asked):
    tools, case_id = asked
    answer(case_id, {"nom": "Roy"}, person="marie", tools=tools)

    entry = tools.register.history(case_id)[-1]
    assert (entry.kind, entry.actor, entry.data["corrected"]) == ("decided", "person:marie", 1)
    assert "Roy" not in entry.model_dump_json()


def test_naming_the_process_has_the_document_read_as_it(world, deliver):
    tools = world(reader=FakeReader(process=None, values={"nom": "a", "montant": "1"}))
    case_id = advance(deliver(tools), tools).case_id

    answer(case_id, {"process": "demande"}, person="marie", tools=tools)

    assert advance(case_id, tools).state is CaseState.ARCHIVED


def test_a_form_that_was_never_read_can_be_keyed_by_a_person(world, deliver):
    from rpa.domain.errors import RecognitionError  # noqa: PLC0415 - only here

    reader = FakeReader("demande", failures=[RecognitionError("Not this form.")])
    tools = world(reader=reader)
    case_id = advance(deliver(tools), tools).case_id
    with pytest.raises(BusinessError, match="montant"):
        answer(case_id, {"nom": "Roy"}, person="marie", tools=tools)

    answer(case_id, {"nom": "Roy", "montant": "3"}, person="marie", tools=tools)

    assert advance(case_id, tools).state is CaseState.ARCHIVED


def test_a_rejected_case_ends_and_is_counted(asked):
    tools, case_id = asked

    case = reject(case_id, "Publicité", person="marie", tools=tools)

    assert (case.state, case.reason) == (CaseState.REJECTED, "Publicité")
    assert [e.kind for e in tools.register.history(case_id)][-2:] == ["rejected", "closed"]
    assert tools.register.review_items() == []


def test_a_case_that_was_filed_cannot_be_rejected(world, deliver):
    tools = world()
    case_id = advance(deliver(tools), tools).case_id
    with pytest.raises(IllegalMoveError):
        reject(case_id, "x", person="marie", tools=tools)


def test_a_set_aside_document_can_be_tried_again_as_a_named_process(world, deliver):
    tools = world()
    case_id = deliver(tools, b"damaged")

    case = retry(case_id, process="demande", person="marie", tools=tools)

    assert (case.state, case.process) == (CaseState.RECEIVED, "demande")


def test_there_is_nothing_to_try_again_in_a_finished_case(world, deliver):
    tools = world()
    case_id = advance(deliver(tools), tools).case_id
    with pytest.raises(SetupError, match="nothing to try again"):
        retry(case_id, process=None, person="marie", tools=tools)


@pytest.fixture
def unsigned(world, deliver):
    tools = world(PERSONAL)
    return tools, advance(deliver(tools), tools).case_id


def test_a_personal_signature_is_waited_for_and_made_by_the_person(unsigned):
    tools, case_id = unsigned
    assert tools.register.get(case_id).state is CaseState.AWAITING_SIGNATURE

    sign_as(case_id, "superviseur", person="marie", tools=tools)

    assert advance(case_id, tools).state is CaseState.ARCHIVED
    signed = next(e for e in tools.register.history(case_id) if e.kind == "signed")
    assert signed.actor == "person:marie"


def test_nobody_else_s_credential_will_do(unsigned):
    tools, case_id = unsigned
    with pytest.raises(SetupError, match="superviseur"):
        sign_as(case_id, "sceau", person="marie", tools=tools)


def test_a_declined_signature_ends_the_case_with_its_reason(unsigned):
    tools, case_id = unsigned

    case = decline(case_id, "Montant trop élevé", person="marie", tools=tools)

    assert (case.state, case.reason) == (CaseState.DECLINED, "Montant trop élevé")
    assert tools.register.history(case_id)[-1].data["outcome"] == "declined"
