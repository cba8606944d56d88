"""How canonical values look in a letter: dates, amounts and numbers as people write them."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from babel.dates import format_date
from babel.numbers import format_currency

from rpa.domain.form import FieldKind

LOCALES: Final[Mapping[str, str]] = {"fr": "fr_CA", "en": "en_CA"}
NO_BREAK: Final = "\u00a0"
_NORTH_AMERICAN: Final = re.compile(r"\+1(\d{3})(\d{3})(\d{4})")
_CELL: Final = re.compile(r"(?P<table>\w+)\.(?P<row>\d+)\.(?P<column>\w+)")


def date_view(value: str | date, language: str) -> str:
    """Return a date in words: « 1er décembre 2026 », "December 1, 2026"; nothing for no date."""
    if not value:
        return ""
    day = value if isinstance(value, date) else date.fromisoformat(value)
    words = format_date(day, "long", locale=LOCALES[language])
    if language == "fr" and day.day == 1:
        words = f"1er {words.split(' ', 1)[1]}"
    return words.replace(" ", NO_BREAK)


def amount_view(value: str, language: str) -> str:
    """Return dollars as the language writes them: ``1 234,50 $`` or ``$1,234.50``."""
    if not value:
        return ""
    # The narrow no-break space that CLDR asks for is missing from many fonts.
    text: str = format_currency(Decimal(value), "CAD", locale=LOCALES[language])
    return text.replace("\u202f", NO_BREAK)


def phone_view(value: str) -> str:
    """Return a North American number as ``418 643-1234``; any other as it stands."""
    found = _NORTH_AMERICAN.fullmatch(value)
    return f"{found[1]}{NO_BREAK}{found[2]}-{found[3]}" if found else value


def masked_view(value: str) -> str:
    """Return an identifier with all but its last three characters hidden: ``••• ••• 789``."""
    return f"•••{NO_BREAK}•••{NO_BREAK}{value[-3:]}" if value else ""


def checkbox_view(value: str, language: str) -> str:
    """Return « Oui » or « Non »."""
    words = ("Oui", "Non") if language == "fr" else ("Yes", "No")
    return words[0] if value == "true" else words[1]


def field_views(values: Mapping[str, str], kinds: Mapping[str, FieldKind]) -> dict[str, str]:
    """Return the canonical texts of the fields that are no table cells.

    A declared field without a value is an empty text, so that a template can test for it.
    """
    names = [name for name in {**kinds, **values} if not _CELL.fullmatch(name)]
    return {name: values.get(name, "") for name in names}


def table_views(
    values: Mapping[str, str], kinds: Mapping[str, FieldKind]
) -> dict[str, list[dict[str, str]]]:
    """Return each table's rows in order, without the empty ones; all columns in every row."""
    columns: dict[str, dict[str, None]] = {}
    cells: dict[str, dict[int, dict[str, str]]] = {}
    for name in {**kinds, **values}:
        if not (cell := _CELL.fullmatch(name)):
            continue
        columns.setdefault(cell["table"], {})[cell["column"]] = None
        rows = cells.setdefault(cell["table"], {})
        if value := values.get(name):
            rows.setdefault(int(cell["row"]), {})[cell["column"]] = value
    return {
        table: [{c: rows[row].get(c, "") for c in columns[table]} for row in sorted(rows)]
        for table, rows in cells.items()
    }
