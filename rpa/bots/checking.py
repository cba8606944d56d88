"""Does a ``bot.yaml`` fit its form? Asked by ``rpa process check``, and before each run."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from rpa.bots.definition import BotDefinition, load_definition, place_named
from rpa.bots.steps import Rows, inner_steps, texts_of
from rpa.bots.templates import READ, Placeholders, Row, is_special, places
from rpa.bots.written import load_written
from rpa.domain.errors import DefinitionError
from rpa.domain.form import FieldKind
from rpa.domain.model import Value
from rpa.i18n import _


def check_definition(path: Path, kinds: Mapping[str, FieldKind]) -> tuple[str, ...]:
    """Check a bot against the fields of its form, and return warnings for a person.

    Raises:
        DefinitionError: The definition is wrong or names a field that the form does not have.
    """
    definition = _loaded(path)
    check_fits(definition, kinds, path=path)
    return tuple(_warnings(definition, path))


def _loaded(path: Path) -> BotDefinition:
    return load_written(path)[1] if path.suffix == ".py" else load_definition(path)


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


def _check_step(step: Value, known: Placeholders, *, row: Row | None) -> None:
    for template in texts_of(step):
        known.check(template, row)
    if isinstance(step, Rows):
        numbers = known.rows(step.table)
        if not numbers:
            raise DefinitionError(
                _("The form has no table “{table}”.", table=step.table), code="no-table"
            )
        row = Row(step.table, numbers[0])
    for inner in inner_steps(step):
        _check_step(inner, known, row=row)


def _warnings(definition: BotDefinition, path: Path) -> Iterator[str]:
    if not definition.is_searchable and definition.doubt == "find":
        yield _(
            "{file}: no “find” steps: a filing in doubt will always wait for a person.", file=path
        )
    if definition.login and not definition.logged_out:
        yield _(
            "{file}: no “logged_out”: a session that expires on the way is not seen.", file=path
        )
    if not definition.error:
        yield _(
            "{file}: no “error”: a refusal by the target is taken for a page that does not fit.",
            file=path,
        )
    if definition.find and definition.hits().knows_key and not _writes_key(definition):
        yield _(
            "{file}: no step of “file” writes {{key}}: the filing cannot be found again.", file=path
        )


def _writes_key(definition: BotDefinition) -> bool:
    written = (text for step in definition.file for text in _all_texts(step))
    return any("{key" in text for text in written)


def _all_texts(step: Value) -> Iterator[str]:
    yield from texts_of(step)
    for inner in inner_steps(step):
        yield from texts_of(inner)


def check_alone(path: Path) -> tuple[str, ...]:
    """Check a bot that has no form: its fields are those it declares and names.

    Returns warnings for a person.

    Raises:
        DefinitionError: The definition is wrong.
    """
    definition = _loaded(path)
    check_fits(definition, kinds_alone(definition), path=path)
    return tuple(_warnings(definition, path))


def kinds_alone(definition: BotDefinition) -> dict[str, FieldKind]:
    """Return the kinds of the fields of a bot that has no form: text, where none is declared."""
    kinds = {name: spec.kind for name, spec in definition.fields.items()}
    for step in definition.all_steps():
        for template in texts_of(step):
            for name in places(template):
                base = name.partition(":")[0]
                if is_special(base) or base.startswith((READ, "row")):
                    continue
                if base.split(".")[0] not in kinds and base not in kinds:
                    kinds[base.split(".")[0]] = FieldKind.TEXT
    return kinds
