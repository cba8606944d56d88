"""The bar that says how many files are done."""

from collections.abc import Iterator

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from rpa.cli.progress import Facts
from rpa.cli.terminal import errors


def with_bar(facts: Iterator[Facts], total: int, doing: str, *, alone: bool) -> Iterator[Facts]:
    """Yield ``facts`` as they come, and move the bar on with each.

    ``alone`` has it drawn by this thread: a program that forks must have no other.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, transient=True, auto_refresh=not alone) as progress:
        bar = progress.add_task(doing, total=total)
        for one in facts:
            progress.update(bar, advance=1, refresh=True)
            yield one
