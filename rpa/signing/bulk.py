"""Folders of documents sealed in bulk: each once, whatever dies and whenever.

Beside the sealed documents, in ``.sealed``, stands one small record for each: the digests of what
was read and of what was written. A document's way:

1. signed, written under a temporary name there, and flushed;
2. its record written, and flushed: from here on, this very file is the sealed document;
3. moved to its own name in one step.

The folders that name all these are flushed once, at the run's end: file systems with a journal do
renames in their order, so a power cut before may give files back their temporary names, and the
next run goes on from there. Where a file system loses a record's name alone, the document in place
is told to a person (``name-taken``) and never sealed twice.

One run at a time holds a folder. A worker that outlives its run ends the document it is at, and the
next run waits for that.

A run that finds a record ends what another began: a file that is in place is left alone, one that
waits under its temporary name is moved, and only what has no record is signed.
"""

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final, TypeVar

from rpa.domain.errors import DocumentRefusedError, SetupError, ToolUnavailableError
from rpa.i18n import _
from rpa.signing.api import SignedDocument

RECORDS: Final = ".sealed"
SEALED: Final = "sealed"
KEPT: Final = "already-sealed"
_PDF: Final = b"%PDF-"
_HEADER_WITHIN: Final = 1024

_LOCK_FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC

_Done = TypeVar("_Done")
Seal = Callable[[bytes], SignedDocument]


@dataclass(frozen=True)
class SealTask:
    """One document to seal."""

    source: Path
    out: Path
    """The folder that sealed documents go into."""
    name: str
    """The document's path inside it, as inside the folder it came from."""
    run: int = field(default_factory=os.getpid)
    """The process of the run that it belongs to."""

    @cached_property
    def target(self) -> Path:
        """Where the sealed document stands."""
        return self.out / self.name

    @cached_property
    def record(self) -> Path:
        """Where its record stands."""
        key = hashlib.sha256(os.fsencode(self.name)).hexdigest()
        return self.out / RECORDS / f"{key}.json"


def found_files(folder: Path, out: Path) -> Iterator[tuple[Path, bool]]:
    """Yield every file of ``folder`` in order of its path, and whether it is a PDF.

    Files that only a link leads to are no PDF here: what it leads to stands elsewhere. What is in
    ``out`` is left out.
    """
    inside = out.resolve()
    for place, folders, files in os.walk(folder):
        at = Path(place)
        folders[:] = sorted(name for name in folders if (at / name).resolve() != inside)
        for name in sorted(files):
            path = at / name
            yield path, not path.is_symlink() and _is_pdf(path)


def sealed(task: SealTask, seal: Seal) -> dict[str, Any]:
    """Seal one document unless it is sealed already, and return what is to be told of it.

    Raises:
        DocumentRefusedError: Its place is taken by a document that comes from other bytes.
        SignatureRefusedError, ToolUnavailableError: As the signer.
    """
    content = _read(task.source)
    with _at_work(task):
        return _sealed(task, content, seal)


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Hold ``out`` for one run; the system gives it back however the run ends.

    Raises:
        SetupError: Another run holds it, or it can't be written.
    """
    with ExitStack() as held:
        try:
            (out / RECORDS).mkdir(parents=True, exist_ok=True)
            held.enter_context(_locked(out / RECORDS / "run", fcntl.LOCK_EX | fcntl.LOCK_NB))
            with _locked(out / RECORDS / "work", fcntl.LOCK_EX):
                pass  # whoever is left of a run that died has ended its document
        except BlockingIOError as exc:
            raise SetupError(
                _("Another run seals into {folder}: let it end.", folder=out), code="seal-busy"
            ) from exc
        except OSError as exc:
            raise SetupError(
                _("{folder} cannot be written: {cause}.", folder=out, cause=exc.strerror),
                code="seal-folder",
            ) from exc
        yield


def flush_folders(folders: Iterable[Path]) -> None:
    """Flush folders, so that the names in them outlive a power cut.

    Raises:
        OSError: One can't be.
    """
    for path in folders:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sealed(task: SealTask, content: bytes, seal: Seal) -> dict[str, Any]:
    before = _digest(content)
    record = _known(task.record)
    waiting = task.record.with_suffix(".pdf")
    if record and record["sha256_before"] == before:
        if _digest_of(task.target) == record["sha256_after"]:
            return {**record, "state": KEPT}
        if not task.target.exists() and _digest_of(waiting) == record["sha256_after"]:
            _move(waiting, task.target)
            return {**record, "state": SEALED}
    if task.target.exists():
        raise DocumentRefusedError(
            _(
                "{file} is there already and was not sealed from this document: nothing was "
                "changed. Move it away, or choose another folder.",
                file=task.target,
            ),
            code="name-taken",
        )
    made = seal(content)
    facts = {
        "sha256_before": before,
        "sha256_after": _digest(made.pdf),
        "level": made.level.value,
        "wanted": made.wanted.value,
        "shortfall": made.shortfall,
        "repairs": list(made.repairs),
    }
    _kept(task, waiting, made.pdf, facts)
    return {**facts, "state": SEALED}


@contextmanager
def _at_work(task: SealTask) -> Iterator[None]:
    """Let the next run wait for this document, and start none where this run is over."""
    try:
        with _locked(task.record.parent / "work", fcntl.LOCK_SH):
            if task.run not in (os.getpid(), os.getppid()):
                raise ToolUnavailableError(_("The run is over."), code="worker-died")
            yield
    except OSError as exc:
        raise _unwritable(task, exc) from exc


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    handle = _in_its_folder(path, partial(os.open, path, _LOCK_FLAGS, 0o600))
    try:
        fcntl.flock(handle, kind)
        yield
    finally:
        os.close(handle)


def _kept(task: SealTask, waiting: Path, pdf: bytes, facts: dict[str, Any]) -> None:
    _flushed(waiting, pdf)
    draft = task.record.with_suffix(".tmp")
    _flushed(draft, json.dumps({"name": task.name, **facts}).encode())
    draft.replace(task.record)
    _move(waiting, task.target)


def _unwritable(task: SealTask, fault: OSError) -> ToolUnavailableError:
    return ToolUnavailableError(
        _(
            "{file} cannot be written ({fault}). Check the folder and its free space.",
            file=task.target,
            fault=fault.strerror,
        ),
        code="seal-folder",
    )


def _is_pdf(path: Path) -> bool:
    if path.suffix.lower() == ".pdf":
        return True
    try:
        with path.open("rb") as source:
            return _PDF in source.read(_HEADER_WITHIN)
    except OSError:
        return False


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise DocumentRefusedError(
            _("{file} cannot be read: {cause}.", file=path, cause=exc.strerror), code="unreadable"
        ) from exc


def _known(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
        return {key: found[key] for key in _FACTS}
    except (OSError, ValueError, KeyError, TypeError):
        return None


_FACTS: Final = ("sha256_before", "sha256_after", "level", "wanted", "shortfall", "repairs")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest_of(path: Path) -> str:
    with contextlib.suppress(OSError), path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
    return ""


def _flushed(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _move(source: Path, target: Path) -> None:
    """Give a flushed file its name, in a folder that is made where it is not there yet."""
    _in_its_folder(target, partial(source.replace, target))


def _in_its_folder(path: Path, act: Callable[[], _Done]) -> _Done:
    """Return what ``act`` does with ``path``, whose folder is made only where it is missing."""
    try:
        return act()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return act()
