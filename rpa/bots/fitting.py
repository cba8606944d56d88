"""Do a case's values fit what the target takes? Asked before its form is opened."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from rpa.bots.acts import Check, Choose, Date, Fill, Select, Taken, Upload
from rpa.bots.definition import BotDefinition, FieldSpec, place_named
from rpa.bots.steps import Rows, Step, texts_of
from rpa.bots.templates import READ, Texts, is_special, mapped, places
from rpa.domain.errors import DefinitionError, RpaError, TargetRefusedError
from rpa.i18n import _

TICKED: Final = frozenset({"true", "false", ""})


def check_values(definition: BotDefinition, texts: Texts) -> None:
    """Say nothing where the target can take every value of the case.

    Raises:
        TargetRefusedError: A value is missing, too long, has a character that the target lacks, or
            is not in a code table; names the field, never the value.
        DefinitionError: A placeholder is wrong.
    """
    for name, spec in definition.fields.items():
        _check_field(name, spec, texts.request.values.get(name, ""))
    for section in ("file", "find"):
        for number, step in enumerate(getattr(definition, section)):
            place: tuple[int | str, ...] = (section, number, step.kind)
            for own, inner in _spread(step, texts):
                try:
                    _check_step(definition, inner, own)
                except RpaError as exc:
                    said = f"{place_named(place)}: {exc.message}"
                    raise type(exc)(said, code=exc.reason) from exc


def _spread(step: Step, texts: Texts) -> Iterator[tuple[Texts, Step]]:
    yield texts, step
    if isinstance(step, Rows):
        for row in texts.filled_rows(step.table):
            for inner in step.steps:
                yield texts.for_row(step.table, row), inner


def _check_field(name: str, spec: FieldSpec, value: str) -> None:
    if not value:
        if spec.required:
            raise _refused("missing-value", _("The field {field} has no value.", field=name))
        return
    if spec.max is not None and len(value) > spec.max:
        raise _too_long(_("the field {field}", field=name), len(value), spec.max)
    if spec.allowed is not None and not re.fullmatch(spec.allowed, value):
        raise _not_allowed(_("the field {field}", field=name))


def _check_step(definition: BotDefinition, step: Step, texts: Texts) -> None:
    if any(name.startswith(READ) for text in texts_of(step) for name in places(text)):
        return  # what a step will read is not known yet
    if isinstance(step, Upload):
        _check_file(step, texts)
    if isinstance(step, Date):
        _check_date(step, texts)
    if isinstance(step, Check) and texts.text(step.value) not in TICKED:
        said = _("“{template}” is neither true nor false.", template=step.value)
        raise DefinitionError(said, code="not-a-check-box")
    if not isinstance(step, Fill | Select | Choose):
        return
    template = template_of(step)
    text = mapped(texts.text(template), step.map, definition.tables, template)
    _check_taken(step, template, text)
    _check_encoding(definition, template, text)


def template_of(step: Fill | Select | Choose) -> str:
    """Return the template of what a step puts into the page."""
    return step.template if isinstance(step, Select) else step.value or ""


def _check_taken(step: Taken, template: str, text: str) -> None:
    if step.max is not None and len(text) > step.max:
        raise _too_long(f"“{template}”", len(text), step.max)
    if step.allowed is not None and text and not re.fullmatch(step.allowed, text):
        raise _not_allowed(f"“{template}”")


def _check_encoding(definition: BotDefinition, template: str, text: str) -> None:
    if definition.encoding is None or all(
        is_special(name) and not name.startswith("key") for name in places(template)
    ):
        return
    try:
        text.encode(definition.encoding)
    except UnicodeEncodeError as exc:
        said = _(
            "Character {number} of “{template}” (U+{code}) is not in the target's character set "
            "{encoding}.",
            number=exc.start + 1,
            template=template,
            code=f"{ord(text[exc.start]):04X}",
            encoding=definition.encoding,
        )
        raise _refused("not-in-character-set", said) from None  # the cause quotes the value


def _check_date(step: Date, texts: Texts) -> None:
    text = texts.text(step.value)
    try:
        if text:
            date.fromisoformat(text)
    except ValueError:
        said = _("“{template}” is no date (YYYY-MM-DD).", template=step.value)
        raise _refused("not-a-date", said) from None  # the cause quotes the value


def _check_file(step: Upload, texts: Texts) -> None:
    path = texts.request.files.get(step.file)
    if path is None and step.optional:
        return
    if path is None or not path.is_file():
        said = _("The case has no file “{file}”.", file=step.file)
        raise _refused("missing-file", said)


def _too_long(what: str, length: int, most: int) -> TargetRefusedError:
    said = _(
        "{what} has {length} characters; the target takes {most}.",
        what=what,
        length=length,
        most=most,
    )
    return _refused("too-long", said)


def _not_allowed(what: str) -> TargetRefusedError:
    return _refused("not-allowed", _("{what} is not as the target wants it.", what=what))


def _refused(code: str, said: str) -> TargetRefusedError:
    return TargetRefusedError(said, code=code)
