"""How far many files are: a bar for who sits before a terminal, nothing else for anybody else."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rpa.late import late

if TYPE_CHECKING:
    from rpa.cli.bar import with_bar
else:  # drawn for a person only, who has the time that it takes to load
    with_bar = late("rpa.cli.bar", "with_bar")

Facts = dict[str, Any]


def shown(
    facts: Iterator[Facts], total: int, doing: str, *, alone: bool = False
) -> Iterator[Facts]:
    """Yield ``facts`` as they come, and show how many there are, where somebody looks on.

    ``alone`` starts no thread: the bar then moves with the facts only.
    """
    if total < 2 or not sys.stderr.isatty():
        return facts
    return with_bar(facts, total, doing, alone=alone)
