"""Placeholders: how a value is put into the shape a target wants.

``{field}`` is the value's canonical text, ``{field.view}`` another shape of it. In a table's steps,
``{row}`` is the row's number and ``{row.column}`` a cell. ``{{`` and ``}}`` are plain braces.
There is no other syntax.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from rpa.bots.api import FilingRequest
from rpa.domain.errors import DefinitionError
from rpa.domain.form import FieldKind
from rpa.i18n import _

View = Callable[[str], str]

_PLACE: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_LIGATURES: Final = str.maketrans(
    {
        "œ": "oe",
        "Œ": "OE",
        "æ": "ae",
        "Æ": "AE",
        "’": "'",
        "‘": "'",
        "–": "-",
        "—": "-",
        "\xa0": " ",
    }
)

SPECIAL: Final = frozenset({"key", "url", "username", "password"})
"""Names that stand for the filing key and the target's address and credentials."""


def ascii_text(text: str) -> str:
    """Return ``text`` without accents, for targets that know none."""
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return plain.encode("ascii", "ignore").decode("ascii")


def _digits(phone: str) -> str:
    phone = phone.partition(";ext=")[0]
    found = "".join(filter(str.isdigit, phone))
    return found[1:] if phone.startswith("+1") and len(found) == 11 else found


def _national(phone: str) -> str:
    found = _digits(phone)
    number, _semicolon, extension = phone.partition(";ext=")
    national = f"{found[:3]} {found[3:6]}-{found[6:]}" if phone.startswith("+1") else number
    return f"{national} x{extension}" if extension else national


_EVERY: Final[Mapping[str, View]] = {"upper": str.upper, "ascii": ascii_text}
_DATE: Final[Mapping[str, View]] = {
    "day": lambda text: str(date.fromisoformat(text).day),
    "month": lambda text: str(date.fromisoformat(text).month),
    "year": lambda text: f"{date.fromisoformat(text).year:04d}",
    "day2": lambda text: f"{date.fromisoformat(text).day:02d}",
    "month2": lambda text: f"{date.fromisoformat(text).month:02d}",
    "iso": lambda text: date.fromisoformat(text).isoformat(),
    "fr": lambda text: f"{date.fromisoformat(text):%d/%m/%Y}",
}
_NUMBER: Final[Mapping[str, View]] = {"plain": str, "comma": lambda text: text.replace(".", ",")}
_POSTAL: Final[Mapping[str, View]] = {
    "compact": lambda text: text.replace(" ", ""),
    "first": lambda text: text[:3],
    "last": lambda text: text[-3:],
}
_COMPACT: Final[Mapping[str, View]] = {"digits": lambda text: re.sub(r"\D", "", text)}
_SIN: Final[Mapping[str, View]] = {"spaced": lambda text: f"{text[:3]} {text[3:6]} {text[6:]}"}

VIEWS: Final[Mapping[FieldKind, Mapping[str, View]]] = {
    FieldKind.TEXT: _EVERY,
    FieldKind.NAME: _EVERY,
    FieldKind.ADDRESS: _EVERY,
    FieldKind.DATE: _DATE,
    FieldKind.TIME: {},
    FieldKind.INTEGER: {},
    FieldKind.NUMBER: _NUMBER,
    FieldKind.PERCENT: _NUMBER,
    FieldKind.AMOUNT: _NUMBER,
    FieldKind.POSTAL_CODE: _POSTAL,
    FieldKind.PHONE: {"digits": _digits, "national": _national},
    FieldKind.SIN: _SIN,
    FieldKind.EMAIL: _EVERY,
    FieldKind.NAM: {"spaced": lambda text: f"{text[:4]} {text[4:8]} {text[8:]}"},
    FieldKind.NEQ: {},
    FieldKind.PERMANENT_CODE: {},
    FieldKind.DRIVER_LICENCE: {},
    FieldKind.BN: {},
    FieldKind.ACCOUNT: _COMPACT,
    FieldKind.IBAN: {},
    FieldKind.SSN: _COMPACT,
    FieldKind.EIN: _COMPACT,
    FieldKind.ZIP: {"first": lambda text: text[:5]},
    FieldKind.NIR: {},
    FieldKind.SIREN: {},
    FieldKind.SIRET: {},
    FieldKind.CHECKBOX: {},
    FieldKind.SIGNATURE: {},
    FieldKind.STAMP: {},
}
"""The views of each kind, besides the canonical text itself."""


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
        full = name
        if row is not None and name.startswith("row."):
            full = f"{row.table}.{row.number}.{name.removeprefix('row.')}"
        if full in self.kinds:
            return full, str
        field_name, _dot, view = full.rpartition(".")
        if field_name in self.kinds:
            views = VIEWS[self.kinds[field_name]]
            if view in views:
                return field_name, views[view]
            raise DefinitionError(
                _(
                    "“{{{name}}}”: the kind {kind} has no view “{view}”; it has: {views}.",
                    name=name,
                    kind=self.kinds[field_name],
                    view=view,
                    views=", ".join(sorted(views)) or "–",
                ),
                code="placeholder",
            )
        raise DefinitionError(
            _("“{{{name}}}”: the form has no such field.", name=name), code="placeholder"
        )

    def check(self, template: str, row: Row | None = None) -> None:
        """Say nothing where every placeholder of ``template`` is known.

        Raises:
            DefinitionError: One is not.
        """
        for name in places(template):
            if name in SPECIAL or (row is not None and name in {"row", "row0"}):
                continue
            self.resolve(name, row)


@dataclass(frozen=True, slots=True)
class Texts:
    """Fills the placeholders of one filing."""

    request: FilingRequest
    row: Row | None = None
    known: Placeholders = field(init=False)

    def __post_init__(self) -> None:
        """Know the names of the request's form."""
        object.__setattr__(self, "known", Placeholders(self.request.kinds))

    def for_row(self, table: str, number: int) -> "Texts":
        """Return the texts of one row of a table."""
        return Texts(self.request, Row(table, number))

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
            raise DefinitionError(
                _("The value of the field {field} is not as its kind demands.", field=name),
                code="value-not-canonical",
            ) from None  # the cause quotes the value

    def _special(self, name: str) -> str | None:
        target = self.request.target
        texts = {
            "key": self.request.key,
            "url": target.url.rstrip("/"),
            "username": target.username,
            "password": target.password,
        }
        if self.row is not None:
            texts |= {"row": str(self.row.number), "row0": str(self.row.number - 1)}
        return texts.get(name)
