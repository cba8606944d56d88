"""Where signed files go: never over their input, and over nothing else unless told to."""

import contextlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rpa.domain.errors import NotFoundError, SetupError
from rpa.i18n import _


def check_out(files: Sequence[Path], out: Path | None) -> None:
    """Check that several files have a folder to go to, and make it.

    Raises:
        SetupError: They would all go to one file, or the folder can't be made.
    """
    if out is None or len(files) == 1:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            _("{folder} must be a folder for several files: {cause}.", folder=out, cause=error),
            code="no-folder",
        ) from error


def target_of(source: Path, out: Path | None, *, is_folder: bool) -> Path:
    """Return where the signed copy of ``source`` goes."""
    if out is not None and not is_folder:
        return out
    name = f"{source.stem}-signed.pdf"
    return out / name if out is not None else source.with_name(name)


def write_new(target: Path, content: bytes, *, source: Path, force: bool) -> None:
    """Write ``content`` whole or not at all.

    Raises:
        SetupError: It would write over its input, or over a file that is there.
        NotFoundError: It can't be written.
    """
    if target.exists() and target.samefile(source):
        raise SetupError(
            _("{file} would be written over itself: name another file.", file=target),
            code="out-is-input",
        )
    try:
        handle, name = tempfile.mkstemp(prefix=".signed-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            _put(Path(name), target, force=force)
        finally:
            with contextlib.suppress(FileNotFoundError):
                Path(name).unlink()
    except FileExistsError as error:
        raise SetupError(
            _("{file} is there already: nothing was written. See --force.", file=target),
            code="out-exists",
        ) from error
    except OSError as error:
        raise NotFoundError(
            _("{file} cannot be written: {cause}.", file=target, cause=error.strerror)
        ) from error


def _put(written: Path, target: Path, *, force: bool) -> None:
    mask = os.umask(0)
    os.umask(mask)
    written.chmod(0o666 & ~mask)
    if force:
        written.replace(target)
    else:
        os.link(written, target)  # unlike a rename, it never takes another file's place
