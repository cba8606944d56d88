"""Whom no notice reaches, and why: told before somebody waits for an answer that can't come."""

import pytest

from rpa.domain.errors import NoticeRefusedError
from rpa.domain.person import PersonId
from rpa.i18n import speaking
from rpa.steps.signature_requests import cancel, create_request, remind, send_notices
from rpa.steps.signature_requests.reach import OutOfReach, Reach, reason_words, told_later
from rpa.testing.requests import FieldSigner, KeptMail, a_draft, a_person, add_people


@pytest.fixture
def mail():
    return KeptMail()


@pytest.fixture
def tools(world, mail):
    signer = FieldSigner()
    made = world(signer=signer, validator=signer, mailer=mail)
    add_people(made, "anne", "benoit", "chef")
    return made


def ask(tools, *signers, by="chef", **said):
    return create_request(a_draft(tools, *signers, **said), by=f"person:{by}", tools=tools)


def told(tools, request, *, has_mail=True):
    found = Reach.of(tools.register, has_mail=has_mail).unreached_of(request)
    return {one.person: one.why for one in found}


def test_where_everybody_can_be_told_nobody_is_named(tools):
    assert told(tools, ask(tools, "anne", "benoit")) == {}


def test_an_asker_without_an_account_is_named(tools):
    assert told(tools, ask(tools, "anne", by="root")) == {"root": OutOfReach.NO_ACCOUNT}


def test_whoever_left_is_named_signers_of_later_stages_too(tools):
    request = ask(tools, "anne", "benoit:2")
    gone = a_person("benoit").model_copy(update={"is_active": False})
    tools.register.change_person(gone, actor="test")

    assert told(tools, request) == {"benoit": OutOfReach.CLOSED}


def test_without_a_mail_server_nobody_is_reached(tools):
    request = ask(tools, "anne")

    assert set(told(tools, request, has_mail=False).values()) == {OutOfReach.NO_MAIL_SERVER}
    assert set(told(tools, request, has_mail=False)) == {"anne", "chef"}


def test_whose_last_notice_came_back_is_named_until_one_goes_through(tools, mail, clock):
    first = ask(tools, "anne")
    mail.failures.append(NoticeRefusedError("No such user.", code="mail-refused"))
    send_notices(tools)
    second = ask(tools, "anne", title="Another")
    assert told(tools, first) == told(tools, second) == {"anne": OutOfReach.REFUSED}

    clock.pass_by(60)
    remind(second.request_id, "person:chef", tools)
    clock.pass_by(60)
    send_notices(tools)

    assert told(tools, first) == {}


def test_of_a_request_that_ended_those_are_named_who_were_to_be_told(tools):
    request = ask(tools, "anne", "benoit:2", by="root")
    ended = cancel(request.request_id, "person:root", "Erreur.", tools)

    assert told(tools, ended) == {"root": OutOfReach.NO_ACCOUNT}


def test_everybody_is_told_how_it_ends(tools):
    request = ask(tools, "anne", "benoit:2", watchers=(PersonId("chef"),))

    assert told_later(request) == ("chef", "anne", "benoit")


@pytest.mark.parametrize("why", list(OutOfReach))
def test_every_reason_has_its_words_in_both_languages(why):
    with speaking("fr"):
        french = reason_words(why)

    assert french != reason_words(why)
