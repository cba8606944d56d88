"""A folder that people, fax servers and scanners drop files in."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.intake.adapters.dropped import DroppedFile, dropped_files, looked_at
from rpa.intake.adapters.writing import is_open_for_writing
from rpa.intake.api import Delivery
from rpa.intake.media import kind_of
from rpa.intake.refusals import refusal
from rpa.intake.structure import is_complete

Clock = Callable[[], dt.datetime]
TAKEN: Final = ".taken"


@dataclass(frozen=True, slots=True)
class _Sighting:
    """When a file was first seen as it is now."""

    identity: str
    at: float


class FolderChannel:
    """Holds out the files of one folder, oldest first, each once it is whole.

    A file is left alone while it changes, while a program has it open for writing, and for
    ``patience_s`` while its end is missing. Several processes may watch one folder.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        *,
        clock: Clock,
        settle_s: float = 5.0,
        patience_s: float = 600.0,
        max_bytes: int = 100_000_000,
    ) -> None:
        self.name = name
        self.folder = folder
        self._clock = clock
        self._settle_s = settle_s
        self._patience_s = patience_s
        self._max_bytes = max_bytes
        self._seen: dict[str, _Sighting] = {}
        self._held_out: dict[str, str] = {}

    def deliveries(self) -> Iterator[Delivery]:
        """Yield what waits and is complete, with one file's content in memory at a time.

        A link, a file too large or one that may not be read is held out as refused, without its
        content.

        Raises:
            ToolUnavailableError: The folder is missing or may not be read.
        """
        try:
            files = list(dropped_files(self.folder))
        except OSError as problem:
            raise self._unavailable(problem) from problem
        self._forget_all_but({file.path.name for file in files})
        for file in files:
            delivery = self._delivery(file)
            if delivery:
                self._held_out[delivery.source_id] = file.path.name
                yield delivery

    def settle(self, delivery: Delivery) -> None:
        """Move the delivered file to ``.taken`` and today's folder, kept there until purged.

        May be called twice, and by another process than the one that held it out. A file that
        changed since then isn't the one delivered: it stays, as a new delivery.

        Raises:
            ToolUnavailableError: The file can't be moved.
        """
        try:
            file = self._find(delivery.source_id)
            if file:
                self._take(file)
        except FileNotFoundError:
            return  # another process settled it first
        except OSError as problem:
            raise self._unavailable(problem) from problem

    def purge(self, *, before: dt.date) -> int:
        """Delete what was taken before this day; return how many days' folders went."""
        gone = 0
        for day in sorted((self.folder / TAKEN).glob("????-??-??")):
            if day.name < before.isoformat() and not day.is_symlink():
                shutil.rmtree(day)
                gone += 1
        return gone

    def _delivery(self, file: DroppedFile) -> Delivery | None:
        age = self._age(file)
        if age < self._settle_s:
            return None
        if file.is_link:
            return _refused(file, "link")
        if file.status.st_size > self._max_bytes:
            return _refused(file, "too-large", limit=self._max_bytes // 1_000_000)
        return self._read(file, is_patience_over=age >= self._patience_s)

    def _read(self, file: DroppedFile, *, is_patience_over: bool) -> Delivery | None:
        try:
            content = _whole_content(file)
        except FileNotFoundError:
            return None
        except OSError:
            return _refused(file, "unreadable") if is_patience_over else None
        if content is None or not (is_patience_over or _has_its_end(content)):
            return None
        return Delivery(source_id=file.identity, name=file.name, content=content)

    def _age(self, file: DroppedFile) -> float:
        """Return for how long the file has surely been as it is.

        Its own times say it where clocks agree; a file server with another clock is watched.
        """
        now = self._clock().timestamp()
        seen = self._seen.get(file.path.name)
        if seen is None or seen.identity != file.identity:
            seen = self._seen[file.path.name] = _Sighting(file.identity, now)
        return max(now - seen.at, now - file.changed_at)

    def _forget_all_but(self, names: set[str]) -> None:
        for name in self._seen.keys() - names:
            del self._seen[name]

    def _find(self, source_id: str) -> DroppedFile | None:
        name = self._held_out.pop(source_id, None)
        file = looked_at(self.folder / name) if name is not None else None
        if file and file.identity == source_id:
            return file
        waiting = dropped_files(self.folder)
        return next((file for file in waiting if file.identity == source_id), None)

    def _take(self, file: DroppedFile) -> None:
        day = self.folder / TAKEN / self._clock().date().isoformat()
        day.mkdir(parents=True, exist_ok=True)
        taken = day / f"{file.identity[:12]}-{file.name}"
        file.path.rename(taken)
        moved = taken.lstat()
        if (moved.st_ino, moved.st_mtime_ns) != (file.status.st_ino, file.status.st_mtime_ns):
            self._put_back(taken, file)

    def _put_back(self, taken: Path, file: DroppedFile) -> None:
        """Give back what replaced the delivered file in the instant before the move."""
        free = self.folder / file.name
        while free.exists():
            free = free.with_name(f"{free.stem}-2{free.suffix}")
        taken.rename(free)

    def _unavailable(self, problem: OSError) -> ToolUnavailableError:
        return ToolUnavailableError(
            _(
                "The folder of the channel {name} cannot be used: {why}. Check that it exists "
                "and its permissions.",
                name=self.name,
                why=problem.strerror or type(problem).__name__,
            ),
            code="channel-unavailable",
        )


def _whole_content(file: DroppedFile) -> bytes | None:
    """Return what the file holds, or None where someone is writing to it."""
    with file.opened() as opened:
        if is_open_for_writing(opened):
            return None
        content = opened.read(file.status.st_size + 1)
        return content if file.is_unchanged(opened) else None


def _has_its_end(content: bytes) -> bool:
    return bool(content) and is_complete(content, kind_of(content))


def _refused(file: DroppedFile, code: str, **arguments: object) -> Delivery:
    why = refusal(code, **arguments)
    return Delivery(
        source_id=file.identity,
        name=file.name,
        content=b"",
        refused=why.message,
        refused_code=why.reason,
    )
