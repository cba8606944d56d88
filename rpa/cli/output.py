"""How facts are printed: a table for people, JSON for programs."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any, Final, Protocol, TextIO, runtime_checkable

import typer

from rpa.i18n import _
from rpa.late import late

if TYPE_CHECKING:
    from rpa.cli.terminal import print_table
else:  # a command that only says a line has no use for tables
    print_table = late("rpa.cli.terminal", "print_table")

__all__ = ["AsJson", "complain", "print_json", "print_table", "say"]

AsJson = Annotated[bool, typer.Option("--json", help=_("Print JSON for programs."))]
_CONTROLS: Final = dict.fromkeys({*range(32)} - {9, 10})
"""Characters that move a terminal's cursor: a file's name may hold some."""


@runtime_checkable
class _Model(Protocol):
    """A domain value; told by what it can do, since pydantic is more than a line of text needs."""

    def model_dump(self, *, mode: str) -> Any:
        """Return it as plain data."""
        ...


def print_json(facts: Any) -> None:
    """Print ``facts`` as indented JSON, nothing else."""
    sys.stdout.write(json.dumps(_plain(facts), ensure_ascii=False, indent=2) + "\n")


def say(text: str) -> None:
    """Print one line for a person."""
    _write(sys.stdout, text)


def complain(text: str) -> None:
    """Print one line for a person to standard error, out of the way of facts."""
    _write(sys.stderr, text)


def _write(target: TextIO, text: str) -> None:
    target.write(text.translate(_CONTROLS) + "\n")
    target.flush()


def _plain(facts: Any) -> Any:
    if isinstance(facts, _Model):
        return facts.model_dump(mode="json")
    if isinstance(facts, dict):
        return {key: _plain(value) for key, value in facts.items()}
    if isinstance(facts, list | tuple):
        return [_plain(fact) for fact in facts]
    return facts
