"""Anchors of the ledger, kept as files beside the database, never in it."""

import os
from pathlib import Path

from rpa.domain.anchor import Anchor


class AnchorFolder:
    """Keeps one file for each anchor."""

    def __init__(self, folder: Path) -> None:
        """Keep anchors in ``folder``; it is made when the first is written."""
        self._folder = folder

    def keep(self, anchor: Anchor) -> Path:
        """Write an anchor atomically; the same anchor again changes nothing."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"anchor-{anchor.count:012d}.json"
        part = path.with_suffix(f".{os.getpid()}.part")
        with part.open("w", encoding="utf-8") as file:
            file.write(anchor.model_dump_json(indent=1))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        return path

    def all(self) -> list[Anchor]:
        """Return every anchor, oldest first."""
        paths = sorted(self._folder.glob("anchor-*.json"))
        return [Anchor.model_validate_json(path.read_text(encoding="utf-8")) for path in paths]
