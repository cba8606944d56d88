"""When a file that another program writes is whole, and what is held out of it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from rpa.intake.adapters.dropped import DroppedFile
from rpa.intake.adapters.writing import is_open_for_writing
from rpa.intake.api import Delivery
from rpa.intake.media import kind_of
from rpa.intake.refusals import refusal
from rpa.intake.structure import is_complete

Clock = Callable[[], dt.datetime]
Held = Callable[[IO[bytes]], bool]
"""Says whether another program still works on the opened file."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long files are waited for, and how large they may be."""

    settle_s: float = 5.0
    """How long a file must have been as it is."""
    patience_s: float = 600.0
    """How long a file without its end is left to its writer."""
    max_bytes: int = 100_000_000


@dataclass(frozen=True, slots=True)
class _Sighting:
    """When a file was first seen as it is now."""

    identity: str
    at: float


class Watch:
    """Watches files from look to look, and reads those that are whole."""

    def __init__(self, clock: Clock, patience: Patience, *, held: Held | None = None) -> None:
        self._clock = clock
        self._patience = patience
        self._held = held or is_open_for_writing
        self._seen: dict[str, _Sighting] = {}

    def delivery(self, file: DroppedFile) -> Delivery | None:
        """Return what is held out of ``file``; None where it is left alone for now.

        A link, a file too large and one that may not be read are refused, without their content.
        """
        age = self._age(file)
        if age < self._patience.settle_s:
            return None
        if file.is_link:
            return refused(file, "link")
        if file.status.st_size > self._patience.max_bytes:
            return refused(file, "too-large", limit=self._patience.max_bytes // 1_000_000)
        return self._read(file, is_patience_over=age >= self._patience.patience_s)

    def forget_all_but(self, names: set[str]) -> None:
        """Forget the files that are gone."""
        for name in self._seen.keys() - names:
            del self._seen[name]

    def _read(self, file: DroppedFile, *, is_patience_over: bool) -> Delivery | None:
        try:
            content = self._whole_content(file)
        except FileNotFoundError:
            return None
        except OSError:
            return refused(file, "unreadable") if is_patience_over else None
        if content is None or not (is_patience_over or _has_its_end(content)):
            return None
        return Delivery(source_id=file.identity, name=file.name, content=content)

    def _whole_content(self, file: DroppedFile) -> bytes | None:
        """Return what the file holds, or None where someone is writing to it."""
        with file.opened() as opened:
            if self._held(opened):
                return None
            content = opened.read(file.status.st_size + 1)
            return content if file.is_unchanged(opened) else None

    def _age(self, file: DroppedFile) -> float:
        """Return for how long the file has surely been as it is.

        Its own times say it where clocks agree; a file server with another clock is watched.
        """
        now = self._clock().timestamp()
        seen = self._seen.get(file.path.name)
        if seen is None or seen.identity != file.identity:
            seen = self._seen[file.path.name] = _Sighting(file.identity, now)
        return max(now - seen.at, now - file.changed_at)


def refused(file: DroppedFile, code: str, **arguments: object) -> Delivery:
    """Return ``file`` as a delivery that can't be taken in."""
    why = refusal(code, **arguments)
    return Delivery(
        source_id=file.identity,
        name=file.name,
        content=b"",
        refused=why.message,
        refused_code=why.reason,
    )


def _has_its_end(content: bytes) -> bool:
    return bool(content) and is_complete(content, kind_of(content))
