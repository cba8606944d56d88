"""Logins that were refused are tried again later and later: servers lock users out."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from rpa.domain.errors import SetupError
from rpa.i18n import _

FIRST: Final = timedelta(minutes=2)
LONGEST: Final = timedelta(hours=1)
MOST: Final = 32
"""Refusals that are counted."""


class LoginPatience:
    """How often a mailbox refused a login, and when it may be tried again; kept in a file.

    Several processes share the file: each sees what the others were told.
    """

    def __init__(self, kept: Path, *, clock: Callable[[], datetime], insists: bool = False) -> None:
        """Keep the count in the file ``kept``; one that ``insists`` never waits."""
        self._kept = kept
        self._clock = clock
        self._insists = insists

    def wait(self, host: str, identity: str) -> None:
        """Raise ``SetupError`` while the mailbox named by ``identity`` may not be tried again."""
        count, until = self._told(identity)
        if until is None or self._insists or self._clock() >= until:
            return
        raise SetupError(
            _(
                "The mail server {host} refused the login {count} times; it is tried again after "
                "{time} UTC. Mend rpa.yaml, then run `rpa doctor`, which tries at once.",
                host=host,
                count=count,
                time=until.strftime("%H:%M"),
            ),
            code="mailbox-login",
        )

    def refused(self, identity: str) -> None:
        """Count a refusal: 2 minutes until the next try, then 4, 8, up to an hour."""
        count = min(MOST, self._told(identity)[0] + 1)
        until = self._clock() + min(LONGEST, FIRST * 2 ** (count - 1))
        told = {"mailbox": identity, "refused": count, "until": until.isoformat()}
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._kept.with_suffix(".new")
        fresh.write_text(json.dumps(told), encoding="utf-8")
        fresh.replace(self._kept)

    def let_in(self) -> None:
        """Forget what was counted."""
        self._kept.unlink(missing_ok=True)

    def _told(self, identity: str) -> tuple[int, datetime | None]:
        try:
            told = json.loads(self._kept.read_text(encoding="utf-8"))
            if told["mailbox"] == identity:
                return int(told["refused"]), datetime.fromisoformat(told["until"])
        except (OSError, ValueError, KeyError, TypeError):
            pass  # none yet, or cut off in writing: it is counted from the start
        return 0, None
