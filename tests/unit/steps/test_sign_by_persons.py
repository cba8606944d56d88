"""A case whose letter several persons sign: it waits, follows its request, and is archived."""

import pytest
from pydantic import ValidationError

from rpa.domain.case import CaseState
from rpa.domain.document import DocumentRole
from rpa.domain.errors import SetupError, ToolUnavailableError
from rpa.domain.paperless import Touchpoint
from rpa.domain.process import SignatureSpec
from rpa.domain.signature import SignatureLevel
from rpa.domain.signature_request import RequestState, SigningRecord
from rpa.steps.advance import advance
from rpa.steps.sign import decline, sign_as
from rpa.steps.signature_requests import (
    cancel,
    decline_requested,
    delegate,
    expire_due,
    sign_requested,
    tend,
)
from rpa.testing.requests import FieldSigner, KeptMail, add_people, opened_consent
from rpa.testing.toolbox import FakeSigner

DAY = 86_400
SIGNERS = [
    {"person": "anne", "role": {"fr": "directrice", "en": "director"}, "days": 5},
    {"person": "benoit", "stage": 2, "days": 8},
]
BY_PERSONS = {
    "by": "person",
    "signers": SIGNERS,
    "level": "B-LT",
    "intent": {"fr": "J’approuve.", "en": "I approve."},
    "reminders": [2],
    "told": ["chef"],
}


@pytest.fixture
def waiting(world, deliver):
    """Make a case wait for its signers; returns the tools, the case and its request."""

    def wait(**changed):
        signer = FieldSigner()
        chosen = {"signer": signer, "validator": signer, "mailer": KeptMail()}
        tools = world({"signature": {**BY_PERSONS, **changed}}, **chosen)
        add_people(tools, "anne", "benoit", "chef", "denis")
        case = advance(deliver(tools), tools)
        return tools, case, tools.register.request_of_case(case.case_id)

    return wait


def sign(request, person, tools):
    consent = opened_consent(request.request_id, person, tools)
    return sign_requested(request.request_id, consent, tools=tools)


def closing(tools, case_id):
    return next(e.data for e in tools.register.history(case_id) if e.kind == "closed")


def test_the_letter_is_put_up_for_signature_as_the_process_says(waiting):
    tools, case, request = waiting()
    assert case.state is CaseState.AWAITING_SIGNATURE
    assert request.request_id in case.reason
    assert (request.title, request.intent) == (f"Demande {case.case_id}", "J’approuve.")
    assert (request.level, request.terms.reminder_days) == (SignatureLevel.B_LT, (2,))
    assert request.terms.watchers == ("chef",)
    first, second = request.signers
    assert (first.person, first.role, first.stage) == ("anne", "directrice", 1)
    assert (second.person, second.stage) == ("benoit", 2)
    local = [s.deadline.astimezone(tools.timezone) for s in request.signers]
    assert [(at.month, at.day, at.hour, at.minute) for at in local] == [
        (11, 29, 23, 59),
        (12, 2, 23, 59),
    ]
    letter = tools.store.get(case.document(DocumentRole.LETTER).digest)
    assert tools.store.get(request.original) == letter


def test_the_case_is_archived_with_what_all_of_them_signed(waiting):
    tools, case, request = waiting()
    sign(request, "anne", tools)
    assert tools.register.get(case.case_id).state is CaseState.AWAITING_SIGNATURE
    request = sign(request, "benoit", tools)
    signed = tools.register.get(case.case_id)
    assert signed.state is CaseState.SIGNED
    assert signed.document(DocumentRole.SIGNED).digest == request.current
    records = [d for d in signed.documents if d.role is DocumentRole.SIGNING_RECORD]
    kept = [SigningRecord.model_validate_json(tools.store.get(d.digest)) for d in records]
    assert [record.identity.person for record in kept] == ["anne", "benoit"]
    assert {record.case_id for record in kept} == {case.case_id}
    validation = signed.document(DocumentRole.VALIDATION).digest
    assert validation == kept[-1].validation
    entry = next(e for e in tools.register.history(case.case_id) if e.kind == "signed")
    assert entry.data == {
        "signed": request.current,
        "request": request.request_id,
        "level": "B-LT",
        "wanted": "B-LT",
        "shortfall": "",
    }
    assert advance(case.case_id, tools).state is CaseState.ARCHIVED
    point = closing(tools, case.case_id)["touchpoints"][Touchpoint.SIGNATURE]
    assert point == {"medium": "native", "proof": f"entry:{entry.seq}"}


def test_the_lowest_level_reached_is_the_cases(waiting):
    tools, case, request = waiting()
    tools.signer.reached = SignatureLevel.B_B
    sign(request, "anne", tools)
    tools.signer.reached = None
    sign(request, "benoit", tools)
    entry = next(e for e in tools.register.history(case.case_id) if e.kind == "signed")
    told = {key: entry.data[key] for key in ("level", "wanted", "shortfall")}
    assert told == {"level": "B-B", "wanted": "B-LT", "shortfall": "timestamp-unavailable"}


def test_what_one_signed_before_another_declined_proves_no_signature(waiting):
    tools, case, request = waiting()
    sign(request, "anne", tools)
    decline_requested(request.request_id, "benoit", "Montant faux.", tools)
    declined = tools.register.get(case.case_id)
    assert declined.state is CaseState.DECLINED
    assert "Montant" not in declined.reason
    kinds = [entry.kind for entry in tools.register.history(case.case_id)]
    assert kinds[-3:] == ["signature-requested", "declined", "closed"]
    points = closing(tools, case.case_id)["touchpoints"]
    assert points[Touchpoint.SIGNATURE]["medium"] == "unknown"


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (lambda r, tools, _c: decline_requested(r.request_id, "anne", "Non.", tools), "declined"),
        (lambda r, tools, _c: cancel(r.request_id, "person:chef", "Non.", tools), "cancelled"),
        (lambda _r, tools, clock: (clock.pass_by(6 * DAY), expire_due(tools)), "expired"),
    ],
)
def test_a_request_that_ends_unsigned_declines_the_case_with_its_code(waiting, clock, end, code):
    tools, case, request = waiting()
    end(request, tools, clock)
    assert tools.register.get(case.case_id).state is CaseState.DECLINED
    entry = next(e for e in tools.register.history(case.case_id) if e.kind == "declined")
    assert entry.data == {"request": request.request_id, "code": code}


def test_a_death_before_the_case_moved_is_made_up_for(waiting):
    tools, case, request = waiting()
    sign(request, "anne", tools)
    held = tools.register.hold(case.case_id, owner="worker:other:1:1")
    assert sign(request, "benoit", tools).state is RequestState.COMPLETED
    assert tools.register.get(case.case_id).state is CaseState.AWAITING_SIGNATURE
    tools.register.release(held)
    tend(tools)
    assert tools.register.get(case.case_id).state is CaseState.SIGNED
    assert tools.register.ended_before_their_case() == []


def test_a_worker_that_died_after_asking_asks_nobody_twice(world, deliver):
    signer = FieldSigner()
    tools = world({"signature": BY_PERSONS}, signer=signer, validator=signer)
    add_people(tools, "anne", "benoit", "chef")
    case_id = deliver(tools)
    real_save = tools.register.save

    def dying_save(lease, case, *entries, **named):
        if case.state is CaseState.AWAITING_SIGNATURE:
            tools.register.save = real_save
            raise ToolUnavailableError("Killed.")
        return real_save(lease, case, *entries, **named)

    tools.register.save = dying_save
    with pytest.raises(ToolUnavailableError):
        advance(case_id, tools)
    asked = tools.register.request_of_case(case_id)
    tools.now.pass_by(10)
    case = advance(case_id, tools)
    assert case.state is CaseState.AWAITING_SIGNATURE
    assert [r.request_id for r in tools.register.requests()] == [asked.request_id]


def test_the_old_way_is_refused_where_a_request_waits(waiting):
    tools, case, request = waiting()
    for old_way in (
        lambda: sign_as(case.case_id, "superviseur", person="anne", tools=tools),
        lambda: decline(case.case_id, "Non.", person="anne", tools=tools),
    ):
        with pytest.raises(SetupError, match=request.request_id) as refused:
            old_way()
        assert refused.value.reason == "signed-by-request"


def test_a_signer_without_an_account_suspends_the_case_with_the_reason(world, deliver):
    tools = world({"signature": BY_PERSONS})
    add_people(tools, "chef")
    case = advance(deliver(tools), tools)
    assert case.state is CaseState.SUSPENDED
    assert "anne" in case.reason


def test_a_process_may_forbid_delegation(waiting):
    tools, _case, request = waiting(may_delegate=False)
    with pytest.raises(Exception, match="may not be delegated"):
        delegate(request.request_id, "anne", "denis", "", tools)


def test_a_seal_says_the_level_reached_and_the_one_wanted(world, deliver):
    class Lowering(FakeSigner):
        def sign(self, request):
            assert request.wait
            made = super().sign(request)
            return type(made)(made.pdf, SignatureLevel.B_B, made.wanted, shortfall_code="no-tsa")

    signer = Lowering()
    spec = {"credential": "sceau", "level": "B-LTA", "on_failure": "wait"}
    tools = world({"signature": spec}, signer=signer, validator=signer)
    case_id = deliver(tools)
    advance(case_id, tools)
    entry = next(e for e in tools.register.history(case_id) if e.kind == "signed")
    told = {key: entry.data[key] for key in ("level", "wanted", "shortfall")}
    assert told == {"level": "B-B", "wanted": "B-LTA", "shortfall": "no-tsa"}


@pytest.mark.parametrize(
    "said",
    [
        {"by": "organization"},
        {"by": "organization", "credential": "sceau", "signers": SIGNERS},
        {"by": "person"},
        {"by": "person", "credential": "x", "signers": SIGNERS},
        {"by": "person", "signers": [{"person": "anne", "stage": 2}]},
        {"by": "person", "signers": [{"person": "Anne Roy"}]},
        {"by": "person", "signers": SIGNERS, "reminders": [0]},
    ],
)
def test_a_signature_section_that_makes_no_sense_is_refused(said):
    with pytest.raises(ValidationError):
        SignatureSpec.model_validate(said)
