"""A folder that people, fax servers and scanners drop files in."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rpa.domain.errors import ToolUnavailableError
from rpa.i18n import _
from rpa.intake.adapters.dropped import DroppedFile, dropped_files, looked_at
from rpa.intake.adapters.watched import Clock, Patience, Watch
from rpa.intake.api import Delivery

TAKEN: Final = ".taken"


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
        self._watch = Watch(clock, Patience(settle_s, patience_s, max_bytes))
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
        self._watch.forget_all_but({file.path.name for file in files})
        for file in files:
            delivery = self._watch.delivery(file)
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
