"""Who may write a case, and who may not any more."""

import pytest

from rpa.domain.case import CaseState
from rpa.domain.errors import LostLeaseError, NotFoundError, StaleCaseError
from rpa.domain.model import CaseId
from rpa.register.register import Entry, Register
from rpa.register.rows import Lease
from rpa.testing.clock import FrozenClock
from rpa.testing.register import an_arrival, open_test_register


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
def register(tmp_path, clock):
    return open_test_register(tmp_path, clock)


def taken(register: Register, owner: str) -> Lease:
    case, _outcome = register.receive(an_arrival(), actor="test")
    lease = register.take(case.case_id, owner=owner)
    assert lease is not None
    return lease


def recognized(lease: Lease, clock: FrozenClock):
    return lease.case.moved(CaseState.RECOGNIZED, at=clock(), because="read")


def test_a_case_is_held_by_one_worker_at_a_time(register):
    lease = taken(register, "one")

    assert register.take(lease.case.case_id, owner="two") is None


def test_a_lease_that_ran_out_is_given_to_the_next(register, clock):
    lease = taken(register, "one")
    clock.pass_by(61)

    second = register.take(lease.case.case_id, owner="two")

    assert second is not None
    assert second.fence == lease.fence + 1


def test_a_worker_that_lost_its_lease_cannot_write(register, clock):
    slow = taken(register, "one")
    clock.pass_by(61)
    register.take(slow.case.case_id, owner="two")

    with pytest.raises(LostLeaseError):
        register.save(slow, recognized(slow, clock), Entry("recognized", {}))
    assert register.get(slow.case.case_id).state is CaseState.RECEIVED


def test_a_worker_that_lost_its_lease_to_itself_cannot_write_with_the_old_one(register, clock):
    old = taken(register, "one")
    clock.pass_by(61)
    register.take(old.case.case_id, owner="one")

    with pytest.raises(LostLeaseError):
        register.save(old, recognized(old, clock), Entry("recognized", {}))


def test_a_worker_that_lost_its_lease_cannot_open_an_intent(register, clock):
    slow = taken(register, "one")
    clock.pass_by(61)
    register.take(slow.case.case_id, owner="two")

    with pytest.raises(LostLeaseError):
        register.open_intent(slow, key="K", screen=None)
    assert register.intent(slow.case.case_id) is None


def test_the_same_copy_of_a_case_is_not_written_twice(register, clock):
    lease = taken(register, "one")
    register.save(lease, recognized(lease, clock), Entry("recognized", {}))

    with pytest.raises(StaleCaseError):
        register.save(lease, recognized(lease, clock), Entry("recognized", {}))
    assert [e.kind for e in register.history(lease.case.case_id)] == ["received", "recognized"]


def test_saving_lengthens_the_lease(register, clock):
    lease = taken(register, "one")
    clock.pass_by(50)
    register.save(lease, recognized(lease, clock), Entry("recognized", {}))
    clock.pass_by(50)

    assert register.take(lease.case.case_id, owner="two") is None


def test_a_released_case_is_free_at_once(register):
    lease = taken(register, "one")
    register.release(lease)
    register.release(lease)

    assert register.take(lease.case.case_id, owner="two") is not None


def test_releasing_a_lost_lease_leaves_the_new_holder_alone(register, clock):
    old = taken(register, "one")
    clock.pass_by(61)
    register.take(old.case.case_id, owner="two")
    register.release(old)

    assert register.take(old.case.case_id, owner="three") is None


def test_leases_of_dead_workers_are_ended(register):
    lease = taken(register, "dead")

    assert list(register.break_dead(lambda owner: owner == "dead")) == [lease.case.case_id]
    assert register.take(lease.case.case_id, owner="two") is not None


def test_a_case_that_was_put_off_is_due_only_later(register, clock):
    lease = taken(register, "one")
    later = clock().replace(hour=13)
    register.postpone(lease, Entry("put-off", {"code": "x"}), until=later)

    assert register.due() == []
    clock.pass_by(3600)
    assert register.due() == [lease.case.case_id]
    again = register.take(lease.case.case_id, owner="one")
    assert again is not None
    assert again.attempts == 1


def test_an_unknown_case_is_told(register):
    with pytest.raises(NotFoundError, match="2026-999999"):
        register.take(CaseId("2026-999999"), owner="one")


def test_a_person_is_told_when_a_worker_holds_the_case(register):
    lease = taken(register, "one")

    with pytest.raises(LostLeaseError, match="being worked on"):
        register.hold(lease.case.case_id, owner="person:marie")
