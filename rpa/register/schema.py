"""The register's schema, brought to the newest version."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from rpa.domain.errors import SetupError
from rpa.i18n import _
from rpa.register.database import revision_of

MIGRATIONS: Final = Path(__file__).parent / "migrations"


def migrate(connection: Connection) -> None:
    """Run, in the transaction of a connection, every migration that its database lacks.

    Raises:
        SetupError: The schema is newer than this program.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = revision_of(connection)
    if current is not None and current not in known:
        raise SetupError(
            _(
                "The register's schema {revision} is newer than this program. "
                "Install the version that wrote it.",
                revision=current,
            )
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
