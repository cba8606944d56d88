"""All processes that are deployed: one broken folder never hides the others."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from rpa.domain.errors import DefinitionError, NotFoundError
from rpa.domain.model import ProcessId
from rpa.i18n import _
from rpa.processes.folder import PROCESS_FILE, ProcessFolder, load_process


class Catalog:
    """Process folders by identifier, and what is wrong with those that could not be loaded."""

    def __init__(
        self, folders: Iterable[ProcessFolder], problems: Iterable[DefinitionError] = ()
    ) -> None:
        """Hold ``folders``; ``problems`` are those of folders that were left out."""
        self._folders = {folder.process_id: folder for folder in folders}
        self.problems = tuple(problems)

    def get(self, process_id: ProcessId | None) -> ProcessFolder:
        """Return a process; raises :class:`NotFoundError` if it is not in the catalog."""
        folder = self._folders.get(process_id) if process_id is not None else None
        if folder is None:
            raise NotFoundError(
                _(
                    "There is no process {process}. `rpa process list` shows them.",
                    process=process_id,
                )
            )
        return folder

    def __contains__(self, process_id: object) -> bool:
        """Say whether a process of this identifier was loaded."""
        return process_id in self._folders

    def __iter__(self) -> Iterator[ProcessFolder]:
        """Yield the processes."""
        return iter(self._folders.values())

    def __len__(self) -> int:
        """Count the processes."""
        return len(self._folders)


def load_catalog(roots: Iterable[Path]) -> Catalog:
    """Load every process folder under ``roots`` (a root may also be a process folder itself)."""
    folders, problems = [], []
    for path in _candidates(roots):
        try:
            folders.append(load_process(path))
        except DefinitionError as error:
            problems.append(error)
    return Catalog(folders, problems)


def _candidates(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        if (root / PROCESS_FILE).is_file():
            yield root
        elif root.is_dir():
            yield from sorted(p for p in root.iterdir() if (p / PROCESS_FILE).is_file())
