"""The chain: what it holds, and what it notices."""

import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from rpa.domain.case import CaseState
from rpa.domain.ledger import Columns, canonical
from rpa.register.register import Entry
from rpa.testing.clock import FrozenClock
from rpa.testing.register import an_arrival, open_test_register


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register.db"


@pytest.fixture
def register(tmp_path):
    register = open_test_register(tmp_path, FrozenClock(tick_s=1))
    for number in range(5):
        register.receive(an_arrival(f"{number}.tif"), actor="test")
    return register


def tamper(path, *statements):
    """Write behind the register's back, with its guards taken down first."""
    with sqlite3.connect(path) as database:
        database.execute("drop trigger ledger_no_update")
        database.execute("drop trigger ledger_no_delete")
        for statement in statements:
            database.execute(statement)
    database.close()


def found(register):
    return [(flaw.seq, flaw.problem) for flaw in register.flaws()]


def test_an_untouched_ledger_has_no_flaw(register):
    assert found(register) == []
    assert register.head()[0] == 5


@pytest.mark.parametrize("column", ["at", "kind", "case_id", "actor", "data", "previous", "hash"])
def test_a_changed_entry_is_named_whatever_was_changed(register, path, column):
    tamper(path, f"update ledger set {column} = {column} || '0' where seq = 3")

    assert found(register) == [(3, "changed")]


def test_a_removed_entry_is_named(register, path):
    tamper(path, "delete from ledger where seq = 2")

    assert found(register) == [(2, "removed")]


def test_entries_that_changed_places_are_named(register, path):
    tamper(
        path,
        "update ledger set seq = 100 where seq = 2",
        "update ledger set seq = 2 where seq = 3",
        "update ledger set seq = 3 where seq = 100",
    )

    assert found(register) == [(2, "re-ordered"), (3, "re-ordered")]


def test_a_rewritten_entry_with_a_fitting_hash_breaks_the_link_after_it(register, path):
    entry = register.entries()[2]
    forged = entry.model_dump()

    columns = Columns(
        **{
            **forged,
            "at": entry.at.isoformat(timespec="microseconds"),
            "data": canonical({"medium": "web"}),
            "hash": "",
        }
    )
    tamper(
        path,
        f"update ledger set data = '{columns.data}', hash = '{columns.own_hash()}' where seq = 3",
    )

    assert found(register) == [(4, "re-ordered")]


def test_a_ledger_cut_off_at_its_end_is_noticed(register, path):
    tamper(path, "delete from ledger where seq > 3")

    assert found(register) == [(4, "cut-off"), (5, "cut-off")]


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger set actor = 'x' where seq = 1",
        "delete from ledger where seq = 1",
        "replace into ledger values (1, '', 'received', null, 'x', '{}', '', '')",
    ],
)
def test_the_database_itself_refuses_to_change_an_entry(register, statement):
    with pytest.raises(IntegrityError, match="append-only"), register._database.writing() as db:
        db.execute(text(statement))


def test_entries_and_the_move_they_tell_are_written_together_or_not_at_all(register):
    case = register.cases()[0].case
    lease = register.take(case.case_id, owner="w")
    moved = case.moved(CaseState.RECOGNIZED, at=case.received_at, because="read")

    with pytest.raises(TypeError):
        register.save(lease, moved, Entry("recognized", {"x": object()}))
    assert register.get(case.case_id).state is CaseState.RECEIVED
    assert found(register) == []
