"""One process folder: everything that is special to a process, read and checked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from rpa.domain.errors import DefinitionError
from rpa.domain.form import FieldKind, FormDefinition
from rpa.domain.model import ProcessId
from rpa.domain.process import ProcessDefinition, Stop
from rpa.i18n import _

PROCESS_FILE: Final = "process.yaml"
FORM_FILE: Final = "form.yaml"
BLANK_FILE: Final = "blank.pdf"
BOT_FILE: Final = "bot.yaml"
WRITTEN_BOT_FILE: Final = "bot.py"
LETTER_FILE: Final = "letter.html"


@dataclass(frozen=True, slots=True)
class ProcessFolder:
    """A process with the files that go with it."""

    path: Path
    definition: ProcessDefinition

    @property
    def process_id(self) -> ProcessId:
        """The folder's name."""
        return self.definition.process_id

    @property
    def blank(self) -> bytes:
        """The empty form as PDF."""
        return (self.path / BLANK_FILE).read_bytes()

    @property
    def bot(self) -> Path:
        """The bot's definition."""
        written = self.path / WRITTEN_BOT_FILE
        return written if written.is_file() else self.path / BOT_FILE

    @property
    def letter(self) -> Path:
        """The letter's template."""
        return self.path / LETTER_FILE

    @property
    def kinds(self) -> dict[str, FieldKind]:
        """The kind of each field, cells of tables included."""
        return {field.name: field.kind for field in self.definition.form.all_fields()}


def load_process(path: Path) -> ProcessFolder:
    """Read and check the process folder at ``path``; its name is the process's identifier.

    Raises:
        DefinitionError: A file is missing, is no YAML, or says something impossible; the message
            names the file and the place in it.
    """
    said = _mapping(path / PROCESS_FILE)
    form = _form(path / FORM_FILE)
    try:
        definition = ProcessDefinition.model_validate(
            {**said, "process_id": path.resolve().name, "form": form}
        )
    except ValidationError as error:
        raise _wrong(path / PROCESS_FILE, error) from error
    needed = {Stop.FILE: BOT_FILE, Stop.COMPOSE: LETTER_FILE}
    files = [BLANK_FILE, *(name for stop, name in needed.items() if stop in definition.stops)]
    for name in files:
        is_written = name == BOT_FILE and (path / WRITTEN_BOT_FILE).is_file()
        if not is_written and not (path / name).is_file():
            raise DefinitionError(
                _("{folder}: the file {file} is missing.", folder=path, file=name),
                code="file-missing",
            )
    return ProcessFolder(path=path.resolve(), definition=definition)


def load_form(path: Path) -> FormDefinition:
    """Read and check a ``form.yaml``; raises :class:`DefinitionError` as :func:`load_process`."""
    return _form(path)


def _form(path: Path) -> FormDefinition:
    try:
        return FormDefinition.model_validate(_mapping(path))
    except ValidationError as error:
        raise _wrong(path, error) from error


def _mapping(path: Path) -> dict[str, Any]:
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DefinitionError(
            _("{file} cannot be read: {cause}.", file=path, cause=error.strerror or error),
            code="file-missing",
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DefinitionError(
            _("{file} is not valid YAML: {cause}", file=path, cause=error), code="not-yaml"
        ) from error
    if not isinstance(said, dict):
        raise DefinitionError(
            _("{file} must hold keys and values at its top.", file=path), code="not-yaml"
        )
    return said


def _wrong(path: Path, error: ValidationError) -> DefinitionError:
    places = [
        f"  {'.'.join(str(part) for part in problem['loc']) or '(top)'}: {problem['msg']}"
        for problem in error.errors(include_url=False, include_input=False)
    ]
    listed = "\n".join(places)
    return DefinitionError(_("{file} is not right:\n{places}", file=path, places=listed))
