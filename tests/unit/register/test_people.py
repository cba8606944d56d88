"""People, their sessions, and the attempts that are slowed down."""

from datetime import timedelta

import pytest

from rpa.domain.errors import NotFoundError, SetupError
from rpa.domain.model import Digest
from rpa.domain.person import Person, PersonId, Proof
from rpa.register.attempts import Allowance
from rpa.register.people import SecretKind
from rpa.register.sessions import Session
from rpa.testing.clock import FrozenClock
from rpa.testing.register import open_test_register

LUCIE = PersonId("lucie.roy")
DOCUMENT = Digest("a" * 64)


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
def register(tmp_path, clock):
    register = open_test_register(tmp_path, clock)
    register.add_person(person(), actor="person:admin")
    return register


def person(**changes):
    known = Person(person_id=LUCIE, name="Lucie Roy", email="lucie@ville.example")
    return known.model_copy(update=changes)


def session(clock, digest="s" * 64):
    at = clock()
    return Session(
        digest=digest,
        person_id=LUCIE,
        proofs=(Proof.PASSWORD,),
        opened_at=at,
        seen_at=at,
        until=at + timedelta(hours=10),
    )


def test_a_person_is_found_by_their_log_in_name(register):
    assert register.person(LUCIE) == person()
    assert register.people() == [person()]
    assert register.account(LUCIE).password_hash is None
    with pytest.raises(NotFoundError):
        register.person(PersonId("nobody"))


def test_a_log_in_name_is_given_once(register):
    with pytest.raises(SetupError, match="taken"):
        register.add_person(person(), actor="person:admin")


def test_whoever_left_is_logged_out_everywhere(register, clock):
    register.open_session(session(clock))

    register.change_person(person(is_active=False), actor="person:admin")

    assert not register.person(LUCIE).is_active
    assert register.session("s" * 64, idle_s=600) is None


def test_a_new_password_ends_every_session_and_every_link(register, clock):
    register.open_session(session(clock))
    later = clock() + timedelta(days=2)
    register.give_first_password(LUCIE, "l" * 64, until=later, actor="person:admin")
    assert register.first_password_of("l" * 64) == LUCIE

    register.set_password(LUCIE, "hash", actor="person:lucie.roy")

    assert register.session("s" * 64, idle_s=600) is None
    assert register.first_password_of("l" * 64) is None


def test_a_link_to_a_first_password_ends(register, clock):
    soon = clock() + timedelta(hours=1)
    register.give_first_password(LUCIE, "l" * 64, until=soon, actor="person:admin")

    clock.pass_by(3601)

    assert register.first_password_of("l" * 64) is None
    assert not register.use_secret(LUCIE, SecretKind.FIRST_PASSWORD, "l" * 64)


def test_a_code_s_half_minute_is_used_once_and_never_an_older_one(register):
    assert register.use_step(LUCIE, 100)
    assert not register.use_step(LUCIE, 100)
    assert not register.use_step(LUCIE, 99)
    assert register.use_step(LUCIE, 101)


def test_a_recovery_code_works_once_and_only_for_its_person(register):
    register.set_totp(LUCIE, "sealed", ["r" * 64], actor="person:lucie.roy")

    assert not register.use_secret(PersonId("other"), SecretKind.RECOVERY, "r" * 64)
    assert register.use_secret(LUCIE, SecretKind.RECOVERY, "r" * 64)
    assert not register.use_secret(LUCIE, SecretKind.RECOVERY, "r" * 64)


def test_a_session_falls_idle_but_not_while_it_is_used(register, clock):
    register.open_session(session(clock))
    for _click in range(3):
        clock.pass_by(500)
        assert register.session("s" * 64, idle_s=600) is not None

    clock.pass_by(601)

    assert register.session("s" * 64, idle_s=600) is None


def test_a_session_ends_after_its_hours_however_it_is_used(register, clock):
    register.open_session(session(clock))
    for _click in range(10 * 6):
        clock.pass_by(600)
        held = register.session("s" * 64, idle_s=1200)

    assert held is None


def test_what_was_opened_is_known_of_one_session_only(register, clock):
    mine, other = session(clock), session(clock, "t" * 64)
    register.open_session(mine)
    register.open_session(other)

    register.document_opened(mine, DOCUMENT)
    register.document_opened(mine, DOCUMENT)

    assert register.opened_parts(mine, DOCUMENT) == {0}
    assert register.opened_parts(other, DOCUMENT) == frozenset()
    opened = list(register.entries(kind="document-opened"))
    assert [entry.data["document"] for entry in opened] == [DOCUMENT]


def test_attempts_past_the_free_ones_wait_longer_each_time(register, clock):
    allowed = {"lucie": Allowance(free=3, most_s=60, forget_s=3600)}
    waits = []
    for _guess in range(7):
        assert register.attempt(allowed) == 0
        waits.append(register.attempt(allowed) if len(waits) >= 2 else 0)
        clock.pass_by(waits[-1])

    assert waits == [0, 0, 1, 2, 4, 8, 16]


def test_an_attempt_that_succeeds_clears_the_account_and_spares_the_address(register):
    allowed = Allowance(free=2, most_s=60, forget_s=3600)
    whose = {"account": allowed, "address": allowed}
    register.attempt(whose)
    register.attempt(whose)

    register.attempt_succeeded(clearing=["account"], sparing="address")

    assert register.attempt(whose) == 0


def test_a_quiet_time_makes_attempts_free_again(register, clock):
    allowed = {"lucie": Allowance(free=1, most_s=60, forget_s=600)}
    register.attempt(allowed)
    assert register.attempt(allowed) > 0

    clock.pass_by(601)
    register.attempt(allowed)
    clock.pass_by(1)

    assert register.attempt(allowed) == 0
