"""``rpa seal``: every PDF of a folder sealed, with or without a home."""

import contextlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rpa.bootstrap.seal_plan import SealPlan
from rpa.cli.output import complain, say
from rpa.cli.progress import Facts, shown
from rpa.cli.said import Home, language_said
from rpa.cli.sign_options import (
    Authority,
    CredentialName,
    DrawnLanguage,
    JsonLines,
    KeyFile,
    Level,
    Passphrase,
    Roots,
)
from rpa.domain.errors import RpaError, SetupError
from rpa.i18n import _
from rpa.late import late
from rpa.signing.bulk import KEPT, RECORDS, SEALED, SealTask, alone, flush_folders, found_files
from rpa.signing.crew import done_by_forks

if TYPE_CHECKING:
    from rpa.bootstrap.sealing import open_sealer
else:  # loaded once it is known that there is something to seal
    open_sealer = late("rpa.bootstrap.sealing", "open_sealer")

TOOL_CODES: Final = (
    "timestamp-authority",
    "revocation-service",
    "seal-folder",
    "worker-died",
    "certificate-file",
    "font-missing",
)
"""What another run may mend; credentials' codes besides."""
LEFT: Final = "left"
WORTH_A_WORKER: Final = 8
"""Documents that make another worker worth its start, where nobody says how many."""


Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help=_("The documents."))]
Out = Annotated[Path, typer.Argument(metavar="OUT", help=_("Where sealed ones go."))]
Reason = Annotated[str, typer.Option(help=_("Why it is sealed."))]
Visible = Annotated[
    bool, typer.Option("--visible/--invisible", help=_("Draw the seal on the last page."))
]
Wait = Annotated[
    bool, typer.Option("--wait", help=_("Leave a document rather than lower its level."))
]
Workers = Annotated[
    int, typer.Option(min=0, max=64, help=_("Documents sealed at once; 0: one for each processor."))
]


def seal(
    folder: Folder,
    out: Out,
    *,
    credential: CredentialName = None,
    key: KeyFile = None,
    passphrase: Passphrase = "",
    tsa: Authority = None,
    trust: Roots = None,
    level: Level = None,
    reason: Reason = "",
    visible: Visible = True,
    lang: DrawnLanguage = None,
    wait: Wait = False,
    workers: Workers = 0,
    as_json: JsonLines = False,
    home: Home = None,
) -> None:
    """Seal every PDF of a folder; a second run does only what is left."""
    if (key is None) == (credential is None):
        raise SetupError(_("Say --credential or --key, one of the two."), code="seal-credential")
    plan = SealPlan(
        level=level,
        language=language_said(lang),
        home=home,
        credential=credential or "",
        key=key,
        passphrase=passphrase,
        timestamp_url=tsa,
        roots=tuple(trust or ()),
        reason=reason,
        visible=visible,
        wait=wait,
    )
    _check_folders(folder, out)
    with alone(out):
        told = _told(folder, out, plan, workers=workers, as_json=as_json)
    if not as_json:
        _tell_all(told)
    raise typer.Exit(_status(told))


def _told(folder: Path, out: Path, plan: SealPlan, *, workers: int, as_json: bool) -> list[Facts]:
    """Seal what is to be sealed, and tell each document's facts as they come."""
    found = list(found_files(folder, out))
    others = [{"file": str(path), "state": LEFT} for path, is_pdf in found if not is_pdf]
    pdfs = [path for path, is_pdf in found if is_pdf]
    told: list[Facts] = []
    for facts in chain(others, _sealed(pdfs, folder, out, plan, workers=workers)):
        told.append(facts)
        _tell(facts, as_json=as_json)
    with contextlib.suppress(OSError):  # what a power cut undoes of it, the next run does again
        named = {Path(one["out"]).parent for one in told if one.get("state") == SEALED}
        flush_folders({*named, out / RECORDS})
    return told


def _sealed(
    files: Sequence[Path], folder: Path, out: Path, plan: SealPlan, *, workers: int
) -> Iterator[Facts]:
    tasks = [SealTask(path, out, str(path.relative_to(folder))) for path in files]
    done = done_by_forks(_work(plan), tasks, workers=workers or _worth(len(tasks)))
    told = ({"file": str(task.source), **facts} for task, facts in zip(tasks, done, strict=True))
    return shown(told, len(tasks), _("Sealing"), alone=True)


def _work(plan: SealPlan) -> Callable[[SealTask], Facts]:
    """Return what seals one document and tells of it; a fault of all documents is each one's."""
    try:
        sealed = open_sealer(plan)
    except RpaError as fault:
        return partial(_refused, fault)

    def work(task: SealTask) -> Facts:
        start = time.monotonic()
        facts = sealed(task)
        return {"out": str(task.target), **facts, "seconds": round(time.monotonic() - start, 4)}

    return work


def _refused(fault: RpaError, _task: SealTask) -> Facts:
    raise fault


def _worth(documents: int) -> int:
    """Return how many workers that many documents are worth: a fork costs some documents' time."""
    return max(1, min(os.cpu_count() or 1, documents // WORTH_A_WORKER))


def _tell(facts: Facts, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    elif "error" in facts:
        problem = facts["error"]
        complain(f"{facts['file']}: {problem['code']}: {problem['message']}")
    elif facts["state"] == LEFT:
        complain(_("{file}: no PDF, left as it is.", file=facts["file"]))
    elif facts["shortfall"] and facts["state"] == SEALED:
        complain(f"{facts['file']}: {facts['level']} < {facts['wanted']}: {facts['shortfall']}")


def _tell_all(told: Sequence[Facts]) -> None:
    states = Counter("error" if "error" in one else one["state"] for one in told)
    say(
        _(
            "Sealed: {sealed}. Sealed before: {kept}. Set apart: {refused}. No PDF: {left}.",
            sealed=states[SEALED],
            kept=states[KEPT],
            refused=states["error"],
            left=states[LEFT],
        )
    )


def _status(told: Sequence[Facts]) -> int:
    """Return 5 where another run may do better, 3 where a person must look, else 0."""
    codes = [one["error"]["code"] for one in told if "error" in one]
    if any(code in TOOL_CODES or code.startswith("credential-") for code in codes):
        return 5
    return 3 if codes else 0


def _check_folders(folder: Path, out: Path) -> None:
    if not folder.is_dir():
        raise SetupError(_("{folder} is no folder.", folder=folder), code="no-folder")
    if folder.resolve() == out.resolve():
        raise SetupError(
            _("Sealed documents must go into another folder than they come from."),
            code="same-folder",
        )
