"""What rich draws on a terminal: tables, and the consoles that panels and bars are drawn on."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

console = Console()
errors = Console(stderr=True)


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "") -> None:
    """Print a table; on a terminal too narrow for it, cells are wrapped, never cut."""
    table = Table(title=title or None, title_justify="left", header_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)
