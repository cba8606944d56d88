"""Measures the cells of digital invoices' lines: our tables beside those of pdfplumber.

Run: ``python benchmarks/bench_tables.py [DATA]``. DATA holds the folder ``invoices`` of
invoice2data, whose truth lists each line's name, quantity and amounts. A value is right where one
cell holds it alone; the values of a line count in the row that has most of them.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pdfplumber
from bench_unknown import pages_of
from filled_forms import DATA

from rpa.bootstrap.reading import ReadingMode

Row = Sequence[str | None]
VALUES = ("name", "desc", "qty", "price_unit", "price", "price_subtotal", "pos", "line_tax_percent")
WAYS: Mapping[str, Mapping[str, str]] = {
    "pdfplumber, lines": {},
    "pdfplumber, text": {"vertical_strategy": "text", "horizontal_strategy": "text"},
    "pdfplumber, lines and text": {"vertical_strategy": "text", "horizontal_strategy": "lines"},
}


def main() -> None:
    """Print right of wanted values for each way."""
    folder = (Path(sys.argv[1]) if len(sys.argv) > 1 else DATA) / "invoices"
    paths = sorted(folder.glob("*.pdf"))
    lines = {path: list(_lines(path.with_suffix(".json"))) for path in paths}
    _tell(
        "ours",
        {path: list(_ours(pages)) for path, pages in pages_of(paths, ReadingMode.FAST)},
        lines,
    )
    for name, how in WAYS.items():
        _tell(name, {path: list(_plumbed(path, how)) for path in paths}, lines)


def _tell(
    name: str, rows: Mapping[Path, Sequence[Row]], lines: Mapping[Path, Sequence[Sequence[Any]]]
) -> None:
    wanted = sum(len(line) for each in lines.values() for line in each)
    right = sum(_right(line, rows[path]) for path, each in lines.items() for line in each)
    print(f"{name:26} {right} of {wanted}")


def _lines(truth: Path) -> Iterator[Sequence[Any]]:
    for line in json.loads(truth.read_text("utf-8"))[0].get("lines", []):
        if len(line) > 1:
            yield [line[name] for name in VALUES if name in line]


def _ours(pages: Sequence[Any]) -> Iterator[Row]:
    for page in pages:
        for table in page.understood.tables:
            yield from ([cell.text if cell else None for cell in row] for row in table.rows)


def _plumbed(path: Path, how: Mapping[str, str]) -> Iterator[Row]:
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            for table in page.extract_tables(dict(how)):
                yield from table


def _right(line: Sequence[Any], rows: Sequence[Row]) -> int:
    return max(
        (sum(any(_is(cell, value) for cell in row) for value in line) for row in rows), default=0
    )


def _is(cell: str | None, value: Any) -> bool:
    if cell is None:
        return False
    if isinstance(value, int | float):
        return len(re.findall(r"\d[\d.,]*", cell)) == 1 and _number(cell) == float(value)
    return " ".join(cell.split()).lower() == " ".join(str(value).split()).lower()


def _number(cell: str) -> float | None:
    bare = re.sub(r"[^\d.,-]", "", cell)
    continental = re.search(r",\d{1,3}$", bare) is not None
    plain = bare.replace(".", "").replace(",", ".") if continental else bare.replace(",", "")
    try:
        return float(plain)
    except ValueError:
        return None


if __name__ == "__main__":
    main()
