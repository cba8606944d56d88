"""A bot that commits can find out whether it did, or leaves that to a person in writing."""

from pathlib import Path

from rpa.bots.definition import BotDefinition
from rpa.domain.errors import DefinitionError
from rpa.i18n import _


def check_found_again(definition: BotDefinition, path: Path) -> None:
    """Refuse a bot of which nobody says how a filing in doubt is settled.

    Raises:
        DefinitionError: It has neither ``find`` steps nor ``doubt: person``.
    """
    if definition.find or definition.doubt == "person":
        return
    raise DefinitionError(
        _(
            "{file}: the bot files, but does not say how a case is found again. Give it “find” "
            "steps, or write “doubt: person”: then a person settles every doubt.",
            file=path,
        ),
        code="no-find",
    )
