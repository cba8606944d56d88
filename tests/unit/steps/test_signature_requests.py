"""Signature requests from the first ask to the end: who may, who is told, what is on record."""

import json
from datetime import timedelta

import pytest
from pydantic import SecretStr

from rpa.domain.errors import (
    NotFoundError,
    SetupError,
    SignatureRefusedError,
    ToolUnavailableError,
)
from rpa.domain.notice import NoticeKind
from rpa.domain.person import Assurance, Proof
from rpa.domain.signature import SignatureLevel
from rpa.domain.signature_request import RequestState, SigningRecord
from rpa.i18n import speaking
from rpa.signing.api import Place
from rpa.steps.signature_requests import (
    SignerDraft,
    cancel,
    create_request,
    decline_requested,
    delegate,
    document_to_sign,
    expire_due,
    open_requests,
    plain_intent,
    remind,
    request,
    sign_requested,
)
from rpa.testing.requests import (
    FieldSigner,
    a_consent,
    a_draft,
    a_person,
    add_people,
    opened_consent,
)


@pytest.fixture
def tools(world):
    signer = FieldSigner()
    tools = world(signer=signer, validator=signer)
    add_people(tools, "anne", "benoit", "chantal", "denis", "chef")
    return tools


@pytest.fixture
def asked(tools):
    """Ask for signatures; returns the request."""

    def ask(*signers, **said):
        return create_request(a_draft(tools, *signers, **said), by="person:chef", tools=tools)

    return ask


def sign(request_id, person, tools):
    return sign_requested(request_id, opened_consent(request_id, person, tools), tools=tools)


def kinds(tools, request_id):
    return [entry.kind for entry in tools.register.request_history(request_id)]


def told(tools, request_id, kind):
    notices = tools.register.notices_of(request_id)
    return sorted(notice.recipient for notice in notices if notice.kind is kind)


def test_signers_in_order_each_sign_what_the_one_before_left(tools, asked):
    made = asked("anne:1", "benoit:2", "chantal:3")
    assert told(tools, made.request_id, NoticeKind.ASKED) == ["anne"]
    with pytest.raises(SetupError, match="benoit is not asked"):
        sign_requested(made.request_id, a_consent(made, "benoit", tools), tools=tools)
    for person in ("anne", "benoit", "chantal"):
        made = sign(made.request_id, person, tools)
    assert made.state is RequestState.COMPLETED
    document = tools.store.get(made.current).decode()
    order = [document.index(f"signed with {name}") for name in ("anne", "benoit", "chantal")]
    assert order == sorted(order)
    assert document.startswith("%PDF lease <Signer1-")
    assert told(tools, made.request_id, NoticeKind.ASKED) == ["anne", "benoit", "chantal"]
    ended = told(tools, made.request_id, NoticeKind.COMPLETED)
    assert ended == ["anne", "benoit", "chantal", "chef"]
    signing = ["document-opened", "signed"] * 3
    assert kinds(tools, made.request_id) == ["signature-requested", *signing, "completed"]
    assert list(tools.register.flaws()) == []


def test_only_the_first_signature_certifies(tools, asked):
    made = asked("anne", "benoit")
    for person in ("benoit", "anne"):
        made = sign(made.request_id, person, tools)
    assert [one.certify for one in tools.signer.requests] == [True, False]


def test_a_document_that_came_signed_is_not_certified(tools, asked):
    made = asked("anne", pdf=b"%PDF [Old signed with stranger]")
    sign(made.request_id, "anne", tools)
    assert [one.certify for one in tools.signer.requests] == [False]


def test_a_document_that_is_not_whole_is_not_put_up(asked):
    with pytest.raises(SignatureRefusedError, match="integrity is invalid") as refused:
        asked("anne", pdf=b"%PDF torn [Old signed with x]")
    assert refused.value.reason == "not-whole"


def test_what_another_signed_meanwhile_must_be_opened_again(tools, asked):
    made = asked("anne", "benoit")
    annes = opened_consent(made.request_id, "anne", tools)
    sign(made.request_id, "benoit", tools)
    with pytest.raises(SignatureRefusedError, match="one more signature") as refused:
        sign_requested(made.request_id, annes, tools=tools)
    assert refused.value.reason == "document-moved-on"
    assert sign(made.request_id, "anne", tools).state is RequestState.COMPLETED


def test_another_signature_between_signing_and_saving_is_seen(tools, asked):
    made = asked("anne", "benoit")
    annes = opened_consent(made.request_id, "anne", tools)
    real_sign = tools.signer.sign

    def slow_sign(request):
        tools.signer.sign = real_sign
        sign(made.request_id, "benoit", tools)
        return real_sign(request)

    tools.signer.sign = slow_sign
    with pytest.raises(SignatureRefusedError, match="one more signature"):
        sign_requested(made.request_id, annes, tools=tools)
    now = request(made.request_id, tools)
    assert [signer.state.value for signer in now.signers] == ["asked", "signed"]
    assert b"signed with anne" not in tools.store.get(now.current)
    assert kinds(tools, made.request_id).count("signed") == 1


def test_a_second_click_returns_what_the_first_made(tools, asked):
    made = asked("anne", "benoit")
    consent = opened_consent(made.request_id, "anne", tools)
    first = sign_requested(made.request_id, consent, tools=tools)
    assert sign_requested(made.request_id, consent, tools=tools) == first
    assert len(tools.signer.requests) == 1


def test_two_clicks_at_once_make_one_signature_on_record(tools, asked):
    made = asked("anne", "benoit")
    consent = opened_consent(made.request_id, "anne", tools)
    real_sign = tools.signer.sign
    inner = []

    def slow_sign(request):
        tools.signer.sign = real_sign
        inner.append(sign_requested(made.request_id, consent, tools=tools))
        return real_sign(request)

    tools.signer.sign = slow_sign
    outer = sign_requested(made.request_id, consent, tools=tools)
    assert outer == inner[0]
    assert kinds(tools, made.request_id).count("signed") == 1


def test_only_what_was_opened_can_be_signed(tools, asked):
    made = asked("anne")
    with pytest.raises(SignatureRefusedError, match="Open the document") as refused:
        sign_requested(made.request_id, a_consent(made, "anne", tools), tools=tools)
    assert refused.value.reason == "not-opened"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"intent": "Something else."}, "another-intent"),
        ({"document": "0" * 64}, "document-moved-on"),
    ],
)
def test_a_yes_to_something_else_signs_nothing(tools, asked, changed, code):
    made = asked("anne")
    consent = opened_consent(made.request_id, "anne", tools).model_copy(update=changed)
    with pytest.raises(SignatureRefusedError) as refused:
        sign_requested(made.request_id, consent, tools=tools)
    assert refused.value.reason == code
    assert tools.signer.requests == []


@pytest.mark.parametrize("late_s", [601, -1])
def test_a_proof_of_who_signs_is_fresh(tools, asked, clock, late_s):
    made = asked("anne")
    consent = opened_consent(made.request_id, "anne", tools)
    clock.pass_by(late_s)
    with pytest.raises(SignatureRefusedError, match="Prove who you are"):
        sign_requested(made.request_id, consent, tools=tools)


def test_a_request_may_ask_for_two_proofs(tools, asked):
    made = asked("anne", assurance=Assurance.SUBSTANTIAL)
    consent = opened_consent(made.request_id, "anne", tools)
    with pytest.raises(SignatureRefusedError, match="two proofs") as refused:
        sign_requested(made.request_id, consent, tools=tools)
    assert refused.value.reason == "assurance-too-low"
    both = (Proof.PASSWORD, Proof.ONE_TIME_CODE)
    surer = consent.identity.model_copy(update={"proofs": both})
    sign_requested(made.request_id, consent.model_copy(update={"identity": surer}), tools=tools)
    (entry,) = [e for e in tools.register.request_history(made.request_id) if e.kind == "signed"]
    assert entry.data["assurance"] == "substantial"


def test_the_record_holds_what_a_court_asks_for(tools, asked, clock):
    made = asked("anne", intent="J'accepte ce bail.", level=SignatureLevel.B_LT)
    before = made.current
    clock.pass_by(3600)
    made = sign(made.request_id, "anne", tools)
    (signer,) = made.signers
    record = SigningRecord.model_validate_json(tools.store.get(signer.record))
    assert (record.digest_before, record.digest_after) == (before, made.current)
    assert record.identity.person == "anne"
    assert record.identity.proofs == (Proof.PASSWORD,)
    assert record.identity.assurance is Assurance.LOW
    assert record.signer == f"CN={signer.field}"
    assert len(record.certificate_sha256) == 64
    assert (record.intent, record.intent_language) == ("J'accepte ce bail.", "fr")
    assert record.claimed_at == record.proved_at == clock()
    assert (record.level_wanted, record.level_reached) == (SignatureLevel.B_LT,) * 2
    report = json.loads(tools.store.get(record.validation))
    assert report["integrity"] == "valid"
    (entry,) = [e for e in tools.register.request_history(made.request_id) if e.kind == "signed"]
    assert entry.data["record"] == signer.record
    assert entry.data["document"] == made.current
    assert entry.actor == "person:anne"


def test_a_completed_document_without_a_case_is_looked_after_by_its_request(tools, asked):
    tools.signer.reached = SignatureLevel.B_B
    made = sign(asked("anne", level=SignatureLevel.B_LTA).request_id, "anne", tools)
    (entry,) = tools.register.untold_signatures(most=5)[1:]
    assert entry.kind == "completed"
    assert entry.data == {
        "document": made.current,
        "signed": made.current,
        "request": made.request_id,
        "level": "B-B",
        "wanted": "B-LTA",
    }


def test_a_lower_level_is_on_record_with_the_one_wanted(tools, asked):
    tools.signer.reached = SignatureLevel.B_B
    made = asked("anne", level=SignatureLevel.B_LTA)
    made = sign(made.request_id, "anne", tools)
    (entry,) = [e for e in tools.register.request_history(made.request_id) if e.kind == "signed"]
    levels = {key: entry.data[key] for key in ("level", "wanted", "shortfall")}
    assert levels == {"level": "B-B", "wanted": "B-LTA", "shortfall": "timestamp-unavailable"}


@pytest.mark.parametrize(("on_failure", "waits"), [("lower", False), ("wait", True)])
def test_a_request_says_whether_to_wait_for_authorities(tools, asked, on_failure, waits):
    sign(asked("anne", on_failure=on_failure).request_id, "anne", tools)
    assert tools.signer.requests[0].wait is waits


def test_a_failing_tool_leaves_no_trace_and_the_next_try_signs(tools, asked):
    made = asked("anne")
    tools.signer.failures.append(ToolUnavailableError("No token."))
    consent = opened_consent(made.request_id, "anne", tools)
    with pytest.raises(ToolUnavailableError):
        sign_requested(made.request_id, consent, tools=tools)
    assert kinds(tools, made.request_id) == ["signature-requested", "document-opened"]
    assert sign_requested(made.request_id, consent, tools=tools).state is RequestState.COMPLETED


def test_a_signature_that_does_not_validate_is_not_recorded(tools, asked):
    tools.register.add_person(a_person("eve", credential="stranger"), actor="test")
    made = asked("eve")
    with pytest.raises(SignatureRefusedError, match="does not validate") as refused:
        sign(made.request_id, "eve", tools)
    assert refused.value.reason == "not-valid"
    assert request(made.request_id, tools).signers[0].record is None


def test_the_typed_passphrase_reaches_the_key_and_nothing_else(tools, asked):
    made = asked("anne")
    consent = opened_consent(made.request_id, "anne", tools)
    typed = consent.model_copy(update={"key_passphrase": SecretStr("xyzzy-42")})
    made = sign_requested(made.request_id, typed, tools=tools)
    assert tools.signer.requests[0].credential.passphrase == "xyzzy-42"
    history = tools.register.request_history(made.request_id)
    everything = [*tools.store.kept.values(), *(e.model_dump_json().encode() for e in history)]
    assert not any(b"xyzzy-42" in kept for kept in everything)


def test_declining_ends_the_request_and_tells_everybody_who_was_asked(tools, asked):
    made = asked("anne", "benoit", "chantal:2", watchers=("denis",))
    sign(made.request_id, "anne", tools)
    made = decline_requested(made.request_id, "benoit", "La clause 3 est fausse.", tools)
    assert (made.state, made.reason) == (RequestState.DECLINED, "La clause 3 est fausse.")
    assert told(tools, made.request_id, NoticeKind.DECLINED) == ["anne", "chef", "denis"]
    (entry,) = [e for e in tools.register.request_history(made.request_id) if e.kind == "declined"]
    assert entry.data == {"document": made.current, "position": 2, "person": "benoit"}
    assert "clause" not in str(tools.register.request_history(made.request_id))
    with pytest.raises(SignatureRefusedError):
        sign(made.request_id, "benoit", tools)


def test_a_delegate_signs_and_the_chain_stays_on_record(tools, asked):
    made = asked("anne", "benoit:2")
    document_to_sign(made.request_id, "anne", tools)
    made = delegate(made.request_id, "anne", "denis", "En congé.", tools)
    assert made.signers[0].asked_of == ("anne",)
    assert told(tools, made.request_id, NoticeKind.ASKED) == ["anne", "denis"]
    assert told(tools, made.request_id, NoticeKind.DELEGATED) == ["anne", "chef"]
    (entry,) = [e for e in tools.register.request_history(made.request_id) if e.kind == "delegated"]
    assert (entry.data["from"], entry.data["to"]) == ("anne", "denis")
    assert tools.store.get(entry.data["reason"]).decode() == "En congé."
    with pytest.raises(SetupError, match="not asked"):
        sign_requested(made.request_id, a_consent(made, "anne", tools), tools=tools)
    with pytest.raises(NotFoundError):
        document_to_sign(made.request_id, "anne", tools)
    sign(made.request_id, "denis", tools)
    made = sign(made.request_id, "benoit", tools)
    assert made.state is RequestState.COMPLETED
    ended = told(tools, made.request_id, NoticeKind.COMPLETED)
    assert ended == ["anne", "benoit", "chef", "denis"]


def test_nobody_without_an_account_and_a_key_is_asked_or_delegated_to(tools, asked):
    tools.register.add_person(a_person("sans", credential=""), actor="test")
    tools.register.add_person(a_person("parti", is_active=False), actor="test")
    for name, why in (("sans", "no signing credential"), ("parti", "closed"), ("x", "Nobody")):
        with pytest.raises(SetupError, match=why):
            asked(name)
    made = asked("anne")
    for name in ("sans", "parti", "x"):
        with pytest.raises(SetupError):
            delegate(made.request_id, "anne", name, "", tools)
    with pytest.raises(NotFoundError):
        asked("anne", watchers=("nobody",))


def test_cancelling_tells_everybody_but_whoever_did_it(tools, asked):
    made = asked("anne", "benoit:2")
    made = cancel(made.request_id, "person:chef", "Mauvaise version.", tools)
    assert (made.state, made.reason) == (RequestState.CANCELLED, "Mauvaise version.")
    assert told(tools, made.request_id, NoticeKind.CANCELLED) == ["anne"]
    assert kinds(tools, made.request_id) == ["signature-requested", "cancelled"]
    assert open_requests("anne", tools) == []


def test_a_passed_deadline_ends_the_request_once(tools, asked, clock):
    made = asked("anne", "benoit:2")
    sign(made.request_id, "anne", tools)
    clock.pass_by(timedelta(days=10).total_seconds() - 1)
    assert expire_due(tools) == 0
    clock.pass_by(1)
    with pytest.raises(SignatureRefusedError, match="has passed"):
        sign(made.request_id, "benoit", tools)
    assert expire_due(tools) == 1
    assert expire_due(tools) == 0
    assert request(made.request_id, tools).state is RequestState.EXPIRED
    assert told(tools, made.request_id, NoticeKind.EXPIRED) == ["anne", "benoit", "chef"]
    (entry,) = [e for e in tools.register.request_history(made.request_id) if e.kind == "expired"]
    assert entry.data["late"] == [2]


def test_open_requests_are_those_that_wait_for_the_person_now(tools, asked, clock):
    late = asked("anne:2", "benoit:1")
    clock.pass_by(60)
    soon = asked("benoit", signers=(SignerDraft("benoit", clock() + timedelta(days=1)),))
    assert [r.request_id for r in open_requests("benoit", tools)] == [
        soon.request_id,
        late.request_id,
    ]
    assert open_requests("anne", tools) == []
    sign(late.request_id, "benoit", tools)
    assert [r.request_id for r in open_requests("anne", tools)] == [late.request_id]
    clock.pass_by(timedelta(days=2).total_seconds())
    assert open_requests("benoit", tools) == []


def test_only_whom_it_concerns_opens_the_document_and_it_is_on_record_once(tools, asked):
    made = asked("anne", "benoit:2", watchers=("denis",))
    for person in ("anne", "anne", "chef", "denis", "benoit"):
        _request, pdf = document_to_sign(made.request_id, person, tools)
        assert pdf == tools.store.get(made.current)
    with pytest.raises(NotFoundError, match="no request"):
        document_to_sign(made.request_id, "chantal", tools)
    opened = [
        e for e in tools.register.request_history(made.request_id) if e.kind == "document-opened"
    ]
    assert [entry.data["person"] for entry in opened] == ["anne", "benoit"]
    assert {entry.data["document"] for entry in opened} == {made.current}


def test_reminding_by_hand_reaches_whoever_is_asked(tools, asked):
    made = asked("anne", "benoit", "chantal:2")
    remind(made.request_id, "person:chef", tools)
    assert told(tools, made.request_id, NoticeKind.REMINDER) == ["anne", "benoit"]
    remind(made.request_id, "person:chef", tools, person="anne")
    assert told(tools, made.request_id, NoticeKind.REMINDER) == ["anne", "anne", "benoit"]
    with pytest.raises(SetupError, match="chantal is not asked"):
        remind(made.request_id, "person:chef", tools, person="chantal")


def test_a_request_that_makes_no_sense_is_refused(tools, asked, clock):
    past = (SignerDraft("anne", clock()),)
    for said, code in (
        ({"title": " "}, "request-not-right"),
        ({"signers": past}, "deadline-passed"),
        ({"signers": ()}, "request-not-right"),
        ({"reminder_days": (0,)}, "request-not-right"),
    ):
        with pytest.raises(SetupError) as refused:
            asked("anne", **said)
        assert refused.value.reason == code
    with pytest.raises(SetupError, match="without a gap"):
        asked("anne:1", "benoit:3")
    assert tools.register.requests() == []


def test_the_intent_stands_in_the_documents_language(asked):
    assert asked("anne", language="fr").intent == plain_intent("fr")
    with speaking("fr"):
        assert asked("anne", language="en").intent == plain_intent("en")
    assert plain_intent("fr") != plain_intent("en")


def test_places_roles_and_names_reach_the_fields(tools, clock):
    seen = []
    real = tools.signer.prepare

    def prepare(pdf, fields, *, password=None):
        seen.extend(fields)
        return real(pdf, fields, password=password)

    tools.signer.prepare = prepare
    place = Place(1, (50, 50, 200, 100))
    draft = a_draft(
        tools,
        "anne",
        signers=(
            SignerDraft("anne", clock() + timedelta(days=1), role="directrice", place=place),
            SignerDraft("benoit", clock() + timedelta(days=1)),
        ),
        language="en",
    )
    create_request(draft, by="person:chef", tools=tools)
    assert [plan.place for plan in seen] == [place, None]
    assert [plan.tooltip for plan in seen] == [
        "Signature of Anne, directrice",
        "Signature of Benoit",
    ]


def test_requests_are_numbered_and_listed(tools, asked):
    first, second = asked("anne"), asked("benoit")
    assert [first.request_id, second.request_id] == ["S-2026-000001", "S-2026-000002"]
    register = tools.register
    assert [r.request_id for r in register.requests()] == [second.request_id, first.request_id]
    assert [r.request_id for r in register.requests(person="anne")] == [first.request_id]
    assert [r.request_id for r in register.requests(before=second.request_id)] == [first.request_id]
    cancel(first.request_id, "person:chef", "x", tools)
    assert [r.request_id for r in register.requests(states=[RequestState.OPEN])] == [
        second.request_id
    ]
    with pytest.raises(NotFoundError):
        request("S-2026-000009", tools)
