"""What reads forms outside a case: a folder with a form and its blank, and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

from rpa.bootstrap.intake import open_decoder
from rpa.bootstrap.reading import ReadingMode, has_second_engine, open_engines, page_reading
from rpa.domain.errors import DefinitionError
from rpa.domain.form import FormDefinition
from rpa.domain.model import ProcessId
from rpa.environment import cache_folder
from rpa.i18n import _
from rpa.ocr.adapters.proposal import proposed_form
from rpa.ocr.adapters.scanned_blank import scanned_form
from rpa.ocr.api import FormReader, KnownForm, OcrEngine, PageReader
from rpa.ocr.calibration import Calibration
from rpa.ocr.reader import ZoneReader
from rpa.processes.folder import BLANK_FILE, FORM_FILE, load_form
from rpa.processes.scaffold import form_text

PDF: Final = b"%PDF-"
Opening = Callable[[ReadingMode], AbstractContextManager[tuple[PageReader, OcrEngine]]]
"""Opens what reads a blank's picture; whoever proposes many forms keeps it open."""
__all__ = ["form_in", "form_reading", "forms_in", "new_form", "open_form_reader", "proposed_blank"]


def open_form_reader(calibration: Calibration | None = None) -> ZoneReader:
    """Return the reader of known forms, with the best engines that are installed."""
    engines = open_engines()
    second = engines.second if engines.second is not engines.first else None
    return ZoneReader(
        engines.first, witness=second, calibration=calibration, cache=cache_folder() / "sketches"
    )


@contextmanager
def form_reading(calibration: Calibration | None = None) -> Iterator[FormReader]:
    """Open a reader of known forms, and end its engines afterwards."""
    reader = open_form_reader(calibration)
    try:
        yield reader
    finally:
        reader.close()


def form_in(folder: Path) -> KnownForm:
    """Return the form of a folder with ``form.yaml`` and ``blank.pdf``.

    Raises:
        DefinitionError: A file is missing or not right; names it.
    """
    form = load_form(folder / FORM_FILE)
    return KnownForm(ProcessId(folder.resolve().name), form, _blank(folder / BLANK_FILE))


def forms_in(folder: Path) -> list[KnownForm]:
    """Return the forms below ``folder``: folders with a form, and blanks (PDF) by themselves.

    Raises:
        DefinitionError: There is none, or one is not right.
    """
    if not folder.is_dir():
        raise DefinitionError(_("{folder} is no folder.", folder=folder), code="file-missing")
    folders = [path.parent for path in sorted(folder.rglob(FORM_FILE))]
    forms = [form_in(path) for path in folders]
    for path in sorted(folder.rglob("*.pdf")):
        if path.parent not in folders:
            empty = FormDefinition(title=path.stem, fields=())
            forms.append(KnownForm(ProcessId(path.stem), empty, _blank(path)))
    if not forms:
        raise DefinitionError(
            _("{folder} holds no form.yaml and no blank form (PDF).", folder=folder),
            code="file-missing",
        )
    return forms


def new_form(blank: Path, folder: Path, *, opening: Opening = page_reading) -> FormDefinition:
    """Write a form folder around a blank, its fields proposed; returns what was proposed.

    Where the blank's file tells no place for an answer, as a scan does, its picture is looked at;
    what is written as the blank then is the page made straight and clean.

    Raises:
        DefinitionError: The blank can't be read, no place for an answer was found, or the folder
            has a form already.
        DocumentRefusedError, RecognitionError, ToolUnavailableError, ToolTimeoutError: As the
            decoder and the engine, where the blank's picture is looked at.
    """
    if (folder / FORM_FILE).exists():
        raise DefinitionError(
            _("{folder} has a form already; name another folder.", folder=folder), code="exists"
        )
    form, content = proposed_blank(_blank(blank), opening=opening)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / BLANK_FILE).write_bytes(content)
    (folder / FORM_FILE).write_text(form_text(form), encoding="utf-8")
    return form


def proposed_blank(
    content: bytes, *, opening: Opening = page_reading
) -> tuple[FormDefinition, bytes]:
    """Return a form proposed from a blank, and the blank as a PDF; raises as :func:`new_form`."""
    if content.startswith(PDF):
        try:
            return proposed_form(content), content
        except DefinitionError as error:
            if error.reason != "no-places":
                raise
    mode = ReadingMode.ACCURATE if has_second_engine() else ReadingMode.FAST
    document = open_decoder().pages(content)
    with opening(mode) as tools:
        form, straight = scanned_form(document, tools)
    return form, straight or content


def _blank(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DefinitionError(
            _("{file} cannot be read: {cause}.", file=path, cause=error.strerror or error),
            code="file-missing",
        ) from error
