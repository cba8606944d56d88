"""A bot that commits can find out whether it did, or leaves that to a person in writing."""

from functools import lru_cache
from pathlib import Path

from rpa.bots.definition import BotDefinition, load_definition
from rpa.bots.written import load_written
from rpa.domain.errors import DefinitionError
from rpa.i18n import _


def definition_of(path: Path) -> BotDefinition:
    """Return what a ``bot.yaml`` or ``bot.py`` declares.

    Raises:
        DefinitionError: It is wrong.
    """
    return load_written(path)[1] if path.suffix == ".py" else load_definition(path)


def check_found_again(definition: BotDefinition, path: Path) -> None:
    """Refuse a bot of which nobody says how a filing in doubt is settled.

    Raises:
        DefinitionError: It has neither ``find`` steps nor ``doubt: person``.
    """
    if definition.is_searchable or definition.doubt == "person":
        return
    raise DefinitionError(
        _(
            "{file}: the bot files, but does not say how a case is found again. Give it “find” "
            "steps, or write “doubt: person”: then a person settles every doubt.",
            file=path,
        ),
        code="no-find",
    )


def approve_bot(path: Path) -> None:
    """Refuse a bot as :func:`check_found_again` does, reading its file once while it is unchanged.

    Raises:
        DefinitionError: It is refused, or wrong.
    """
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0
    _approve(path, changed)


@lru_cache(maxsize=64)
def _approve(path: Path, _changed: int) -> None:
    check_found_again(definition_of(path), path)
