"""A HylaFAX server's receive queue: each fax that came in wholly, left to HylaFAX or removed."""

import datetime as dt
import fcntl
import os
from collections.abc import Iterator
from dataclasses import replace
from errno import EACCES
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, Final

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.intake.adapters.dropped import DroppedFile, dropped_files
from rpa.intake.adapters.watched import Clock, Patience, Watch
from rpa.intake.adapters.writing import is_open_for_writing
from rpa.intake.api import Delivery

_FAXES: Final = "fax*.tif"
"""recvq(5): beside them the queue holds ``seqf``, the last fax's number."""


class HylafaxChannel:
    """Holds out the faxes of ``recvq``, oldest first, each once it came in wholly.

    HylaFAX keeps a lock (flock(2)) on a fax from its first byte to its last page, and writes under
    the final name. Several processes may watch one queue.
    """

    def __init__(
        self, name: str, recvq: Path, *, clock: Clock, taken: Path, remove: bool = False,
        patience: Patience | None = None,
    ) -> None:  # fmt: skip
        """Watch ``recvq``; what was taken of it is remembered in the folder ``taken``."""
        self.name = name
        self.recvq = recvq
        self._taken = taken
        self._remove = remove
        self._watch = Watch(clock, patience or Patience(), held=_is_held)

    def deliveries(self) -> Iterator[Delivery]:
        """Yield the faxes not taken yet, with one in memory at a time.

        While a fax is received nobody else may read it; one that stays so is no fault of its own.

        Raises:
            ToolUnavailableError: The queue is missing or may not be read, or, once the others
                were held out, one of its faxes may not.
        """
        faxes = self._faxes()
        self._watch.forget_all_but({fax.path.name for fax in faxes})
        self._forget_all_but({fax.identity for fax in faxes})
        is_closed = False
        for fax in faxes:
            if self._marker(fax.identity).exists():
                continue
            delivery = self._watch.delivery(fax)
            if delivery and delivery.refused_code == "unreadable":
                is_closed = True
            elif delivery:
                ended = dt.datetime.fromtimestamp(fax.status.st_mtime, dt.UTC)
                yield replace(delivery, came_at=ended)
        if is_closed:
            raise self._unavailable(_forbidden())

    def settle(self, delivery: Delivery) -> None:
        """Remember that the fax was taken; delete it if so set, but never a refused one.

        May be called twice, and by another process than the one that held it out.

        Raises:
            ToolUnavailableError: The fax can't be deleted, or its taking not be remembered.
        """
        try:
            if self._remove and not delivery.refused:
                self._delete(delivery.source_id)
            else:
                self._taken.mkdir(parents=True, exist_ok=True)
                self._marker(delivery.source_id).touch()
        except OSError as problem:
            raise self._unavailable(problem) from problem

    def waiting(self) -> int:
        """Return how many faxes were not taken yet.

        Raises:
            ToolUnavailableError: The queue is missing, may not be read, or not be deleted from.
        """
        if self._remove and self.recvq.is_dir() and not os.access(self.recvq, os.W_OK):
            raise self._unavailable(_forbidden())
        return sum(not self._marker(fax.identity).exists() for fax in self._faxes())

    def _faxes(self) -> list[DroppedFile]:
        try:
            return [f for f in dropped_files(self.recvq) if fnmatchcase(f.path.name, _FAXES)]
        except OSError as problem:
            raise self._unavailable(problem) from problem

    def _delete(self, source_id: str) -> None:
        for fax in self._faxes():
            if fax.identity == source_id:
                fax.path.unlink(missing_ok=True)

    def _marker(self, source_id: str) -> Path:
        return self._taken / source_id

    def _forget_all_but(self, identities: set[str]) -> None:
        """Drop the marks of faxes that HylaFAX has purged."""
        if self._taken.is_dir():
            for marker in self._taken.iterdir():
                if marker.name not in identities:
                    marker.unlink(missing_ok=True)

    def _unavailable(self, problem: OSError) -> ToolUnavailableError:
        return ToolUnavailableError(
            _(
                "The receive queue of the channel {name} cannot be used: {why}. Check that it "
                "exists, and that this user is in the group that may read it.",
                name=self.name,
                why=problem.strerror or type(problem).__name__,
            ),
            code="channel-unavailable",
        )


def _forbidden() -> OSError:
    return PermissionError(EACCES, os.strerror(EACCES))


def _is_held(opened: IO[bytes]) -> bool:
    return is_open_for_writing(opened) or is_being_received(opened)


def is_being_received(opened: IO[bytes]) -> bool:
    """Say whether HylaFAX holds its lock on the fax, asking as its own hfaxd(8) does."""
    try:
        fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(opened, fcntl.LOCK_UN)
    return False
