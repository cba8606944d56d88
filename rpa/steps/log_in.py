"""Logging in, and proving again at a signature who one is.

Every way to be wrong gets the same answer in the same time: a name that nobody has, a closed
account, a wrong password, a code used twice. Attempts are counted in the register before they are
checked, by account and by address, in all processes alike.
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
from rpa.steps.accounts import AccountTools, code_step, digest_of, recovery_mark

BY_ACCOUNT: Final = Allowance(free=5, most_s=900, forget_s=86_400)
BY_ADDRESS: Final = Allowance(free=30, most_s=300, forget_s=3_600)
LONGEST_ID: Final = 80


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says to prove who they are."""

    password: str = dataclasses.field(default="", repr=False)
    code: str = dataclasses.field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """Not let in; where ``wait_s`` is set, nothing was checked and one must wait."""

    wait_s: float = 0.0


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
    wait = tools.register.attempt(_whose(name, address, tools))
    if wait:
        return Refused(wait)
    account = _account(name, tools)
    wants_code = account is not None and account.totp is not None
    proofs = _proofs(account, claim, tools, with_recovery=True)
    if account is None or Proof.PASSWORD not in proofs or len(proofs) != 1 + wants_code:
        return _refused(account, tools)
    _succeeded(name, address, tools)
    _refresh_hash(account, claim.password, tools)
    return _opened(account.person.person_id, proofs, ending, tools)


def prove_again(
    session: Session, claim: Claim, *, wanted: int, address: str, tools: AccountTools
) -> IdentityEvidence | Refused:
    """Check the proofs that somebody gives at the moment of signing.

    ``wanted`` is how many it takes: password, or one-time code, or both. Everything given must be
    right. Recovery codes are for logging in alone.
    """
    wait = tools.register.attempt(_whose(session.person_id, address, tools))
    if wait:
        return Refused(wait)
    account = _account(session.person_id, tools)
    proofs = _proofs(account, claim, tools, with_recovery=False)
    given = sum(map(bool, (claim.password, claim.code)))
    if account is None or len(proofs) < max(given, wanted, 1):
        return _refused(account, tools)
    _succeeded(session.person_id, address, tools)
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


def _refresh_hash(account: Account, password: str, tools: AccountTools) -> None:
    hashed = account.password_hash
    if hashed is not None and tools.passwords.is_old(hashed):
        new = tools.passwords.hash(password)
        tools.register.rehash_password(account.person.person_id, new, was=hashed)


def _whose(name: str, address: str, tools: AccountTools) -> dict[str, Allowance]:
    return {
        tools.seal.mark(name, use="account"): BY_ACCOUNT,
        tools.seal.mark(address, use="address"): BY_ADDRESS,
    }


def _succeeded(name: str, address: str, tools: AccountTools) -> None:
    tools.register.attempt_succeeded(
        clearing=tools.seal.mark(name, use="account"),
        sparing=tools.seal.mark(address, use="address"),
    )
