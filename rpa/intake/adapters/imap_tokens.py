"""Access tokens for a mailbox (OAuth 2): from a command, or from the issuer itself (RFC 6749)."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import requests

from rpa.domain.errors import RpaError, SetupError, ToolTimeoutError, ToolUnavailableError
from rpa.i18n import _

EARLY: Final = timedelta(minutes=2)
"""So long before its end a token is used no more."""
SERVER_FAULT: Final = 500
TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class CommandToken:
    """Asks a program, which prints a token; it keeps and renews what it needs by itself."""

    command: Sequence[str]
    timeout_s: float

    def __call__(self) -> str:
        """Return a token.

        Raises:
            SetupError: There is no such program.
            ToolUnavailableError: It failed or printed nothing.
            ToolTimeoutError: It did not end in time.
        """
        try:
            done = subprocess.run(  # noqa: S603 - the command that rpa.yaml names
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self.timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ToolTimeoutError(
                _("The program {program} gave no access token in time.", program=self.command[0]),
                code="mailbox-token",
            ) from None
        except OSError as problem:
            raise SetupError(
                _("The program {program}, which gives access tokens, can't be started: {why}.",
                  program=self.command[0], why=problem.strerror or type(problem).__name__),
                code="mailbox-token",
            ) from problem  # fmt: skip
        token = done.stdout.decode("ascii", "replace").strip()
        if done.returncode != 0 or not token:
            raise ToolUnavailableError(
                _("The program {program} gave no access token (exit status {status}).",
                  program=self.command[0], status=done.returncode),
                code="mailbox-token",
            )  # fmt: skip
        return token

    def forget(self) -> None:
        """Do nothing: nothing is kept here."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues tokens, and by what right; secrets are looked up when they are needed."""

    url: str
    client_id: str
    client_secret: Callable[[], str] | None
    refresh_token: Callable[[], str] | None
    """The application asks in its own name where there is none."""
    scope: str | None
    timeout_s: float

    def request(self) -> Mapping[str, str]:
        """Return the form to send (RFC 6749, 4.4.2 and 6)."""
        asked = {"grant_type": "client_credentials", "client_id": self.client_id}
        if self.refresh_token is not None:
            refresh = {"grant_type": "refresh_token", "refresh_token": self.refresh_token()}
            asked |= refresh
        if self.client_secret is not None:
            asked["client_secret"] = self.client_secret()
        return asked | ({"scope": self.scope} if self.scope else {})


class IssuedToken:
    """Asks the issuer, and keeps a token until shortly before its end."""

    def __init__(self, issuer: Issuer, *, clock: Callable[[], datetime]) -> None:
        """Ask ``issuer``; nothing is asked before the first call."""
        self._issuer = issuer
        self._clock = clock
        self._kept: tuple[str, datetime] | None = None

    def __call__(self) -> str:
        """Return a token.

        Raises:
            SetupError: The issuer refuses the application or the refresh token.
            ToolUnavailableError: It is away, or answers what is no token.
            ToolTimeoutError: It did not answer in time.
        """
        now = self._clock()
        if self._kept is None or now >= self._kept[1]:
            said = self._answer()
            lasts = timedelta(seconds=float(said.get("expires_in") or 0))
            self._kept = (str(said["access_token"]), now + lasts - EARLY)
        return self._kept[0]

    def forget(self) -> None:
        """Ask for a new token the next time: the mail server refused this one."""
        self._kept = None

    def _answer(self) -> Mapping[str, Any]:
        url, form = self._issuer.url, self._issuer.request()
        try:
            answer = requests.post(
                url, data=form, timeout=self._issuer.timeout_s, allow_redirects=False
            )
            said = answer.json()
        except requests.Timeout:
            raise ToolTimeoutError(
                _("{url} gave no access token in time. It is tried again.", url=url),
                code="mailbox-token",
            ) from None
        except (requests.RequestException, ValueError) as problem:
            raise self._away(type(problem).__name__) from None
        if answer.ok and isinstance(said, dict) and said.get("access_token"):
            return said
        raise self._why_not(answer.status_code, said)

    def _why_not(self, status: int, said: object) -> RpaError:
        told = said.get("error") if isinstance(said, dict) else None
        error = told if isinstance(told, str) else str(status)
        if status >= SERVER_FAULT or status == TOO_MANY:
            return self._away(error)
        return SetupError(
            _(
                "{url} refuses an access token ({error}). Check the application's number and "
                "secret and the refresh token in rpa.yaml; it may have to be allowed anew.",
                url=self._issuer.url,
                error=error,
            ),
            code="mailbox-token",
        )

    def _away(self, why: str) -> RpaError:
        return ToolUnavailableError(
            _("{url} gives no access tokens now ({why}). It is tried again.",
              url=self._issuer.url, why=why),
            code="mailbox-token",
        )  # fmt: skip
