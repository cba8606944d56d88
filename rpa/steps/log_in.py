"""Logging in, and proving again at a signature who one is.

Every way to be wrong gets the same answer in the same time: a name that nobody has, a closed
account, a wrong password, a code used twice. Attempts are counted in the register before they are
checked, in all processes alike: those of strangers by account and by address, those of a browser
that the person has logged in from before by that browser (:mod:`rpa.steps.devices`), and proofs at
a signature by session and by person.
"""

import dataclasses
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rpa.domain.errors import NotFoundError
from rpa.domain.person import IdentityEvidence, PersonId, Proof
from rpa.register.attempts import Allowance
from rpa.register.people import Account, SecretKind
from rpa.register.register import Entry
from rpa.register.sessions import Session
from rpa.steps.accounts import (
    AccountTools,
    account_mark,
    code_step,
    digest_of,
    proof_mark,
    recovery_mark,
)
from rpa.steps.devices import device_known

DAY_S: Final = 86_400.0
BY_ACCOUNT: Final = Allowance(free=5, most_s=DAY_S, forget_s=30 * DAY_S)
"""Of strangers: by and by one a day, so that years of guessing at six digits come to nothing."""
BY_DEVICE: Final = Allowance(free=5, most_s=3_600, forget_s=7 * DAY_S)
"""From a browser that the person has logged in from before."""
BY_ADDRESS: Final = Allowance(free=30, most_s=300, forget_s=3_600)
BY_SESSION: Final = Allowance(free=5, most_s=3_600, forget_s=DAY_S)
"""Proofs in one session, which ends with the last of them."""
BY_PERSON: Final = Allowance(free=10, most_s=3_600, forget_s=30 * DAY_S)
"""Proofs in all sessions of a person: strangers have none, so they can't use these up."""
LONGEST_ID: Final = 80


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says to prove who they are."""

    password: str = dataclasses.field(default="", repr=False)
    code: str = dataclasses.field(default="", repr=False)
    device: str = dataclasses.field(default="", repr=False)
    """What the browser shows of having been logged in from before."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Not let in; where ``wait_s`` is set, nothing was checked and one must wait."""

    wait_s: float = 0.0
    is_over: bool = False
    """The session has ended: too many proofs in it were wrong."""


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Let in: the secret for the browser, and the session that it opens."""

    secret: str = dataclasses.field(repr=False)
    session: Session


def log_in(
    person_id: str, claim: Claim, *, address: str, ending: str = "", tools: AccountTools
) -> LoggedIn | Refused:
    """Open a session for whoever gives the password and, where it is set up, a one-time code.

    ``ending`` is the secret of the browser's session of before, which ends.
    """
    name = person_id.strip().lower()[:LONGEST_ID]
    whose = _whose(name, claim, address, tools)
    wait = tools.register.attempt(whose)
    if wait:
        return Refused(wait)
    account = _account(name, tools)
    wants_code = account is not None and account.totp is not None
    proofs = _proofs(account, claim, tools, with_recovery=True)
    if account is None or Proof.PASSWORD not in proofs or len(proofs) != 1 + wants_code:
        return _refused(account, tools)
    _succeeded(whose, tools)
    _refresh_hash(account, claim.password, tools)
    return _opened(account.person.person_id, proofs, ending, tools)


def prove_again(
    session: Session, claim: Claim, *, wanted: int, tools: AccountTools
) -> IdentityEvidence | Refused:
    """Check the proofs that somebody gives at the moment of signing.

    ``wanted`` is how many it takes: password, or one-time code, or both. Everything given must be
    right. Recovery codes are for logging in alone. A session in which too many proofs in a row
    were wrong ends: whoever holds it is perhaps not its owner.
    """
    whose = _proving(session, tools)
    wait = tools.register.attempt(whose)
    if wait:
        return Refused(wait)
    account = _account(session.person_id, tools)
    proofs = _proofs(account, claim, tools, with_recovery=False)
    given = sum(map(bool, (claim.password, claim.code)))
    if account is None or len(proofs) < max(given, wanted, 1):
        return _unproved(session, account, tools)
    _succeeded(whose, tools)
    return IdentityEvidence(
        person=session.person_id, proofs=proofs, at=tools.now(), session=session.digest
    )


def session_of(secret: str, tools: AccountTools) -> Session | None:
    """Return the session that a browser's secret opens, if it still holds."""
    return tools.register.session(digest_of(secret), idle_s=tools.idle_s) if secret else None


def _account(name: str, tools: AccountTools) -> Account | None:
    try:
        account = tools.register.account(PersonId(name))
    except NotFoundError:
        return None
    return account if account.person.is_active else None


def _proofs(
    account: Account | None, claim: Claim, tools: AccountTools, *, with_recovery: bool
) -> tuple[Proof, ...]:
    """Return the proofs that hold; a code is used up only where the rest was right."""
    proofs: list[Proof] = []
    if claim.password or not claim.code:
        hashed = account.password_hash if account else None
        if not tools.passwords.matches(claim.password, hashed):
            return ()
        proofs.append(Proof.PASSWORD)
    if account is None:
        return ()
    if claim.code and account.totp is not None:
        if not _code_holds(account, claim.code, tools, with_recovery=with_recovery):
            return ()
        proofs.append(Proof.ONE_TIME_CODE)
    return tuple(proofs)


def _code_holds(account: Account, code: str, tools: AccountTools, *, with_recovery: bool) -> bool:
    person_id = account.person.person_id
    step = code_step(account, code, tools)
    if step is not None:
        return tools.register.use_step(person_id, step)
    if not with_recovery:
        return False
    mark = recovery_mark(code, tools)
    return tools.register.use_secret(person_id, SecretKind.RECOVERY, mark)


def _opened(
    person_id: PersonId, proofs: Sequence[Proof], ending: str, tools: AccountTools
) -> LoggedIn:
    secret, now = secrets.token_urlsafe(32), tools.now()
    session = Session(
        digest=digest_of(secret),
        person_id=person_id,
        proofs=tuple(proofs),
        opened_at=now,
        seen_at=now,
        until=now + tools.lasts,
    )
    tools.register.open_session(session, ending=digest_of(ending) if ending else "")
    return LoggedIn(secret, session)


def _refused(account: Account | None, tools: AccountTools) -> Refused:
    if account is not None:
        told = {"person": account.person.person_id}
        tools.register.attest(Entry("log-in-refused", told), actor="console")
    return Refused()


def _unproved(session: Session, account: Account | None, tools: AccountTools) -> Refused:
    _refused(account, tools)
    wrong = tools.register.attempts_of(tools.seal.mark(session.digest, use="attempts-of-session"))
    if wrong < BY_SESSION.free:
        return Refused()
    tools.register.end_session(session)
    return Refused(is_over=True)


def _refresh_hash(account: Account, password: str, tools: AccountTools) -> None:
    hashed = account.password_hash
    if hashed is not None and tools.passwords.is_old(hashed):
        new = tools.passwords.hash(password)
        tools.register.rehash_password(account.person.person_id, new, was=hashed)


def _whose(name: str, claim: Claim, address: str, tools: AccountTools) -> dict[str, Allowance]:
    """Return what an attempt to log in counts against.

    A browser that the person has logged in from before has a count of its own: strangers, and
    whoever shares their address, can't keep them waiting.
    """
    if device := device_known(claim.device, name, tools.seal):
        return {tools.seal.mark(f"{name}\0{device}", use="attempts-of-device"): BY_DEVICE}
    return {
        account_mark(name, tools): BY_ACCOUNT,
        tools.seal.mark(address, use="address"): BY_ADDRESS,
    }


def _proving(session: Session, tools: AccountTools) -> dict[str, Allowance]:
    """Return what a proof in a session counts against: the session, and all of the person's."""
    return {
        tools.seal.mark(session.digest, use="attempts-of-session"): BY_SESSION,
        proof_mark(session.person_id, tools): BY_PERSON,
    }


def _succeeded(whose: dict[str, Allowance], tools: AccountTools) -> None:
    """Forget the attempts; of an address only the last one, which others share."""
    clearing = [mark for mark, allowed in whose.items() if allowed is not BY_ADDRESS]
    shared = next((mark for mark, allowed in whose.items() if allowed is BY_ADDRESS), "")
    tools.register.attempt_succeeded(clearing=clearing, sparing=shared)
