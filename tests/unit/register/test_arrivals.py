"""Deliveries become cases, once."""

import threading

import pytest

from rpa.domain.case import CaseState
from rpa.register.arrivals import Outcome
from rpa.testing.clock import FrozenClock
from rpa.testing.register import an_arrival, open_test_register


@pytest.fixture
def register(tmp_path):
    return open_test_register(tmp_path, FrozenClock(tick_s=1))


def test_cases_are_numbered_by_year(register):
    first, _ = register.receive(an_arrival("a"), actor="t")
    second, _ = register.receive(an_arrival("b"), actor="t")

    assert (first.case_id, second.case_id) == ("2026-000001", "2026-000002")


def test_the_same_delivery_after_a_crash_changes_nothing(register):
    case, first = register.receive(an_arrival("a"), actor="t")
    again, second = register.receive(an_arrival("a"), actor="t")

    assert (first, second) == (Outcome.NEW, Outcome.KNOWN)
    assert again == case
    assert register.head()[0] == 1


def test_the_same_document_delivered_twice_is_one_case(register):
    case, _ = register.receive(an_arrival("a", content=b"fax"), actor="t")
    again, outcome = register.receive(an_arrival("b", content=b"fax", channel="web"), actor="t")

    assert outcome is Outcome.DUPLICATE
    assert again.case_id == case.case_id
    assert [e.kind for e in register.history(case.case_id)] == ["received", "repeated"]
    assert [d.is_duplicate for d in register.deliveries()] == [False, True]


def test_what_cannot_be_taken_in_is_a_case_set_aside_with_its_reason(register):
    case, _ = register.receive(an_arrival("a", refused="damaged"), actor="t")

    assert case.state is CaseState.SET_ASIDE
    assert [e.kind for e in register.history(case.case_id)] == ["received", "set-aside"]


def test_many_threads_give_one_unbroken_chain_and_every_number_once(register):
    def deliver(worker: int) -> None:
        for number in range(10):
            register.receive(an_arrival(f"{worker}-{number}"), actor=f"w{worker}")

    threads = [threading.Thread(target=deliver, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({summary.case.case_id for summary in register.cases(most=100)}) == 40
    assert list(register.flaws()) == []
    assert register.head()[0] == 40
