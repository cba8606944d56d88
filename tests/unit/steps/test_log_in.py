"""Logging in and proving again: what lets in, what does not, and how guessing is slowed."""

import dataclasses
import threading
from datetime import timedelta

import pytest

from rpa.domain.errors import SetupError
from rpa.domain.person import Assurance, Person, PersonId, Proof
from rpa.identity.adapters.aes_seal import AesSeal
from rpa.identity.adapters.argon2_passwords import Argon2Passwords
from rpa.identity.adapters.totp_codes import TotpCodes
from rpa.steps.accounts import (
    AccountTools,
    begin_codes,
    choose_first_password,
    choose_password,
    confirm_codes,
    enrolling_key,
    password_link,
    set_active,
)
from rpa.steps.devices import device_with
from rpa.steps.log_in import (
    BY_ACCOUNT,
    BY_PERSON,
    BY_SESSION,
    Claim,
    LoggedIn,
    Refused,
    log_in,
    prove_again,
    session_of,
)
from rpa.testing.clock import FrozenClock
from rpa.testing.register import open_test_register

LUCIE = PersonId("lucie.roy")
PASSWORD = "sapin gris au matin"
WRONG = "sapin gris au soir"
HERE = "192.0.2.7"


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture
def tools(tmp_path, clock):
    register = open_test_register(tmp_path, clock)
    person = Person(person_id=LUCIE, name="Lucie Roy", email="lucie@ville.example")
    register.add_person(person, actor="person:admin")
    made = AccountTools(
        now=clock,
        register=register,
        passwords=Argon2Passwords.cheap(),
        codes=TotpCodes(),
        seal=AesSeal("a secret of the console, long enough"),
        organization="Ville de Val-des-Érables",
        idle_s=1200,
        lasts=timedelta(hours=10),
    )
    choose_password(LUCIE, PASSWORD, actor="person:admin", tools=made)
    return made


def entered(tools, password=PASSWORD, code="", address=HERE, name=LUCIE):
    return log_in(name, Claim(password, code), address=address, tools=tools)


def enrolled(tools, clock):
    key, sealed = begin_codes(LUCIE, tools)
    assert enrolling_key(LUCIE, sealed, tools) == key
    spare = confirm_codes(LUCIE, key, tools.codes.code(key, at=clock()), tools)
    clock.pass_by(60)
    return key, spare


def test_the_right_password_opens_a_session(tools):
    inside = entered(tools, name="  Lucie.Roy ")

    assert isinstance(inside, LoggedIn)
    assert session_of(inside.secret, tools).person_id == LUCIE
    assert inside.secret not in repr(inside)
    assert session_of("another", tools) is None


@pytest.mark.parametrize("name", [LUCIE, "nobody"])
def test_whoever_is_wrong_hears_the_same(tools, name):
    assert entered(tools, WRONG, name=name) == Refused()


def test_a_closed_account_lets_nobody_in(tools):
    set_active(LUCIE, is_active=False, actor="person:admin", tools=tools)

    assert entered(tools) == Refused()


def test_guesses_wait_longer_each_time_and_the_right_password_waits_with_them(tools, clock):
    for _guess in range(5):
        assert entered(tools, WRONG) == Refused()

    held_up = entered(tools)
    assert isinstance(held_up, Refused)
    assert 0 < held_up.wait_s <= 1
    clock.pass_by(1)

    assert isinstance(entered(tools), LoggedIn)


def test_guesses_at_many_names_from_one_address_are_slowed(tools):
    waits = [entered(tools, WRONG, name=f"name{n}").wait_s for n in range(31)]

    assert waits[:30] == [0] * 30
    assert waits[30] > 0
    assert isinstance(entered(tools, address="198.51.100.4"), LoggedIn)


def test_a_name_that_nobody_has_is_slowed_like_any(tools):
    for _guess in range(5):
        entered(tools, WRONG, name="nobody")

    assert entered(tools, WRONG, name="nobody").wait_s > 0


def test_with_one_time_codes_the_password_alone_is_not_enough(tools, clock):
    key, _spare = enrolled(tools, clock)

    assert entered(tools) == Refused()
    assert entered(tools, code="000000") == Refused()
    inside = entered(tools, code=tools.codes.code(key, at=clock()))
    assert inside.session.proofs == (Proof.PASSWORD, Proof.ONE_TIME_CODE)


def test_a_code_works_once(tools, clock):
    key, _spare = enrolled(tools, clock)
    code = tools.codes.code(key, at=clock())

    assert isinstance(entered(tools, code=code), LoggedIn)
    assert entered(tools, code=code) == Refused()


def test_a_recovery_code_stands_in_once_for_logging_in_but_never_for_signing(tools, clock):
    _key, spare = enrolled(tools, clock)

    inside = entered(tools, code=spare[0].upper())
    assert isinstance(inside, LoggedIn)
    assert entered(tools, code=spare[0]) == Refused()
    again = prove_again(inside.session, Claim(PASSWORD, spare[1]), wanted=2, tools=tools)
    assert again == Refused()


def test_proving_again_takes_a_password_or_a_code_and_both_where_two_are_wanted(tools, clock):
    key, _spare = enrolled(tools, clock)
    session = entered(tools, code=tools.codes.code(key, at=clock())).session

    def proved(claim, wanted):
        clock.pass_by(60)
        return prove_again(session, claim, wanted=wanted, tools=tools)

    code = tools.codes.code(key, at=clock() + timedelta(seconds=60))
    one = proved(Claim(code=code), 1)
    assert (one.assurance, one.session) == (Assurance.LOW, session.digest)
    assert proved(Claim(PASSWORD), 2) == Refused()
    code = tools.codes.code(key, at=clock() + timedelta(seconds=60))
    assert proved(Claim(PASSWORD, code), 2).assurance is Assurance.SUBSTANTIAL
    assert proved(Claim(PASSWORD, "123456"), 1) == Refused()
    assert proved(Claim(), 0) == Refused()


def test_a_link_lets_its_bearer_choose_the_password_once(tools):
    link = password_link(LUCIE, actor="person:admin", tools=tools)
    with pytest.raises(SetupError, match="12"):
        choose_first_password(link, "court", tools)

    choose_first_password(link, "quatre pommes vertes", tools)

    assert isinstance(entered(tools, "quatre pommes vertes"), LoggedIn)
    with pytest.raises(SetupError, match="used already"):
        choose_first_password(link, "cinq pommes vertes!", tools)


def test_a_new_password_ends_what_was_open(tools):
    inside = entered(tools)

    choose_password(LUCIE, "quatre pommes vertes", actor="person:lucie.roy", tools=tools)

    assert session_of(inside.secret, tools) is None


def test_logging_in_again_ends_the_session_of_before(tools):
    first = entered(tools)
    second = log_in(LUCIE, Claim(PASSWORD), address=HERE, ending=first.secret, tools=tools)

    assert session_of(first.secret, tools) is None
    assert session_of(second.secret, tools) is not None


def test_a_hash_of_another_cost_is_made_anew_at_the_next_log_in(tools):
    costly = Argon2Passwords()
    tools.register.set_password(LUCIE, costly.hash(PASSWORD), actor="person:admin")

    entered(tools)

    assert not tools.passwords.is_old(tools.register.account(LUCIE).password_hash)


def test_many_guesses_at_once_are_counted_as_one_after_another(tools):
    answers = []

    def guess():
        answers.append(entered(tools, WRONG))

    threads = [threading.Thread(target=guess) for _each in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    checked = [answer for answer in answers if not answer.wait_s]
    assert len(checked) == BY_ACCOUNT.free


def test_one_code_given_twice_at_once_lets_in_once(tools, clock):
    key, _spare = enrolled(tools, clock)
    code = tools.codes.code(key, at=clock())
    answers = []

    def enter():
        answers.append(entered(tools, code=code))

    threads = [threading.Thread(target=enter) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(isinstance(answer, LoggedIn) for answer in answers) == 1


class CountingCodes(TotpCodes):
    """Counts the codes that are looked at."""

    def __init__(self):
        self.looked_at = 0

    def step_of(self, code, key, *, at):
        self.looked_at += 1
        return super().step_of(code, key, at=at)


def counted(tools, clock):
    """Turn one-time codes on; returns tools that count, and the key."""
    key, _spare = enrolled(tools, clock)
    counting = dataclasses.replace(tools, codes=CountingCodes())
    return counting, key


def test_codes_guessed_for_a_year_from_ever_new_addresses_are_looked_at_some_hundred_times(
    tools, clock
):
    tools, _key = counted(tools, clock)
    for day in range(365):
        for hour in (0, 8, 16):
            claim = Claim(PASSWORD, f"{day * 24 + hour:06}")
            log_in(LUCIE, claim, address=f"192.0.2.{day}-{hour}", tools=tools)
            clock.pass_by(8 * 3600)

    assert tools.codes.looked_at < 400  # of 1,095 tries; each hits with 3 in a million


def test_whoever_guesses_for_ever_keeps_the_owner_out_of_no_browser_of_theirs(tools, clock):
    key, _spare = enrolled(tools, clock)
    mine = device_with("", LUCIE, tools.seal)
    for _guess in range(200):
        entered(tools, WRONG)
        clock.pass_by(3600)
    assert entered(tools).wait_s > 3600  # the right password from elsewhere waits with the guesses

    code = tools.codes.code(key, at=clock())
    inside = log_in(LUCIE, Claim(PASSWORD, code, mine), address=HERE, tools=tools)

    assert isinstance(inside, LoggedIn)
    assert entered(tools).wait_s > 3600  # and the guesses get nothing of it


def test_a_link_from_the_house_opens_to_its_bearer_what_guessing_closed(tools, clock):
    for _guess in range(200):
        entered(tools, WRONG)
        clock.pass_by(3600)
    link = password_link(LUCIE, actor="person:admin", tools=tools)

    choose_first_password(link, "quatre pommes vertes", tools)

    assert isinstance(entered(tools, "quatre pommes vertes"), LoggedIn)


def test_a_browser_that_is_known_is_slowed_too_by_itself(tools):
    mine = device_with("", LUCIE, tools.seal)

    def guess():
        return log_in(LUCIE, Claim(WRONG, device=mine), address=HERE, tools=tools)

    waits = [guess().wait_s for _guess in range(6)]
    assert waits[:5] == [0] * 5
    assert waits[5] > 0
    assert isinstance(entered(tools), LoggedIn)  # a stranger's count is another


def test_a_mark_of_somebody_else_s_browser_counts_as_a_stranger(tools):
    theirs = device_with("", "marc", tools.seal)
    for _guess in range(5):
        log_in(LUCIE, Claim(WRONG, device=theirs), address=HERE, tools=tools)

    assert entered(tools).wait_s > 0


def test_a_session_in_which_proofs_are_wrong_ends(tools):
    inside = entered(tools)

    def prove():
        return prove_again(inside.session, Claim(WRONG), wanted=1, tools=tools)

    answers = [prove() for _guess in range(BY_SESSION.free)]

    assert [answer.is_over for answer in answers] == [False] * 4 + [True]
    assert session_of(inside.secret, tools) is None
    assert isinstance(entered(tools), LoggedIn)  # logging in has a count of its own


def test_a_right_proof_begins_the_count_anew(tools):
    inside = entered(tools)
    for _each in range(3):
        for _guess in range(BY_SESSION.free - 1):
            prove_again(inside.session, Claim(WRONG), wanted=1, tools=tools)
        proved = prove_again(inside.session, Claim(PASSWORD), wanted=1, tools=tools)
        assert proved.person == LUCIE


def test_many_sessions_of_a_person_share_one_count_of_proofs(tools, clock):
    tools, key = counted(tools, clock)
    sessions = []
    for _each in range(40):
        code = tools.codes.code(key, at=clock())
        sessions.append(entered(tools, code=code).session)
        clock.pass_by(60)
    tools.codes.looked_at = 0

    for session in sessions:
        for number in range(25):
            prove_again(session, Claim(PASSWORD, f"{number:06}"), wanted=2, tools=tools)

    assert tools.codes.looked_at <= BY_PERSON.free


def test_strangers_can_t_use_up_the_proofs_of_whoever_is_inside(tools):
    inside = entered(tools)
    for _guess in range(40):
        entered(tools, WRONG)

    assert prove_again(inside.session, Claim(PASSWORD), wanted=1, tools=tools).person == LUCIE
