"""One set of promises for the register, on SQLite and on PostgreSQL."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from rpa.domain.case import CaseState
from rpa.domain.errors import LostLeaseError, OutcomeUnknownError, RpaError
from rpa.domain.filing import Receipt
from rpa.domain.target import LoginSpec, TargetSpec
from rpa.register.arrivals import Outcome
from rpa.register.register import Entry, Question
from rpa.register.settlings import LENGTH, QUIET, Settling
from rpa.testing.evidence import told
from rpa.testing.register import an_arrival


def test_a_case_lives_from_arrival_to_its_closing_entry(register, clock):
    case, outcome = register.receive(an_arrival(), actor="t")
    lease = register.take(case.case_id, owner="w")
    asked = lease.case.moved(CaseState.IN_REVIEW, at=clock(), because="look")
    lease = register.save(lease, asked, Entry("asked", {}), questions=[Question("nom", "x")])
    assert [item.field for item in register.review_items()] == ["nom"]
    approved = lease.case.moved(CaseState.APPROVED, at=clock(), because="seen")
    lease = register.save(lease, approved, Entry("decided", {}), settle_by="marie")
    register.open_intent(lease, key="K", screen=None)
    assert register.intent(case.case_id).key == "K"
    filed = lease.case.moved(CaseState.FILED, at=clock(), because="receipt")
    receipt = Receipt(number="1", text="")
    lease = register.save(lease, filed, Entry("filed", {}), receipt=receipt)
    archived = lease.case.moved(CaseState.ARCHIVED, at=clock(), because="done")
    register.save(lease, archived, Entry("archived", {}), Entry("closed", told("a")))

    assert outcome is Outcome.NEW
    assert register.intent(case.case_id) is None
    assert register.review_items() == []
    assert [e.kind for e in register.history(case.case_id)][-2:] == ["archived", "closed"]
    assert register.counts() == {CaseState.ARCHIVED: 1}
    assert list(register.flaws()) == []


def test_a_lost_lease_shuts_its_worker_out(register, clock):
    case, _ = register.receive(an_arrival(), actor="t")
    slow = register.take(case.case_id, owner="slow")
    clock.pass_by(61)
    assert register.take(case.case_id, owner="next").fence == slow.fence + 1

    moved = slow.case.moved(CaseState.RECOGNIZED, at=clock(), because="late")
    with pytest.raises(LostLeaseError):
        register.save(slow, moved, Entry("recognized", {}))
    with pytest.raises(LostLeaseError):
        register.open_intent(slow, key="K", screen=None)
    assert [e.kind for e in register.history(case.case_id)] == ["received"]


def test_one_of_many_workers_gets_a_case_and_the_chain_stays_whole(register):
    cases = [register.receive(an_arrival(str(n)), actor="t")[0].case_id for n in range(5)]
    won = []

    def work(name):
        for case_id in cases:
            lease = register.take(case_id, owner=name)
            if lease is None:
                continue
            won.append(case_id)
            moved = lease.case.moved(CaseState.RECOGNIZED, at=lease.case.received_at, because="x")
            register.save(lease, moved, Entry("recognized", {}))

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(won) == sorted(cases)
    assert list(register.flaws()) == []
    assert register.head()[0] == 10


@pytest.mark.parametrize("statement", ["update ledger set actor = 'x'", "delete from ledger"])
def test_the_database_refuses_to_change_the_ledger(register, database, statement):
    register.receive(an_arrival(), actor="t")
    with pytest.raises((DBAPIError, RpaError)), database.writing() as connection:
        connection.execute(text(statement))
    assert list(register.flaws()) == []


def test_the_report_is_told_the_same(register, clock):
    case, _ = register.receive(an_arrival(), actor="t")
    start = clock()
    clock.pass_by(1)
    evidence = register.evidence(inventory=lambda _digest: None)

    assert [w.state for w in evidence.waiting(clock())] == [CaseState.RECEIVED]
    assert evidence.arrivals(start, clock()) == {"fax": 1}
    assert case.case_id


def a_pile(name="pile.pdf"):
    """Return the parts of a pile, and the pile as it came."""
    return [an_arrival(f"{name}#{part}") for part in (1, 2, 3)], an_arrival(name)


def test_a_pile_is_taken_in_as_a_whole_and_once(register):
    parts, pile = a_pile()

    opened = register.receive_batch(parts, carriers=[pile], actor="t")
    again = register.receive_batch(parts, carriers=[pile], actor="t")

    assert [outcome for _case, outcome in opened] == [Outcome.NEW] * 3
    assert {outcome for _case, outcome in again} == {Outcome.KNOWN}
    assert [case for case, _outcome in again] == [case for case, _outcome in opened]
    assert register.received("fax", "pile.pdf") == opened[0][0]
    assert register.received("fax", "another.pdf") is None
    assert register.head()[0] == 3


def test_a_pile_taken_in_by_many_workers_at_once_is_taken_in_once(register):
    parts, pile = a_pile()
    outcomes = []

    def take_in():
        for _case, outcome in register.receive_batch(parts, carriers=[pile], actor="t"):
            outcomes.append(outcome)

    threads = [threading.Thread(target=take_in) for _worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count(Outcome.NEW) == 3
    assert outcomes.count(Outcome.KNOWN) == 9
    assert len(register.cases()) == 3
    assert list(register.flaws()) == []


def claims(register, owner, *, dead=()):
    return register.claim_settling(
        Settling("courriel", "imap:1:2"), owner=owner, is_dead=dead.__contains__
    )


def test_one_worker_settles_a_delivery_until_its_right_runs_out(register, clock):
    assert claims(register, "one")
    assert not claims(register, "two")
    assert not claims(register, "one")

    clock.pass_by(LENGTH.total_seconds() + 1)

    assert claims(register, "two")


def test_a_dead_worker_s_delivery_is_settled_by_the_next_once_its_server_is_quiet(register, clock):
    claims(register, "one")

    assert not claims(register, "two", dead=["one"])
    clock.pass_by(QUIET.total_seconds())
    assert claims(register, "two", dead=["one"])


def test_after_a_failed_settling_the_next_look_tries_again(register, clock):
    claims(register, "one")
    register.settling_failed(Settling("courriel", "imap:1:2"))

    assert not claims(register, "two")
    clock.pass_by(QUIET.total_seconds() + 1)
    assert claims(register, "two")


def test_of_many_who_want_to_settle_a_delivery_one_does(register):
    won = []
    threads = [
        threading.Thread(target=lambda n=n: won.append(claims(register, f"w{n}"))) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(won) == [False] * 7 + [True]


FIRM = TargetSpec(url="http://old", logins=(LoginSpec(username="u", password="env:P"),))


def nobody(_owner):
    return False


def filed_with(register, clock, name, number):
    case, _outcome = register.receive(an_arrival(name), actor="t")
    lease = register.take(case.case_id, owner="w")
    asked = lease.case.moved(CaseState.IN_REVIEW, at=clock(), because="look")
    lease = register.save(lease, asked, Entry("asked", {}))
    approved = lease.case.moved(CaseState.APPROVED, at=clock(), because="seen")
    lease = register.save(lease, approved, Entry("decided", {}))
    register.open_intent(lease, key="K", screen=None, present=("7",), target="old")
    filed = lease.case.moved(CaseState.FILED, at=clock(), because="receipt")
    receipt = Receipt(number=number, text="", unique=number != "same")
    return register.save(lease, filed, Entry("filed", {}), receipt=receipt, target="old")


def test_a_receipt_is_one_cases_of_a_target(register, clock):
    first = filed_with(register, clock, "a.tif", "1")
    with pytest.raises(OutcomeUnknownError, match=first.case.case_id):
        filed_with(register, clock, "b.tif", "1")

    (second,) = register.cases(states=[CaseState.APPROVED])
    intent = register.intent(second.case.case_id)
    assert (intent.present, intent.target) == (("7",), "old")
    others = register.receipts_of_others("old", {"1", "2"}, second.case.case_id)
    assert others == {"1"}
    assert register.receipts_of_others("old", {"1"}, first.case.case_id) == frozenset()
    assert register.receipts_of_others("new", {"1"}, second.case.case_id) == frozenset()


def test_a_receipt_that_is_not_unique_is_no_proof_against_another(register, clock):
    filed_with(register, clock, "a.tif", "same")
    filed_with(register, clock, "b.tif", "same")

    assert register.counts() == {CaseState.FILED: 2}


def test_a_log_in_has_one_owner_at_a_time(register, clock):
    first = register.claim_login("old", ["u"], owner="a", is_dead=nobody)
    assert register.claim_login("old", ["u"], owner="b", is_dead=nobody) is None
    assert register.claim_login("old", ["u"], owner="a", is_dead=nobody) == first

    clock.pass_by(61)
    second = register.claim_login("old", ["u"], owner="b", is_dead=nobody)
    assert second.fence == first.fence + 1
    with pytest.raises(LostLeaseError):
        register.keep_login(first)
    register.release_logins([first])
    assert register.claim_login("old", ["u"], owner="c", is_dead=nobody) is None


def test_one_of_many_who_want_the_log_in_at_once_gets_it(register):
    together = threading.Barrier(5)
    won = []

    def wants(owner):
        together.wait()
        if register.claim_login("old", ["u"], owner=owner, is_dead=nobody):
            won.append(owner)

    threads = [threading.Thread(target=wants, args=(f"w{n}",)) for n in range(5)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert len(won) == 1


def test_a_dead_owners_log_in_is_free_and_it_may_not_commit(register):
    case, _outcome = register.receive(an_arrival(), actor="t")
    lease = register.take(case.case_id, owner="w")
    login = register.claim_login("old", ["u"], owner="w", is_dead=nobody)
    register.break_dead(lambda owner: owner == "w")
    register.claim_login("old", ["u"], owner="x", is_dead=nobody)

    with pytest.raises(LostLeaseError):
        register.confirm(lease, login)
    held = register.take(case.case_id, owner="x")
    with pytest.raises(LostLeaseError):
        register.open_intent(held, key="K", screen=None, login=login)
    assert register.intent(case.case_id) is None


def test_failures_in_a_row_open_the_circuit_and_one_may_try(register, clock):
    for _failure in range(3):
        assert register.wait_for("old", FIRM) == 0
        register.target_failed("old", FIRM)
    assert register.wait_for("old", FIRM) == 300

    clock.pass_by(301)
    assert register.wait_for("old", FIRM) == 0
    assert register.wait_for("old", FIRM) == 300
    register.target_answered("old")
    assert register.wait_for("old", FIRM) == 0


def test_a_target_failing_now_and_then_stays_open(register):
    for _case in range(5):
        register.target_failed("old", FIRM)
        register.target_failed("old", FIRM)
        register.target_answered("old")

    assert register.wait_for("old", FIRM) == 0


def test_turns_keep_their_distance_though_the_clock_is_put_back(register, clock):
    slow = FIRM.model_copy(update={"pause_s": 10.0})
    assert register.wait_for("old", slow) == 0
    assert register.wait_for("old", slow) == 10
    clock.pass_by(10)
    assert register.wait_for("old", slow) == 0
    clock.pass_by(-86_400)
    assert register.wait_for("old", slow) == 0


def test_a_case_that_only_waits_counts_no_attempt(register, clock):
    case, _outcome = register.receive(an_arrival(), actor="t")
    lease = register.take(case.case_id, owner="w")
    register.postpone(lease, None, until=clock() + timedelta(seconds=5))

    assert register.due() == []
    assert register.take(case.case_id, owner="w").attempts == 0
    assert [entry.kind for entry in register.history(case.case_id)] == ["received"]
