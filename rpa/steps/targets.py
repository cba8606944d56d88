"""A turn on a target: open, not at rest, and a log-in that nobody else uses meanwhile."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from rpa.bots.api import Target
from rpa.domain.errors import (
    ApplicationError,
    DefinitionError,
    LostLeaseError,
    TargetPausedError,
    TargetUnavailableError,
)
from rpa.domain.target import LoginSpec, TargetSpec
from rpa.i18n import _
from rpa.register.register import Register
from rpa.register.rows import LoginLease
from rpa.steps.hours import opens_in
from rpa.steps.owners import part_of
from rpa.steps.timer import Timer

LOGIN_REFUSED: Final = "login-refused"
LOGIN_WAIT_S: Final = 30.0
"""How long a case waits for a log-in before it is put off."""
LOGIN_POLL_S: Final = 0.2
LOGIN_LATER_S: Final = 5.0
"""For how long it is put off then."""
NO_LOGIN: Final = "no-login"
SHORT_WAIT_S: Final = 20.0
"""A target's pace is kept by waiting, up to this; a longer wait puts the case off."""
_pools: Final = count(1)


@dataclass(frozen=True, slots=True)
class DeclaredTarget:
    """A target as it is declared, and how a log-in's secrets are come by."""

    name: str
    spec: TargetSpec
    open: Callable[[LoginSpec], Target]
    """Returns the target as this log-in reaches it; reads the secrets."""

    def reached_by(self, username: str) -> Target:
        """Return the target as the user named reaches it."""
        return self.open(next(one for one in self.spec.logins if one.username == username))

    def mark(self, username: str) -> str:
        """Return a mark of a log-in's password, too short to tell the password by."""
        target = self.reached_by(username)
        secret = f"{target.password}\n{target.totp or ''}".encode()
        salt = f"{self.name}\n{username}".encode()
        return hashlib.scrypt(secret, salt=salt, n=2**14, r=8, p=1, dklen=3).hex()


@dataclass(frozen=True, slots=True)
class _Kept:
    thread: int
    lease: LoginLease


class Logins:
    """The log-ins that this process holds; each is lent to one thread at a time.

    A thread is lent the log-in it had before, so that its session in the target is used again.
    Safe from several threads.
    """

    def __init__(
        self, register: Register, *, owner: str, is_dead: Callable[[str], bool], timer: Timer
    ) -> None:
        """Hold them under the name of ``owner``."""
        self._register = register
        self._owner = part_of(owner, next(_pools))
        self._is_dead = is_dead
        self._timer = timer
        self._lock = threading.Lock()
        self._idle: list[_Kept] = []
        self._lent: list[LoginLease] = []
        self._accepted: set[LoginLease] = set()

    @contextmanager
    def borrowed(self, target: DeclaredTarget) -> Iterator[LoginLease]:
        """Lend a log-in of ``target``.

        Raises:
            TargetPausedError: Others use them all.
            DefinitionError: The target refused every one of them.
        """
        lease = self._waited_for(target)
        try:
            yield lease
        finally:
            with self._lock:
                if lease in self._lent:
                    self._lent.remove(lease)
                    self._idle.append(_Kept(threading.get_ident(), lease))

    def refuse(self, target: DeclaredTarget, lease: LoginLease) -> bool:
        """Never use a log-in again until its password is another; returns False if once more.

        A password that worked before is tried once more.
        """
        is_final = self._register.refuse_login(lease, target.mark(lease.username))
        with self._lock:
            self._lent.remove(lease)
            self._accepted.discard(lease)
        return is_final

    def accept(self, target: DeclaredTarget, lease: LoginLease) -> None:
        """Remember that the target took this log-in's password."""
        with self._lock:
            is_known = lease in self._accepted
            self._accepted.add(lease)
        if not is_known:
            self._register.accept_login(lease, target.mark(lease.username))

    def keep(self, lease: LoginLease) -> None:
        """Lengthen a lease that is lent; raises :class:`LostLeaseError` if another has it."""
        self._register.keep_login(lease)

    def close(self) -> None:
        """Give back every log-in that is not lent; may be called twice."""
        with self._lock:
            idle, self._idle = self._idle, []
        self._register.release_logins([kept.lease for kept in idle])

    def _waited_for(self, target: DeclaredTarget) -> LoginLease:
        until = self._timer.lived() + LOGIN_WAIT_S
        while (lease := self._taken(target)) is None:
            if self._timer.lived() >= until:
                raise TargetPausedError(
                    _("Every log-in of {target} is in use.", target=target.name),
                    code=NO_LOGIN,
                    wait_s=LOGIN_LATER_S,
                )
            self._timer.sleep(LOGIN_POLL_S)
        return lease

    def _taken(self, target: DeclaredTarget) -> LoginLease | None:
        with self._lock:
            lease = self._own(target) or self._claimed(target)
            if lease is not None:
                self._lent.append(lease)
            return lease

    def _own(self, target: DeclaredTarget) -> LoginLease | None:
        me = threading.get_ident()
        named = {login.username for login in target.spec.logins}
        for kept in sorted(self._idle, key=lambda one: one.thread != me):
            if kept.lease.target == target.name and kept.lease.username in named:
                self._idle.remove(kept)
                with suppress(LostLeaseError):
                    self._register.keep_login(kept.lease)
                    return kept.lease
        return None

    def _claimed(self, target: DeclaredTarget) -> LoginLease | None:
        known = [*self._lent, *(kept.lease for kept in self._idle)]
        mine = {lease.username for lease in known if lease.target == target.name}
        usable = self._usable(target)
        free = [username for username in usable if username not in mine]
        return self._register.claim_login(
            target.name, free, owner=self._owner, is_dead=self._is_dead
        )

    def _usable(self, target: DeclaredTarget) -> list[str]:
        refused = self._register.refused_logins(target.name)
        names = [login.username for login in target.spec.logins]
        usable = [n for n in names if n not in refused or target.mark(n) != refused[n]]
        if not usable:
            raise DefinitionError(
                _(
                    "The target {target} refused every user name and password: correct them.",
                    target=target.name,
                ),
                code=LOGIN_REFUSED,
            )
        return usable


class Turns(Protocol):
    """What a turn on a target needs."""

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock."""
        ...

    @property
    def timezone(self) -> ZoneInfo:
        """The organisation's time zone."""
        ...

    @property
    def register(self) -> Register:
        """The register."""
        ...

    @property
    def logins(self) -> Logins:
        """The log-ins of this process."""
        ...

    @property
    def timer(self) -> Timer:
        """For waits."""
        ...


@contextmanager
def turn_on(target: DeclaredTarget, tools: Turns) -> Iterator[tuple[Target, LoginLease]]:
    """Wait for a turn on a target, and give it as a log-in reaches it.

    Raises:
        TargetPausedError: It is closed or at rest, or every log-in is in use.
        DefinitionError: It refused every log-in.
        TargetUnavailableError: It refused a log-in that it took before.
    """
    _wait_until_open(target, tools)
    with tools.logins.borrowed(target) as login:
        _wait_for_pace(target, tools)
        try:
            yield target.reached_by(login.username), login
        except DefinitionError as error:
            if error.reason == LOGIN_REFUSED:
                _refuse(target, login, tools)
            raise
        with suppress(ApplicationError):
            tools.logins.accept(target, login)


def _refuse(target: DeclaredTarget, login: LoginLease, tools: Turns) -> None:
    is_final = True
    with suppress(ApplicationError):
        is_final = tools.logins.refuse(target, login)
    if not is_final:
        raise TargetUnavailableError(
            _("The target refused a log-in that it took before; it is tried once more."),
            code="login-thrown-out",
        )


def _wait_until_open(target: DeclaredTarget, tools: Turns) -> None:
    wait = opens_in(target.spec.hours, tools.now().astimezone(tools.timezone))
    if wait:
        raise TargetPausedError(
            _("The target {target} is closed at this hour.", target=target.name),
            code="target-closed",
            wait_s=wait,
        )


def _wait_for_pace(target: DeclaredTarget, tools: Turns) -> None:
    while wait := tools.register.wait_for(target.name, target.spec):
        if wait > min(SHORT_WAIT_S, target.spec.pause_s):
            raise TargetPausedError(
                _("The target {target} failed and is left alone for a while.", target=target.name),
                code="target-resting",
                wait_s=wait,
            )
        tools.timer.sleep(wait)
