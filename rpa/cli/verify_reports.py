"""``rpa verify --report etsi``: a report in XML of each file, printed or kept in a folder."""

import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rpa.bootstrap.verifying import Answer
from rpa.domain.errors import SetupError, ToolUnavailableError
from rpa.domain.signature import RevocationRule
from rpa.i18n import _
from rpa.signing.etsi_report import etsi_report


def reported(
    answers: Iterable[Answer],
    files: Sequence[Path],
    *,
    rule: RevocationRule,
    folder: Path | None,
) -> Iterable[Answer]:
    """Return ``answers`` as they come, each with its report written.

    Raises:
        SetupError: Several files were asked about, and no folder was named for their reports.
    """
    if folder is None and (len(files) > 1 or files[0].is_dir()):
        raise SetupError(_("The reports of several files need a folder: name it with --out."))
    return _written(answers, rule, folder)


def _written(
    answers: Iterable[Answer], rule: RevocationRule, folder: Path | None
) -> Iterator[Answer]:
    taken: set[str] = set()
    for answer in answers:
        if answer.report is not None:
            content = etsi_report(answer.report, rule=rule)
            if folder is None:
                sys.stdout.write(content.decode("utf-8"))
                sys.stdout.flush()
            else:
                _keep(folder / _free(answer.path, taken), content)
        yield answer


def _free(path: Path, taken: set[str]) -> str:
    """Return a name for a file's report that no other file's of this run has."""
    name = f"{path.name}.report.xml"
    if name in taken:
        mark = hashlib.sha256(str(path).encode()).hexdigest()[:8]
        name = f"{path.name}.{mark}.report.xml"
    taken.add(name)
    return name


def _keep(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as fault:
        raise ToolUnavailableError(
            _(
                "The report {file} cannot be written: {cause}.",
                file=file,
                cause=fault.strerror or type(fault).__name__,
            )
        ) from fault
