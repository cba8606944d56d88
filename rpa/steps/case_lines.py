"""Cases from a list: a file of JSON lines, one case a line, checked before anything is filed.

A line is ``{"case": …, "key": …, "fields": {…}, "files": {…}}`` or a flat object of fields. A case
is known again by its ``case``; a line without one by its content and by how many equal lines stand
before it, so that two equal lines are two cases.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from rpa.domain.errors import BusinessError, NotFoundError
from rpa.domain.form import FieldDefinition, FieldKind
from rpa.domain.geometry import Box
from rpa.domain.ledger import canonical
from rpa.domain.model import Bilingual, Digest, Value
from rpa.domain.problem_words import problem_words
from rpa.domain.reading import FieldValue
from rpa.i18n import _

RESERVED: Final = frozenset({"case", "id", "key", "files"})
"""Names in a flat line that are no fields, unless the bot knows fields of these names."""
LONGEST: Final = 200
_NOWHERE: Final = Box(x0=0, y0=0, x1=1, y1=1)


class HandedFile(Value):
    """A file that a line names, as it was when the line was read."""

    path: Path
    digest: Digest


class CaseLine(Value):
    """A line that can be filed."""

    line: int
    case: str
    key: str
    values: Mapping[str, str]
    """Canonical texts by field name."""
    files: Mapping[str, HandedFile] = {}
    digest: Digest
    """Of what the line says, its files included, as it was written."""


class BadLine(Value):
    """A line that cannot be filed, and why."""

    line: int
    case: str = ""
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class LineRules:
    """What a bot wants of a line."""

    kinds: Mapping[str, FieldKind]
    check: Callable[[FieldDefinition, str], FieldValue]
    """Makes the canonical text of a value."""
    required: frozenset[str] = frozenset()
    is_closed: bool = True
    """A field that ``kinds`` does not hold is an error, and not a text."""


def read_lines(path: Path, rules: LineRules) -> Iterator[CaseLine | BadLine]:
    """Yield every line of a file that is not empty, good or bad, in its order.

    Raises:
        NotFoundError: The file cannot be read.
    """
    seen: Counter[Digest] = Counter()
    first: dict[str, int] = {}
    for number, text in enumerate(_texts(path), start=1):
        if not text.strip():
            continue
        case = ""
        try:
            said = _object(text)
            case = _case_of(said, rules)
            read = _line(number, said, case, path.parent, rules)
        except BusinessError as error:
            yield BadLine(
                line=number,
                case=case,
                code=error.reason,
                message=_("Line {line}: {what}", line=number, what=error.message),
            )
            continue
        seen[read.digest] += 1
        yield _named(read, first) if case else _numbered(read, seen[read.digest], said)


def _texts(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise NotFoundError(
            _("{file} cannot be read: {cause}.", file=path, cause=error.strerror)
        ) from error
    except UnicodeDecodeError as error:
        raise NotFoundError(_("{file} is not in UTF-8.", file=path)) from error


def _object(text: str) -> dict[str, Any]:
    try:
        # Numbers stay as they are written: 1234.50 is no 1234.5, and 007 no 7.
        said = json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=_pairs)
    except json.JSONDecodeError as error:
        raise BusinessError(
            _("no JSON at column {column}: {cause}.", column=error.colno, cause=error.msg),
            code="no-json",
        ) from None  # it quotes the line
    except RecursionError:
        raise BusinessError(_("nested too deeply."), code="no-json") from None
    if not isinstance(said, dict):
        raise BusinessError(_("a case is an object in braces."), code="no-json")
    return said


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) < len(pairs):
        names = Counter(name for name, _value in pairs)
        twice = next(name for name, count in names.items() if count > 1)
        raise BusinessError(_("“{name}” is said twice.", name=twice), code="said-twice")
    return said


def _is_flat(said: Mapping[str, Any]) -> bool:
    return not isinstance(said.get("fields"), dict)


def _case_of(said: Mapping[str, Any], rules: LineRules) -> str:
    """Return the case's own number; empty where the line has none."""
    for name in ("case", "id"):
        is_field = name == "id" and _is_flat(said) and name in rules.kinds
        if name in said and said[name] is not None and not is_field:
            return _short(name, said[name])
    return ""


def _short(name: str, said: Any) -> str:
    if not isinstance(said, str) or not said.strip() or len(said) > LONGEST or "\0" in said:
        raise BusinessError(
            _("“{name}” must be a text of 1 to {most} characters.", name=name, most=LONGEST),
            code="case-name",
        )
    return said.strip()


def _line(
    number: int, said: Mapping[str, Any], case: str, folder: Path, rules: LineRules
) -> CaseLine:
    values = _values(dict(_fields(said, rules)), rules)
    files = _files(said, folder)
    key = _short("key", said["key"]) if said.get("key") is not None else ""
    told = {"said": said, "files": {name: file.digest for name, file in files.items()}}
    return CaseLine(
        line=number,
        case=case,
        key=key or case,
        values=values,
        files=files,
        digest=_digest(told),
    )


def _digest(told: object) -> Digest:
    try:
        return Digest(hashlib.sha256(canonical(told).encode()).hexdigest())
    except UnicodeEncodeError:
        raise BusinessError(
            _("half of a character (a lone surrogate) is no text."), code="not-text"
        ) from None  # it quotes the line


def _fields(said: Mapping[str, Any], rules: LineRules) -> Iterator[tuple[str, str]]:
    """Yield the fields of a line as texts; rows of a table become ``table.row.column``."""
    if _is_flat(said):
        inside: Any = {
            name: value
            for name, value in said.items()
            if name not in RESERVED or (name == "id" and name in rules.kinds and "case" in said)
        }
    else:
        inside = said["fields"]
        strange = set(said) - RESERVED - {"fields"}
        if strange:
            raise _unknown(min(strange))
    for name, value in inside.items():
        yield from _texts_of(name, value)


def _texts_of(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    if isinstance(value, bool):
        yield name, "true" if value else "false"
    elif isinstance(value, str):
        yield name, value
    elif isinstance(value, list) and all(isinstance(row, dict) for row in value):
        for number, row in enumerate(value, start=1):
            for column, cell in row.items():
                yield from _texts_of(f"{name}.{number}.{column}", cell)
    else:
        raise BusinessError(
            _("the field {field} is neither a text nor a table.", field=name), code="field-shape"
        )


def _values(texts: Mapping[str, str], rules: LineRules) -> dict[str, str]:
    values = {}
    for name, text in texts.items():
        if rules.is_closed and name not in rules.kinds:
            raise _unknown(name)
        if text.strip():
            values[name] = _canonical(name, text, rules)
    lost = sorted(rules.required - set(values))
    if lost:
        raise BusinessError(
            _("the field {field} has no value.", field=lost[0]), code="missing-value"
        )
    return values


def _unknown(name: str) -> BusinessError:
    return BusinessError(
        _("the bot knows no field {field}.", field=name[:LONGEST]), code="unknown-field"
    )


def _canonical(name: str, text: str, rules: LineRules) -> str:
    kind = rules.kinds.get(name, FieldKind.TEXT)
    if kind is FieldKind.TEXT:
        return text  # as it was written: nothing is known of it
    found = rules.check(_asked(kind), text)
    if found.value is None or found.problems:
        problem = found.problems[0] if found.problems else "unreadable"
        raise BusinessError(
            _("the field {field}: {problem}.", field=name, problem=problem_words(problem)),
            code=f"value-{problem}",
        )
    return found.value


@cache
def _asked(kind: FieldKind) -> FieldDefinition:
    """Return a field of ``kind``, of which a list says nothing else."""
    label = Bilingual(fr="", en="")
    return FieldDefinition(name="value", label=label, kind=kind, zone=_NOWHERE, required=False)


def _files(said: Mapping[str, Any], folder: Path) -> dict[str, HandedFile]:
    named = said.get("files") or {}
    if not isinstance(named, dict) or not all(isinstance(path, str) for path in named.values()):
        raise BusinessError(
            _("“files” says a path for each name, such as {“document”: “a.pdf”}."),
            code="field-shape",
        )
    return {name: _file(name, folder / path) for name, path in named.items()}


def _file(name: str, path: Path) -> HandedFile:
    try:
        with path.open("rb") as file:
            digest = Digest(hashlib.file_digest(file, "sha256").hexdigest())
    except (OSError, ValueError) as error:
        raise BusinessError(
            _(
                "the file “{name}” ({path}) cannot be read: {cause}.",
                name=name,
                path=path,
                cause=getattr(error, "strerror", None) or type(error).__name__,
            ),
            code="missing-file",
        ) from None
    return HandedFile(path=path.resolve(), digest=digest)


def _named(read: CaseLine, first: dict[str, int]) -> CaseLine | BadLine:
    """Return a line with a number of its own, which no line before it may have."""
    before = first.setdefault(read.case, read.line)
    if before == read.line:
        return read
    said = _("Line {line}: the case stands on line {first}, too.", line=read.line, first=before)
    return BadLine(line=read.line, case=read.case, code="case-twice", message=said)


def _numbered(read: CaseLine, occurrence: int, said: Mapping[str, Any]) -> CaseLine:
    """Return a line without a number, known by its content and its place among equal lines."""
    case = f"{read.digest[:16]}-{occurrence}"
    key = read.key if said.get("key") is not None else case
    return read.model_copy(update={"case": case, "key": key})
