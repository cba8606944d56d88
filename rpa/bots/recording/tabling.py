"""Tables of answers: what was typed into one row becomes the steps for every row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from rpa.bots.recording.drafts import Draft
from rpa.i18n import _

CELL_VERBS: Final = frozenset({"fill", "select", "check", "choose", "date", "upload"})
_CELL: Final = re.compile(r"([a-z][a-z0-9_]*)\.(\d+)\.([a-z][a-z0-9_]*)")


def rows_joined(drafts: Sequence[Draft]) -> list[Draft]:
    """Return ``drafts`` with the cells of each table as one ``rows`` step.

    Where the page's rows can't be told apart by their number, the steps stay as they were typed.
    """
    joined: list[Draft] = []
    for table, run in groupby(drafts, key=_table):
        steps = list(run)
        whole = _rows(table, steps) if table else None
        if whole:
            joined.append(whole)
        else:
            joined += _kept(steps) if table else steps
    return joined


def _table(draft: Draft) -> str:
    found = _CELL.fullmatch(draft.field_name)
    return found[1] if found and draft.verb in CELL_VERBS else ""


def _kept(steps: list[Draft]) -> list[Draft]:
    for step in steps:
        step.note(_("a cell of a table, written for this row alone"))
    return steps


def _rows(table: str, drafts: Sequence[Draft]) -> Draft | None:
    cells = [cell for draft in drafts if (cell := _CELL.fullmatch(draft.field_name))]
    by_column: dict[str, dict[int, Draft]] = {}
    for cell, draft in zip(cells, drafts, strict=True):
        by_column.setdefault(cell[3], {}).setdefault(int(cell[2]), draft)
    steps = [_every_row(table, column, rows) for column, rows in by_column.items()]
    made = [step for step in steps if step is not None]
    if len(made) < len(steps):
        return None
    return Draft("rows", drafts[0].event, body={"table": table}, steps=made)


def _every_row(table: str, column: str, rows: Mapping[int, Draft]) -> Draft | None:
    """Return the step of one column for every row, made from those of the rows that were typed."""
    number, draft = next(iter(rows.items()))
    step = Draft(
        draft.verb, draft.event, field_name=f"{table}.{number}.{column}", notes=draft.notes
    )
    old = f"{table}.{number}.{column}"
    step.body = {key: _of_row(said, old, column) for key, said in draft.body.items()}
    if draft.verb == "date":
        parts = {part: _any_row(draft.body[part], number) for part in ("day", "month", "year")}
        step.body |= parts
        return step if all(parts.values()) else None
    others = [(n, other.ways) for n, other in rows.items() if n != number]
    ways = [way for told in draft.ways for way in _numbered(told, number)]
    step.ways = tuple(way for way in ways if all(_is_among(way, n, said) for n, said in others))
    return step if step.ways else None


def _of_row(said: Any, old: str, column: str) -> Any:
    if not isinstance(said, str):
        return said
    return said.replace("{" + old, "{row." + column)


def _any_row(part: Mapping[str, Any], number: int) -> dict[str, Any] | None:
    told = [part, *part.get("or", ())]
    ways = [way for one in told for way in _numbered(one, number)]
    return ways[0] if ways else None


def _numbered(told: Mapping[str, Any], number: int) -> Iterator[dict[str, Any]]:
    """Yield ``told`` with the row's number as ``{row}``, or as ``{row0}`` where rows begin at 0."""
    for placeholder, shown in (("{row}", number), ("{row0}", number - 1)):
        for way in ("name", "id", "row", "label"):
            text = told.get(way)
            if isinstance(text, str):
                found = list(re.finditer(rf"(?<!\d){shown}(?!\d)", text))
                if found:
                    last = found[-1]
                    filled = text[: last.start()] + placeholder + text[last.end() :]
                    yield {**{k: v for k, v in told.items() if k != "or"}, way: filled}
                    return


def _is_among(way: Mapping[str, Any], number: int, said: Sequence[Mapping[str, Any]]) -> bool:
    filled = {
        key: text.replace("{row}", str(number)).replace("{row0}", str(number - 1))
        if isinstance(text, str)
        else text
        for key, text in way.items()
    }
    return filled in [dict(one) for one in said]
