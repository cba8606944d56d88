"""Placeholders: how a value is put into the shape a target wants.

``{field}`` is the value's canonical text, ``{field.view}`` another shape of it, and several views
follow one another: ``{nom.ascii.upper}``. ``{date:DD/MM/YYYY}`` writes a date as the target wants
it. In a table's steps, ``{row}`` is the row's number and ``{row.column}`` a cell. ``{read.name}``
is what a step read. ``{{`` and ``}}`` are plain braces. There is no other syntax.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from rpa.bots.api import FilingRequest
from rpa.bots.one_time import one_time_code
from rpa.bots.views import View, dated, is_date_format, names_of, view_of
from rpa.domain.errors import DefinitionError, TargetRefusedError
from rpa.domain.form import FieldKind
from rpa.i18n import _

_PLACE: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")

SPECIAL: Final = frozenset({"key", "url", "username", "password", "totp"})
"""Names that stand for the filing key and the target's address and credentials."""
READ: Final = "read."


def places(template: str) -> Iterator[str]:
    """Yield the names in braces, in order.

    Raises:
        DefinitionError: A brace stands alone.
    """
    for found in _PLACE.finditer(template):
        if found[0] in {"{", "}"}:
            raise DefinitionError(
                _(
                    "“{template}” has a single brace: write {{{{ or }}}} for a plain one.",
                    template=template,
                ),
                code="placeholder",
            )
        if found[1] is not None:
            yield found[1]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table of answers, while its steps run."""

    table: str
    number: int


@dataclass(frozen=True, slots=True)
class Placeholders:
    """What the placeholders of a definition may name, by the kinds of the form's fields."""

    kinds: Mapping[str, FieldKind]

    def columns(self, table: str) -> frozenset[str]:
        """Return the columns of a table; empty where the form has no such table."""
        cells = (name.split(".") for name in self.kinds if name.startswith(f"{table}."))
        return frozenset(cell[2] for cell in cells if len(cell) == 3)

    def rows(self, table: str) -> tuple[int, ...]:
        """Return the numbers of a table's rows, in order."""
        cells = (name.split(".") for name in self.kinds if name.startswith(f"{table}."))
        return tuple(sorted({int(cell[1]) for cell in cells if len(cell) == 3}))

    def resolve(self, name: str, row: Row | None = None) -> tuple[str, View]:
        """Return the field that ``name`` stands for and the view to look at it through.

        Raises:
            DefinitionError: There is no such field, or its kind has no such view.
        """
        name, _colon, pattern = name.partition(":")
        full = name
        if row is not None and name.startswith("row."):
            full = f"{row.table}.{row.number}.{name.removeprefix('row.')}"
        field_name, views = self._split(full, name)
        kind = self.kinds[field_name]
        view = _chained(tuple(_known_view(kind, one, full) for one in views))
        if not pattern:
            return field_name, view
        if kind not in {FieldKind.DATE, FieldKind.TEXT} or not is_date_format(pattern):
            raise DefinitionError(
                _("“{{{name}:{format}}}” is no date and its format.", name=name, format=pattern),
                code="placeholder",
            )
        return field_name, dated(pattern)

    def _split(self, full: str, said: str) -> tuple[str, tuple[str, ...]]:
        """Return the longest field that ``full`` begins with, and the views that follow it."""
        parts = full.split(".")
        for length in range(len(parts), 0, -1):
            if (name := ".".join(parts[:length])) in self.kinds:
                return name, tuple(parts[length:])
        raise DefinitionError(
            _("“{{{name}}}”: the form has no such field.", name=said), code="placeholder"
        )

    def check(self, template: str, row: Row | None = None) -> None:
        """Say nothing where every placeholder of ``template`` is known.

        Raises:
            DefinitionError: One is not.
        """
        for name in places(template):
            is_row = row is not None and name in {"row", "row0"}
            if is_special(name):
                special_view(name)
            elif not is_row and not name.startswith(READ):
                self.resolve(name, row)


def is_special(name: str) -> bool:
    """Say whether a placeholder stands for the key, the address or the log-in, in some view."""
    return name.partition(".")[0] in SPECIAL


def special_view(name: str) -> View:
    """Return the view of a special placeholder, such as ``{key.urlencoded}``.

    Raises:
        DefinitionError: There is no such view.
    """
    views = name.split(".")[1:]
    return _chained(tuple(_known_view(FieldKind.TEXT, one, name) for one in views))


def _known_view(kind: FieldKind, view: str, full: str) -> View:
    known = view_of(kind, view)
    if known is None:
        raise DefinitionError(
            _(
                "“{{{name}}}”: the kind {kind} has no view “{view}”; it has: {views}.",
                name=full,
                kind=kind,
                view=view,
                views=", ".join(names_of(kind)),
            ),
            code="placeholder",
        )
    return known


def _chained(views: tuple[View, ...]) -> View:
    def view(text: str) -> str:
        for one in views:
            text = one(text)
        return text

    return view


def mapped(
    text: str,
    table: Mapping[str, str] | str | None,
    tables: Mapping[str, Mapping[str, str]],
    template: str,
) -> str:
    """Return what a code table makes of ``text``; without a table, ``text`` itself.

    Raises:
        TargetRefusedError: The table lacks the text; names the template, not the value.
    """
    codes = tables[table] if isinstance(table, str) else table
    if codes is None or not text:
        return text
    if text not in codes:
        said = _("The map of “{template}” lacks the field's value.", template=template)
        raise TargetRefusedError(said, code="map")
    return codes[text]


@dataclass(frozen=True, slots=True)
class Texts:
    """Fills the placeholders of one filing."""

    request: FilingRequest
    row: Row | None = None
    read: dict[str, str] = field(default_factory=dict)
    """What steps have read so far, by the names they gave it."""
    known: Placeholders = field(init=False)

    def __post_init__(self) -> None:
        """Know the names of the request's form."""
        object.__setattr__(self, "known", Placeholders(self.request.kinds))

    def for_row(self, table: str, number: int) -> "Texts":
        """Return the texts of one row of a table."""
        return Texts(self.request, Row(table, number), self.read)

    def filled_rows(self, table: str) -> tuple[int, ...]:
        """Return the numbers of the rows that have a value."""
        return tuple(
            number
            for number in self.known.rows(table)
            if any(
                self.request.values.get(f"{table}.{number}.{column}")
                for column in self.known.columns(table)
            )
        )

    def text(self, template: str) -> str:
        """Return ``template`` with its placeholders filled; a missing value is empty.

        Raises:
            DefinitionError: A placeholder is unknown, or a value is not canonical for its kind.
        """
        list(places(template))
        return _PLACE.sub(self._filled, template)

    def _filled(self, found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][0]
        special = self._special(found[1])
        if special is not None:
            return special
        name, view = self.known.resolve(found[1], self.row)
        value = self.request.values.get(name, "")
        try:
            return view(value) if value else ""
        except ValueError:
            raise TargetRefusedError(
                _("The value of the field {field} is not as its kind demands.", field=name),
                code="value-not-canonical",
            ) from None  # the cause quotes the value

    def _special(self, name: str) -> str | None:
        if is_special(name):
            said = self._told(name.partition(".")[0])
            return special_view(name)(said)
        if name.startswith(READ):
            return self._was_read(name.removeprefix(READ))
        if self.row is not None:
            return {"row": str(self.row.number), "row0": str(self.row.number - 1)}.get(name)
        return None

    def _told(self, name: str) -> str:
        target = self.request.target
        texts = {
            "key": self.request.key,
            "url": target.url.rstrip("/"),
            "username": target.username,
            "password": target.password,
        }
        return one_time_code(target.totp) if name == "totp" else texts[name]

    def _was_read(self, name: str) -> str:
        if name not in self.read:
            raise DefinitionError(
                _("“{{read.{name}}}” is used before a step reads it.", name=name),
                code="placeholder",
            )
        return self.read[name]
