"""Accounts of the console: opened, given a password and one-time codes, closed."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from rpa.domain.errors import SetupError
from rpa.domain.person import Person, PersonId
from rpa.i18n import _
from rpa.identity.api import OneTimeCodes, PasswordHasher, Seal
from rpa.identity.passwords import password_flaw
from rpa.register.people import Account, SecretKind
from rpa.register.register import Register

LINK_LASTS: Final = timedelta(days=3)
RECOVERY_CODES: Final = 10


@dataclass(frozen=True, slots=True)
class AccountTools:
    """What the steps about accounts work with."""

    now: Callable[[], datetime]
    register: Register
    passwords: PasswordHasher
    codes: OneTimeCodes
    seal: Seal
    organization: str
    idle_s: float
    """A session without a click ends after so long,"""
    lasts: timedelta
    """and after so long whatever happens."""


def digest_of(secret: str) -> str:
    """Return what is kept of a random secret: it is too long to be guessed from its digest."""
    return hashlib.sha256(secret.encode()).hexdigest()


def password_link(person_id: PersonId, *, actor: str, tools: AccountTools) -> str:
    """Return the secret of a link by which somebody chooses their password, once, in three days.

    Raises:
        NotFoundError: Nobody has this log-in name.
    """
    tools.register.person(person_id)
    secret = secrets.token_urlsafe(32)
    until = tools.now() + LINK_LASTS
    tools.register.give_first_password(person_id, digest_of(secret), until=until, actor=actor)
    return secret


def choose_password(person_id: PersonId, password: str, *, actor: str, tools: AccountTools) -> None:
    """Keep a password; whoever is logged in to the account is logged out.

    Raises:
        SetupError: It is too short, or among those that are tried first.
    """
    refuse_weak(tools.register.person(person_id), password, tools)
    tools.register.set_password(person_id, tools.passwords.hash(password), actor=actor)
    unlocked = (account_mark(person_id, tools), proof_mark(person_id, tools))
    tools.register.attempt_succeeded(clearing=unlocked)


def refuse_weak(person: Person, password: str, tools: AccountTools) -> None:
    """Raise :class:`SetupError` where a password is not good enough."""
    names = (person.person_id, person.name, tools.organization)
    if flaw := password_flaw(password, names=names):
        raise SetupError(flaw, code="weak-password")


def choose_first_password(secret: str, password: str, tools: AccountTools) -> PersonId:
    """Keep the password that the bearer of a link chose, and use the link up.

    Raises:
        SetupError: The link was used, its time is over, or the password is weak (the link still
            works then).
    """
    digest = digest_of(secret)
    person_id = tools.register.first_password_of(digest)
    if person_id is None:
        raise _no_link()
    refuse_weak(tools.register.person(person_id), password, tools)
    if not tools.register.use_secret(person_id, SecretKind.FIRST_PASSWORD, digest):
        raise _no_link()
    choose_password(person_id, password, actor=f"person:{person_id}", tools=tools)
    return person_id


def link_owner(secret: str, tools: AccountTools) -> PersonId | None:
    """Return whose link to a password this is, if it still works."""
    return tools.register.first_password_of(digest_of(secret))


def enrolment_address(person: Person, key: str, tools: AccountTools) -> str:
    """Return the ``otpauth:`` address that an authenticator reads from a QR code."""
    issuer = quote(tools.organization)
    return f"otpauth://totp/{issuer}:{quote(person.person_id)}?secret={key}&issuer={issuer}"


def begin_codes(person_id: PersonId, tools: AccountTools) -> tuple[str, str]:
    """Return a new key for one-time codes, open and sealed; nothing is kept yet."""
    key = tools.codes.new_key()
    return key, tools.seal.sealed(key, whose=f"enrol:{person_id}")


def enrolling_key(person_id: PersonId, sealed: str, tools: AccountTools) -> str:
    """Return the key that :func:`begin_codes` sealed; raises :class:`SetupError` if it didn't."""
    return tools.seal.opened(sealed, whose=f"enrol:{person_id}")


def confirm_codes(person_id: PersonId, key: str, code: str, tools: AccountTools) -> tuple[str, ...]:
    """Keep the key, now that a code shows that the telephone has it; returns recovery codes.

    Raises:
        SetupError: The code is not the key's.
    """
    step = tools.codes.step_of(code, key, at=tools.now())
    if step is None:
        raise SetupError(
            _("This code is not the one expected. Check the clock of your device."),
            code="wrong-code",
        )
    spare = tuple(_recovery_code() for _each in range(RECOVERY_CODES))
    marks = [recovery_mark(code, tools) for code in spare]
    sealed = tools.seal.sealed(key, whose=f"totp:{person_id}")
    tools.register.set_totp(person_id, sealed, marks, actor=f"person:{person_id}")
    tools.register.use_step(person_id, step)
    return spare


def without_codes(person_id: PersonId, *, actor: str, tools: AccountTools) -> None:
    """Drop the key of one-time codes: the telephone is lost."""
    tools.register.person(person_id)
    tools.register.set_totp(person_id, None, (), actor=actor)


def set_active(person_id: PersonId, *, is_active: bool, actor: str, tools: AccountTools) -> Person:
    """Close an account, or open it again."""
    person = tools.register.person(person_id).model_copy(update={"is_active": is_active})
    tools.register.change_person(person, actor=actor)
    return person


def account_mark(name: str, tools: AccountTools) -> str:
    """Return under what attempts of strangers at an account are counted."""
    return tools.seal.mark(name, use="account")


def proof_mark(person_id: PersonId, tools: AccountTools) -> str:
    """Return under what proofs of a person, in all of their sessions, are counted."""
    return tools.seal.mark(person_id, use="proof")


def recovery_mark(code: str, tools: AccountTools) -> str:
    """Return what is kept of a recovery code; of 50 bits, so the mark is keyed."""
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return tools.seal.mark(plain, use="recovery")


def code_step(account: Account, code: str, tools: AccountTools) -> int | None:
    """Return the half minute of a right one-time code of an account."""
    if account.totp is None:
        return None
    key = tools.seal.opened(account.totp, whose=f"totp:{account.person.person_id}")
    return tools.codes.step_of(code, key, at=tools.now())


def _recovery_code() -> str:
    # No letters that look like digits: these codes are copied from paper.
    signs = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _each in range(10))
    return f"{signs[:5]}-{signs[5:]}"


def _no_link() -> SetupError:
    return SetupError(
        _("This link was used already, or its time is over. Ask for a new one."), code="no-link"
    )
