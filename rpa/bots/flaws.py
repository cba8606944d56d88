"""Every mistake in a bot's definition in one look, each with its line and what was likely meant."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Literal, get_args

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from rpa.bots.checking import check_alone, check_definition, kinds_alone
from rpa.bots.definition import BotDefinition, FieldSpec, Sign, place_named
from rpa.bots.elements import Element
from rpa.bots.finding_again import approve_bot
from rpa.bots.lines import Lines, Place, read_places
from rpa.bots.looks import Cell
from rpa.bots.steps import Rows, Step, inner_steps, texts_of
from rpa.bots.templates import Placeholders, Row, is_special
from rpa.domain.errors import DefinitionError
from rpa.domain.form import FieldKind
from rpa.domain.model import Value
from rpa.domain.target import CertificateSpec, CircuitSpec, LoginSpec, OpeningHours, TargetSpec
from rpa.i18n import _

SECTIONS: Final = ("login", "file", "find")
_STEP: Final[TypeAdapter[Any]] = TypeAdapter(Step)
_VERBS: Final[Mapping[str, type[BaseModel]]] = {
    get_args(model.model_fields["kind"].annotation)[0]: model
    for model in get_args(get_args(Step)[0])
}
_SECTION_MODELS: Final[Mapping[str, type[BaseModel]]] = {
    "target": TargetSpec,
    "logins": LoginSpec,
    "client_certificate": CertificateSpec,
    "hours": OpeningHours,
    "circuit": CircuitSpec,
    "fields": FieldSpec,
    "logged_out": Sign,
    "logged_in": Sign,
    "error": Sign,
}
_CELLS: Final = frozenset({"reference", "number"})
Kinds = Mapping[str, FieldKind]
Steps = Sequence[tuple[tuple[int | str, ...], Any]]


class BotFlaw(Value):
    """A mistake, or something a person should look at."""

    line: int
    column: int
    severity: Literal["error", "warning"]
    code: str
    place: str
    """Section, step and key, as people count them."""
    message: str

    def told(self, path: Path) -> str:
        """Return it on one line, as compilers write their messages."""
        words = {"error": _("error"), "warning": _("warning")}
        where = f"{path}:{self.line}:{self.column}: {words[self.severity]}"
        return ": ".join(part for part in (where, self.place, self.message) if part)


def flaws_of(path: Path, kinds: Kinds | None = None) -> list[BotFlaw]:
    """Return everything wrong with a bot, in the order of its lines; ``kinds`` are of its form.

    Raises:
        DefinitionError: The file cannot be read.
    """
    found = _written(path, kinds) if path.suffix == ".py" else _declared(path, kinds)
    return sorted(found, key=lambda flaw: (flaw.line, flaw.column))


def _written(path: Path, kinds: Kinds | None) -> list[BotFlaw]:
    try:
        warnings = _checked(path, kinds)
    except DefinitionError as error:
        cause = error.__cause__
        line = cause.lineno if isinstance(cause, SyntaxError) and cause.lineno else 1
        return [_flaw(Place(line), _bare(error.message, path), code=error.reason)]
    return [_flaw(Place(), _bare(text, path), severity="warning") for text in warnings]


def _declared(path: Path, kinds: Kinds | None) -> list[BotFlaw]:
    text = _text(path)
    lines, found = read_places(text)
    flaws = [_flaw(one.place, one.message) for one in found]
    if lines is None:
        return flaws
    said = yaml.safe_load(text)
    flaws += _of_model(said, lines)
    flaws += _of_placeholders(said, lines, kinds)
    if any(flaw.severity == "error" for flaw in flaws):
        return flaws
    try:
        warnings = _checked(path, kinds)
    except DefinitionError as error:
        at = lines.place_of(("file",), key=True)
        return [*flaws, _flaw(at, _bare(error.message, path), code=error.reason)]
    top = lines.place_of(("file",), key=True)
    return flaws + [_flaw(top, _bare(text, path), severity="warning") for text in warnings]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise DefinitionError(
            _("{file} cannot be read: {problem}.", file=path, problem=error.strerror or ""),
            code="bot-file",
        ) from error
    except UnicodeDecodeError as error:
        raise DefinitionError(
            _("{file} is not in UTF-8: byte {place}.", file=path, place=error.start + 1),
            code="bot-yaml",
        ) from error


def _checked(path: Path, kinds: Kinds | None) -> tuple[str, ...]:
    warnings = check_alone(path) if kinds is None else check_definition(path, kinds)
    approve_bot(path)
    return warnings


def _of_model(said: object, lines: Lines) -> Iterator[BotFlaw]:
    try:
        BotDefinition.model_validate(said)
    except ValidationError as error:
        flaws = error.errors(include_url=False, include_input=True)
        places = [flaw["loc"] for flaw in flaws]
        for flaw in flaws:
            if not _follows(flaw, places):
                yield _of_detail(flaw, lines)


def _follows(flaw: ErrorDetails, places: Sequence[tuple[int | str, ...]]) -> bool:
    """Say whether a flaw only follows from one further inside."""
    here = flaw["loc"]
    inner = any(len(one) > len(here) and one[: len(here)] == here for one in places)
    return flaw["type"] == "too_short" and inner


def _of_detail(flaw: ErrorDetails, lines: Lines) -> BotFlaw:
    where = flaw["loc"]
    is_key = flaw["type"] in {"extra_forbidden", "union_tag_invalid"}
    if flaw["type"] == "union_tag_invalid":
        verb = str(flaw.get("ctx", {}).get("tag", ""))
        return _flaw(lines.place_of((*where, verb), key=True), _said(flaw), where)
    return _flaw(lines.place_of(where, key=is_key), _said(flaw), where)


def _said(flaw: ErrorDetails) -> str:
    """Return what is wrong, for a person."""
    last = str(flaw["loc"][-1]) if flaw["loc"] else ""
    if flaw["type"] == "extra_forbidden":
        model = _model_at(flaw["loc"][:-1])
        return _("“{key}” is no key here.", key=last) + _meant(last, _keys(model))
    if flaw["type"] == "union_tag_invalid":
        verb = str(flaw.get("ctx", {}).get("tag", ""))
        return _("“{verb}” is no step.", verb=verb) + _meant(verb, list(_VERBS))
    return _shape(flaw["type"], last) or re.sub(r"^Value error, ", "", flaw["msg"])


def _shape(kind: str, key: str) -> str | None:
    mapping, listed = (
        _("Keys with values are wanted here."),
        _("A list is wanted here: each entry begins with “- ”."),
    )
    words = {
        "missing": _("“{key}” is missing.", key=key),
        "string_type": _("A text is wanted here; put it in quotes."),
        "model_type": mapping,
        "dict_type": mapping,
        "tuple_type": listed,
        "list_type": listed,
    }
    return words.get(kind)


def _meant(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return " " + _("Did you mean “{word}”?", word=close[0]) if close else ""


def _model_at(location: Sequence[int | str]) -> type[BaseModel]:
    """Return the model whose keys stand at ``location``."""
    if not location:
        return BotDefinition
    if location[0] in SECTIONS:
        last = str(location[-1])
        return _VERBS.get(last) or (Cell if last in _CELLS else Element)
    named = [_SECTION_MODELS[str(part)] for part in location if part in _SECTION_MODELS]
    return named[-1] if named else BotDefinition


def _keys(model: type[BaseModel]) -> list[str]:
    fields = model.model_fields.items()
    return [field.alias or name for name, field in fields if name != "kind"]


def _of_placeholders(said: object, lines: Lines, kinds: Kinds | None) -> Iterator[BotFlaw]:
    """Check the placeholders of every step that is right by itself."""
    steps = list(_right_steps(said))
    own_kinds = _kinds(said, [step for _where, step in steps])
    known = Placeholders(own_kinds if kinds is None else kinds)
    if kinds is None and isinstance(said, dict) and isinstance(said.get("fields"), dict):
        yield from _undeclared(steps, list(map(str, said["fields"])), lines)
    for where, step in steps:
        try:
            rows = {step.table: known.rows(step.table)} if isinstance(step, Rows) else {}
        except DefinitionError:
            continue
        row = next((Row(table, numbers[0]) for table, numbers in rows.items() if numbers), None)
        for own, inner in ((None, step), *((row, one) for one in inner_steps(step))):
            yield from _of_texts(inner, known, own, where, lines)


def _of_texts(
    step: Any, known: Placeholders, row: Row | None, where: tuple[int | str, ...], lines: Lines
) -> Iterator[BotFlaw]:
    for template in texts_of(step):
        try:
            known.check(template, row)
        except DefinitionError as error:
            said = error.message + _field_meant(template, known.kinds)
            yield _flaw(lines.scalar(where, template), said, (*where, step.kind))


def _field_meant(template: str, kinds: Kinds) -> str:
    """Return which field was likely meant by the first one that is unknown."""
    names = re.findall(r"\{([^{}.:]+)", template)
    lost = [name for name in names if name not in kinds and not is_special(name)]
    return _meant(lost[0], list(kinds)) if lost else ""


def _undeclared(steps: Steps, declared: Sequence[str], lines: Lines) -> Iterator[BotFlaw]:
    """Point at names that look like a declared field misspelt."""
    for where, step in steps:
        for template in (text for one in (step, *inner_steps(step)) for text in texts_of(one)):
            for name in re.findall(r"\{([^{}.:]+)", template):
                if name not in declared and get_close_matches(name, declared, n=1, cutoff=0.75):
                    said = _("“{name}” is not declared under fields.", name=name)
                    place = lines.scalar(where, template)
                    said += _meant(name, declared)
                    yield _flaw(place, said, (*where, step.kind), severity="warning")


def _right_steps(said: object) -> Iterator[tuple[tuple[int | str, ...], Any]]:
    for section in SECTIONS:
        listed = said.get(section) if isinstance(said, dict) else None
        for number, one in enumerate(listed if isinstance(listed, list) else ()):
            try:
                yield (section, number), _STEP.validate_python(one)
            except ValidationError:
                continue


def _kinds(said: object, steps: Sequence[Any]) -> dict[str, FieldKind]:
    """Return the kinds of a bot without a form, as far as it can be read."""
    listed = said.get("fields") if isinstance(said, dict) else None
    fields = {}
    for name, one in (listed if isinstance(listed, dict) else {}).items():
        try:
            fields[str(name)] = FieldSpec.model_validate(one)
        except ValidationError:
            fields[str(name)] = FieldSpec()
    try:
        return kinds_alone(BotDefinition.model_construct(fields=fields, file=tuple(steps)))
    except DefinitionError:  # a single brace somewhere: told where it stands
        return {name: spec.kind for name, spec in fields.items()}


def _flaw(
    place: Place,
    message: str,
    where: tuple[int | str, ...] = (),
    *,
    severity: Literal["error", "warning"] = "error",
    code: str = "bot-definition",
) -> BotFlaw:
    return BotFlaw(
        line=place.line,
        column=place.column,
        severity=severity,
        code=code,
        place=place_named(where),
        message=message,
    )


def _bare(message: str, path: Path) -> str:
    return message.removeprefix(f"{path}: ")
