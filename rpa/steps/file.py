"""Step 4, file: the values are keyed into the legacy application, exactly once.

How that is kept stands in :mod:`rpa.steps.filing`.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from rpa.bots.api import FilingRequest, Target
from rpa.domain.case import Case
from rpa.domain.document import DocumentRole
from rpa.domain.process import FilingSpec
from rpa.processes.folder import ProcessFolder
from rpa.register.rows import Lease
from rpa.steps.filing import Filing, file_once
from rpa.steps.toolbox import Toolbox
from rpa.steps.values import filing_key, values_of

DOCUMENT = "document"
"""Name by which a bot uploads what was received."""


def file_case(lease: Lease, tools: Toolbox) -> Lease:
    """File an approved case; needs its values, leaves the receipt.

    A second run after a death in between searches the target first, by the filing key.

    Raises:
        TargetPausedError: The target must not be worked now.
        TargetUnavailableError: The target failed before the commit; nothing was filed.
        OutcomeUnknownError: It failed after; the next run searches for it.
        DefinitionError: The bot may not be deployed.
    """
    process = tools.catalog.get(lease.case.process)
    spec = _spec(process)
    tools.approve_bot(process.bot)
    with TemporaryDirectory(prefix="rpa-files-") as folder:
        asked = _request(lease.case, process, tools, HandedOver(lease.case, tools, Path(folder)))
        filing = Filing(tools.target(spec.target), asked, spec.grace_s)
        with tools.filing_slot(spec):
            return file_once(lease, filing, tools)


class HandedOver(Mapping[str, Path]):
    """The received document as a file, written once a bot asks for it."""

    def __init__(self, case: Case, tools: Toolbox, folder: Path) -> None:
        """Write it into ``folder``."""
        self._case = case
        self._tools = tools
        self._folder = folder

    def __getitem__(self, name: str) -> Path:
        """Return the file of this name."""
        if name not in self:
            raise KeyError(name)
        original = self._case.document(DocumentRole.ORIGINAL)
        path = self._folder / original.name
        if not path.exists():
            path.write_bytes(self._tools.store.get(original.digest))
        return path

    def __contains__(self, name: object) -> bool:
        """Say whether there is a file of this name."""
        return name == DOCUMENT and self._case.has(DocumentRole.ORIGINAL)

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter([DOCUMENT] if DOCUMENT in self else [])

    def __len__(self) -> int:
        """Return how many there are."""
        return len(list(iter(self)))


def _spec(process: ProcessFolder) -> FilingSpec:
    spec = process.definition.filing
    if spec is None:  # the definition's own check makes this impossible
        raise AssertionError(process.process_id)
    return spec


def _request(
    case: Case, process: ProcessFolder, tools: Toolbox, files: Mapping[str, Path]
) -> Callable[[Target], FilingRequest]:
    values = values_of(case, tools).values
    fields = process.definition.form.all_fields()
    sensitive = frozenset(field.name for field in fields if field.sensitive)

    def asked(target: Target) -> FilingRequest:
        return FilingRequest(
            key=filing_key(case, process, values),
            values=values,
            kinds=process.kinds,
            definition=process.bot,
            target=target,
            files=files,
            sensitive=sensitive,
        )

    return asked
