"""The case that the clerk keys while being recorded: its fields, and the shapes of their values."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from rpa.bots.views import ascii_text, names_of, view_of
from rpa.domain.errors import DefinitionError
from rpa.domain.form import FieldKind
from rpa.i18n import _

SAMPLE_KEY: Final = "ESSAI-0001"
"""What the clerk types where the target has a place for a reference."""
UNRECORDED: Final = frozenset({"urlencoded", "cents", "whole"})
"""Views that a typed text alone does not prove."""
_WORDS: Final = re.compile(r"[^\W_]+")
_SHAPES: Final[tuple[tuple[FieldKind, str], ...]] = (
    (FieldKind.DATE, r"\d{4}-\d\d-\d\d"),
    (FieldKind.AMOUNT, r"-?\d{1,3}(?:[  \u202f]?\d{3})*[.,]\d\d"),
    (FieldKind.CHECKBOX, r"true|false"),
    (FieldKind.PHONE, r"\+\d{8,15}(;ext=\d+)?"),
    (FieldKind.POSTAL_CODE, r"[A-Z]\d[A-Z] \d[A-Z]\d"),
    (FieldKind.EMAIL, r"[^@\s]+@[^@\s]+\.[^@\s]+"),
)


def folded(text: str) -> str:
    """Return the letters and digits of ``text``, whatever its case, accents and signs."""
    return " ".join(_WORDS.findall(ascii_text(text).casefold()))


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to write a field's value."""

    field: str
    view: str
    """Empty for the canonical text."""
    text: str

    @property
    def place(self) -> str:
        """The placeholder."""
        return f"{{{self.field}.{self.view}}}" if self.view else f"{{{self.field}}}"


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample case."""

    values: Mapping[str, str]
    kinds: Mapping[str, FieldKind]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    """Names of the case's files, such as ``document``."""
    key: str = SAMPLE_KEY

    def shapes(self, name: str) -> Iterator[Shape]:
        """Yield every way to write a field's value, the canonical text first."""
        value = self.values[name]
        yield Shape(name, "", value)
        kind = self.kinds[name]
        for view in (one for one in names_of(kind) if one not in UNRECORDED):
            made = view_of(kind, view)
            try:
                text = made(value) if made else ""
            except ValueError:
                continue
            if text and text != value:
                yield Shape(name, view, text)

    def filled(self, *kinds: FieldKind) -> Iterator[str]:
        """Yield the names of fields that have a value, of ``kinds`` only where some are given."""
        for name, value in self.values.items():
            if value and (not kinds or self.kinds[name] in kinds):
                yield name

    def affinity(self, name: str, *told: str) -> float:
        """Say from 0 to 1 how much a field's name and labels have in common with ``told``."""
        last = name.rpartition(".")[2]
        mine = [folded(text) for text in (*self.labels.get(name, ()), last) if text]
        theirs = [folded(text) for text in told if text]
        return max((_likeness(a, b) for a in mine for b in theirs), default=0.0)

    def dates(self) -> Iterator[tuple[str, date]]:
        """Yield the dates among the fields."""
        for name in self.filled(FieldKind.DATE):
            yield name, date.fromisoformat(self.values[name])


def _likeness(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    mine, theirs = set(one.split()), set(other.split())
    shared = {a for a in mine for b in theirs if _is_alike(a, b)}
    score = 2 * len(shared) / (len(mine) + len(theirs))
    return min(score, 0.95)


def _is_alike(one: str, other: str) -> bool:
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    short = min(len(one), len(other))
    alike = short if shared is None else shared
    return one == other or (alike >= 4 and alike >= short - 2)


def read_sample(path: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the values and the names of the files of a case: a JSON object, or a line of them.

    Raises:
        DefinitionError: It cannot be read, or is no object.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8"), parse_float=str, parse_int=str)
    except (OSError, ValueError) as exc:
        raise DefinitionError(_("{file} is no JSON.", file=path), code="not-json") from exc
    if not isinstance(said, dict):
        raise DefinitionError(
            _("{file} must hold fields and their values.", file=path), code="not-json"
        )
    fields = said.get("fields")
    inside = fields if isinstance(fields, dict) else said
    files = said.get("files")
    values = {name: one for name, one in inside.items() if name not in {"case", "key", "files"}}
    return flat(values), tuple(files) if isinstance(files, dict) else ()


def with_canonical_amounts(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values with amounts such as ``1 234,50`` as ``1234.50``."""
    return {
        name: re.sub(r"\s", "", text).replace(",", ".")
        if _kind_of(text) is FieldKind.AMOUNT
        else text
        for name, text in values.items()
    }


def kinds_of(values: Mapping[str, str]) -> dict[str, FieldKind]:
    """Guess the kinds of values that no form declares."""
    return {name: _kind_of(value) for name, value in values.items()}


def _kind_of(value: str) -> FieldKind:
    fitting = (kind for kind, shape in _SHAPES if re.fullmatch(shape, value))
    return next(fitting, FieldKind.TEXT)


def flat(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return values by field name; a list of rows becomes ``table.row.column``, rows from 1."""
    values: dict[str, str] = {}
    for name, said in raw.items():
        if isinstance(said, list):
            for number, row in enumerate(said, start=1):
                cells = flat(row) if isinstance(row, dict) else {"": _text(row)}
                values |= {f"{name}.{number}.{column}": text for column, text in cells.items()}
        else:
            values[name] = _text(said)
    return values


def _text(said: Any) -> str:
    if isinstance(said, bool):
        return "true" if said else "false"
    return "" if said is None else str(said)
