"""What the report is told of the ledger, as of a moment."""

from datetime import timedelta

import pytest

from rpa.domain.case import CaseState
from rpa.domain.errors import NotFoundError
from rpa.domain.evidence import Inventory
from rpa.register.evidence import STATE_AFTER, LedgerEvidence
from rpa.register.register import Entry
from rpa.testing.clock import FrozenClock
from rpa.testing.evidence import inventory, told
from rpa.testing.register import an_arrival, open_test_register


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
def register(tmp_path, clock):
    return open_test_register(tmp_path, clock)


def source(register, kept: Inventory | None = None) -> LedgerEvidence:
    return register.evidence(inventory=lambda _digest: kept)


def moved(register, case_id, state, *entries, clock):
    lease = register.take(case_id, owner="w")
    case = lease.case.model_copy(update={"state": state, "changed_at": clock()})
    register.save(lease, case, *entries)
    register.release(lease)


def test_a_closed_case_is_told_in_its_window_only(register, clock):
    case, _ = register.receive(an_arrival(), actor="t")
    start = clock()
    clock.pass_by(10)
    moved(register, case.case_id, CaseState.ARCHIVED, Entry("closed", told("a")), clock=clock)
    end = clock() + timedelta(seconds=1)

    evidence = source(register)
    assert [c.case_id for c in evidence.closed(start, end)] == [case.case_id]
    assert list(evidence.closed(start, clock())) == []
    assert list(evidence.closed(end, end + timedelta(days=1))) == []


def test_a_case_waits_until_it_ended_also_when_asked_later(register, clock):
    case, _ = register.receive(an_arrival(), actor="t")
    clock.pass_by(60)
    asked = Entry("asked", {"questions": 1})
    moved(register, case.case_id, CaseState.IN_REVIEW, asked, clock=clock)
    clock.pass_by(60)
    moved(register, case.case_id, CaseState.REJECTED, Entry("rejected", {}), clock=clock)
    clock.pass_by(60)

    evidence = source(register)
    now = clock()
    ago = [[w.state for w in evidence.waiting(now - timedelta(seconds=s))] for s in (170, 90, 30)]
    assert ago == [[CaseState.RECEIVED], [CaseState.IN_REVIEW], []]


def test_arrivals_are_counted_by_the_kind_of_their_channel(register, clock):
    for name in "abc":
        register.receive(an_arrival(name), actor="t")
    later = clock() + timedelta(seconds=1)

    assert source(register).arrivals(clock(), later) == {"fax": 3}
    assert source(register).arrivals(later, later + timedelta(days=1)) == {}


def test_the_inventory_is_the_newest_frozen_before_the_moment(register, clock):
    with pytest.raises(NotFoundError):
        source(register).inventory(clock())
    register.attest(Entry("inventoried", {"digest": "0" * 64}), actor="t")

    kept = inventory("a")
    assert source(register, kept).inventory(clock() + timedelta(seconds=1)) == kept
    with pytest.raises(NotFoundError):
        source(register, kept).inventory(clock())


def test_counts_and_attestations_are_told_with_their_entries(register, clock):
    period = {"period_start": "2026-11-01", "period_end": "2026-11-30"}
    said = {"process": "a", "by": "m", **period, "cases": 3}
    register.attest(Entry("counted", {**said, "source": "log"}), actor="t")
    register.attest(Entry("attested", {**said, "on": "2026-11-24", "touchpoints": {}}), actor="t")
    later = clock() + timedelta(seconds=1)

    (count,) = source(register).counts(clock(), later)
    (word,) = source(register).attestations(later)
    assert (count.seq, count.cases, word.seq, word.cases) == (1, 3, 2, 3)


def test_every_state_is_reached_by_an_entry_of_some_kind():
    assert set(STATE_AFTER.values()) == set(CaseState)
