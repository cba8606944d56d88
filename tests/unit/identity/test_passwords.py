"""Passwords: which are taken, how they are kept."""

import time

import pytest

from rpa.identity.adapters.argon2_passwords import Argon2Passwords
from rpa.identity.passwords import password_flaw

NAMES = ("lucie.roy", "Ville de Val-des-Érables")


@pytest.mark.parametrize(
    "weak",
    [
        "court",
        "aaaaaaaaaaaaaa",
        "Motdepasse2026!",
        "motdepassemotdepasse",
        "P@ssw0rd!2026",
        "Québec Canada 2026",
        "123456789012",
        "lucie.roy2026!",
        "Lucie Roy 12345",
        "x" * 300,
    ],
)
def test_a_password_that_is_tried_first_is_refused_with_the_reason(weak):
    assert password_flaw(weak, names=NAMES)


@pytest.mark.parametrize("good", ["sapin gris au matin", "quatre pommes vertes", "kZ7#vv02!qLmW"])
def test_a_few_words_do_well(good):
    assert password_flaw(good, names=NAMES) == ""


def test_a_password_matches_its_own_hash_alone():
    passwords = Argon2Passwords.cheap()
    hashed = passwords.hash("sapin gris au matin")

    assert "sapin" not in hashed
    assert hashed.startswith("$argon2id$")
    assert passwords.matches("sapin gris au matin", hashed)
    assert not passwords.matches("sapin gris au soir", hashed)
    assert not passwords.matches("sapin gris au matin", None)
    assert not passwords.matches("sapin gris au matin", "no hash at all")


def test_letters_are_the_same_however_the_keyboard_made_them():
    passwords = Argon2Passwords.cheap()

    assert passwords.matches(
        "e\u0301rable rouge dehors", passwords.hash("\u00e9rable rouge dehors")
    )


def test_a_cheap_hash_is_old_to_the_real_cost():
    assert Argon2Passwords().is_old(Argon2Passwords.cheap().hash("sapin gris au matin"))


def test_a_name_that_nobody_has_takes_as_long_as_any():
    passwords = Argon2Passwords()
    hashed = passwords.hash("sapin gris au matin")

    def seconds(of):
        began = time.process_time()
        assert not passwords.matches("sapin gris au soir", of)
        return time.process_time() - began

    nobody, somebody = (min(seconds(of) for _each in range(3)) for of in (None, hashed))

    assert 0.5 < nobody / somebody < 2
