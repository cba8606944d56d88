"""Does a ``bot.yaml`` fit its form? Asked by ``rpa process check``, and before each run."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from rpa.bots.definition import BotDefinition, load_definition, place_named
from rpa.bots.steps import Choose, Element, Goto, Popup, Rows, Select, Step
from rpa.bots.templates import Placeholders, Row
from rpa.domain.errors import DefinitionError
from rpa.domain.form import FieldKind
from rpa.domain.model import Value
from rpa.i18n import _


def check_definition(path: Path, kinds: Mapping[str, FieldKind]) -> tuple[str, ...]:
    """Check a bot against the fields of its form, and return warnings for a person.

    Raises:
        DefinitionError: The definition is wrong or names a field that the form does not have.
    """
    definition = load_definition(path)
    check_fits(definition, kinds, path=path)
    return tuple(_warnings(definition, path))


def check_fits(definition: BotDefinition, kinds: Mapping[str, FieldKind], *, path: Path) -> None:
    """Check every placeholder and table of a definition against the form's fields.

    Raises:
        DefinitionError: One of them is not of the form; file, step and placeholder are named.
    """
    known = Placeholders(kinds)
    for section in ("login", "file", "find"):
        for number, step in enumerate(getattr(definition, section)):
            try:
                _check_step(step, known, row=None)
            except DefinitionError as exc:
                place = place_named((section, number, step.kind))
                raise DefinitionError(f"{path}: {place}: {exc.message}", code=exc.reason) from exc


def _check_step(step: Step, known: Placeholders, *, row: Row | None) -> None:
    for template in texts_of(step):
        known.check(template, row)
    if isinstance(step, Rows):
        numbers = known.rows(step.table)
        if not numbers:
            raise DefinitionError(
                _("The form has no table “{table}”.", table=step.table), code="no-table"
            )
        row = Row(step.table, numbers[0])
    if isinstance(step, Rows | Popup):
        for inner in step.steps:
            _check_step(inner, known, row=row)


def texts_of(step: Value) -> Iterator[str]:
    """Yield the texts of a step that may hold placeholders."""
    if isinstance(step, Element):
        yield from step.ways().values()
    if isinstance(step, Popup):
        yield from step.open.ways().values()
    if isinstance(step, Goto):
        yield step.url
    if isinstance(step, Select):
        yield step.template
    elif isinstance(step, Choose):
        yield from (step.name, step.value)
    elif hasattr(step, "value"):
        yield step.value


def _warnings(definition: BotDefinition, path: Path) -> Iterator[str]:
    if not definition.find:
        yield _(
            "{file}: no “find” steps: a filing in doubt will always wait for a person.", file=path
        )
    if definition.login and definition.logged_out is None:
        yield _(
            "{file}: no “logged_out”: a session that expires on the way is not seen.", file=path
        )
    if definition.error is None:
        yield _(
            "{file}: no “error”: a refusal by the target is taken for a page that does not fit.",
            file=path,
        )
    if not any("{key}" in text for step in definition.file for text in texts_of(step)):
        yield _(
            "{file}: no step of “file” writes {{key}}: the filing cannot be found again.", file=path
        )
