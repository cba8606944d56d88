"""The tokens that this process holds open, each by one session, logged in once.

A maker's library belongs to the whole process: who is logged in, and which calls may meet. So there
is one :data:`TOKENS`, with one lock for each library, since libraries are told nothing of threads.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any, Final, TypeVar

import pkcs11
from pkcs11 import TokenFlag
from pkcs11.exceptions import (
    PinExpired,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
    UserPinNotInitialized,
)

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.signing.api import Pkcs11Credential

_WRONG_PIN: Final = (PinIncorrect, PinInvalid, PinLenRange)
_NO_PIN: Final = (PinLocked, PinExpired, UserPinNotInitialized)

_PAUSES_S: Final = (0.0, 0.2, 0.5)
"""Waits before a token that is not there is looked for again."""

Result = TypeVar("Result")


@dataclass(slots=True)
class OpenToken:
    """A session on a token, with the keys that were found in it."""

    session: Any
    mechanisms: frozenset[Any]
    pin: bytes = field(repr=False)
    """A digest."""
    keys: dict[str, Any] = field(default_factory=dict)


class Tokens:
    """Sessions on tokens, opened at the first use, and again where they were lost.

    Safe from several threads. A process that was forked off opens its own.
    """

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._refused: set[tuple[str, str, bytes]] = set()
        self._inherited: frozenset[str] = frozenset()
        self.forget()

    def forget(self) -> None:
        """Begin anew after a fork: the parent's sessions are the parent's."""
        loaded = getattr(self, "_modules", {})
        self._inherited = self._inherited | frozenset(loaded)
        self._modules: dict[str, _Module] = {}
        self._lock = RLock()

    def use(self, credential: Pkcs11Credential, work: Callable[[OpenToken], Result]) -> Result:
        """Return what ``work`` makes of the token; it is called again where a session was lost.

        A PIN that a token refused is never tried again: a token locks itself after a few. One that
        a person typed opens the token for this call alone.

        Raises:
            ToolUnavailableError: The library, the token or the PIN is not as it should be.
        """
        module = self._module(credential.module)
        with module.lock:
            try:
                return self._worked(module, credential, work)
            except PKCS11Error as exc:
                raise _unavailable(credential, exc) from exc
            finally:
                if credential.is_typed:
                    module.close(credential.token)

    def _worked(
        self,
        module: "_Module",
        credential: Pkcs11Credential,
        work: Callable[[OpenToken], Result],
    ) -> Result:
        kept = module.kept(credential)
        if kept is not None:
            try:
                return work(kept)
            except PKCS11Error:
                # The token was taken out, reset, or the connection to it ended.
                module.close(credential.token)
        return work(self._opened(module, credential))

    def _opened(self, module: "_Module", credential: Pkcs11Credential) -> OpenToken:
        tried = (module.name, credential.token, _digest(credential.pin))
        if tried in self._refused:
            raise _refused(credential)
        try:
            return module.open(credential)
        except _WRONG_PIN as exc:
            self._refused.add(tried)
            raise _refused(credential) from exc

    def _module(self, path: Path) -> "_Module":
        name = str(path)
        with self._lock:
            if name not in self._modules:
                self._modules[name] = _Module(name, is_inherited=name in self._inherited)
            return self._modules[name]


class _Module:
    """A maker's library."""

    def __init__(self, name: str, *, is_inherited: bool) -> None:
        self.name = name
        self.lock = RLock()
        self._open: dict[str, OpenToken] = {}
        try:
            with _turn(name):
                self._library = pkcs11.lib(name)
                if is_inherited:
                    self._restart()
        except (PKCS11Error, OSError) as exc:
            raise ToolUnavailableError(
                _(
                    "The library {module} of the signing token cannot be loaded. "
                    "Check its path, and that the token's software is installed.",
                    module=name,
                ),
                code="token-module",
            ) from exc

    def kept(self, credential: Pkcs11Credential) -> OpenToken | None:
        """Return the open session; one that another PIN opened is closed, not lent."""
        opened = self._open.get(credential.token)
        if opened is not None and opened.pin != _digest(credential.pin):
            self.close(credential.token)
            return None
        return opened

    def open(self, credential: Pkcs11Credential) -> OpenToken:
        """Log in; raises what the library raises."""
        with _turn(self.name):
            token = self._token(credential.token)
            _check_tries(token.flags, credential)
            session = token.open(user_pin=credential.pin)
            mechanisms = frozenset(token.slot.get_mechanisms())
        opened = OpenToken(session, mechanisms, _digest(credential.pin))
        self._open[credential.token] = opened
        return opened

    def close(self, label: str) -> None:
        """Log out, as far as there is still somebody to tell."""
        opened = self._open.pop(label, None)
        if opened is not None:
            with suppress(PKCS11Error):
                opened.session.close()

    def _token(self, label: str) -> Any:
        found = self._labelled(label)
        for pause in _PAUSES_S:
            if found or self._open:
                break
            # Some libraries look for tokens only when they start, and see none while another
            # process, a worker beside this one, logs in.
            time.sleep(pause)
            self._restart()
            found = self._labelled(label)
        if len(found) != 1:
            raise ToolUnavailableError(
                _(
                    "The signing token {token} is not there, or several bear its name "
                    "({count} found). Plug it in, and name it as its label says.",
                    token=label,
                    count=len(found),
                ),
                code="token-missing",
            )
        return found[0]

    def _labelled(self, label: str) -> Sequence[Any]:
        return list(self._library.get_tokens(token_label=label))

    def _restart(self) -> None:
        # A forked-off process may be told that nothing was begun: it begins now.
        with suppress(PKCS11Error):
            self._library.finalize()
        self._library.initialize()


@contextmanager
def _turn(module: str) -> Iterator[None]:
    """Let one process at a time look for tokens and log in: workers that start together would meet.

    The library's own file is the lock; where it can't be one, there is none.
    """
    with ExitStack() as held:
        with suppress(OSError):
            handle = os.open(module, os.O_RDONLY | os.O_CLOEXEC)
            held.callback(os.close, handle)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _digest(pin: str) -> bytes:
    return hashlib.sha256(pin.encode()).digest()


def _check_tries(flags: TokenFlag, credential: Pkcs11Credential) -> None:
    """Leave the last try to a person: a machine that restarts would use it up unseen."""
    is_last = bool(flags & TokenFlag.USER_PIN_FINAL_TRY) and not credential.is_typed
    if is_last or flags & TokenFlag.USER_PIN_LOCKED:
        raise _locked(credential)


def _locked(credential: Pkcs11Credential) -> ToolUnavailableError:
    return ToolUnavailableError(
        _(
            "The PIN of the signing token {token} is locked or expired, or one try is left. "
            "Log in to the token with its maker's program.",
            token=credential.token,
        ),
        code="token-locked",
    )


def _refused(credential: Pkcs11Credential) -> ToolUnavailableError:
    return ToolUnavailableError(
        _(
            "The signing token {token} refused the PIN. It is not tried again, since a token locks "
            "itself after a few tries: correct the PIN behind its reference.",
            token=credential.token,
        ),
        code="token-pin",
    )


def _unavailable(credential: Pkcs11Credential, fault: PKCS11Error) -> ToolUnavailableError:
    if isinstance(fault, _NO_PIN):
        return _locked(credential)
    return ToolUnavailableError(
        _(
            "The signing token {token} does not answer as it should ({fault}). "
            "It is asked again later; check that it is plugged in.",
            token=credential.token,
            fault=type(fault).__name__,
        ),
        code="token-unavailable",
    )


TOKENS: Final = Tokens()
os.register_at_fork(after_in_child=TOKENS.forget)
