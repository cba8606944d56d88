"""How facts are printed: a table for people, JSON for programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from rpa.i18n import _

AsJson = Annotated[bool, typer.Option("--json", help=_("Print JSON for programs."))]

console = Console()
errors = Console(stderr=True)


def print_json(facts: Any) -> None:
    """Print ``facts`` as indented JSON, nothing else."""
    sys.stdout.write(json.dumps(_plain(facts), ensure_ascii=False, indent=2) + "\n")


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "") -> None:
    """Print a table; on a terminal too narrow for it, cells are wrapped, never cut."""
    table = Table(title=title or None, title_justify="left", header_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def say(text: str) -> None:
    """Print one line for a person."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def complain(text: str) -> None:
    """Print one line for a person to standard error, out of the way of facts."""
    errors.print(text, markup=False, highlight=False, soft_wrap=True)


def _plain(facts: Any) -> Any:
    if isinstance(facts, BaseModel):
        return facts.model_dump(mode="json")
    if isinstance(facts, dict):
        return {key: _plain(value) for key, value in facts.items()}
    if isinstance(facts, list | tuple):
        return [_plain(fact) for fact in facts]
    return facts
