"""A database is brought to the newest schema once, and one of a later version is left alone."""

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from rpa.domain.errors import SetupError
from rpa.register.database import NEWEST, Database, revision_of
from rpa.register.schema import MIGRATIONS
from rpa.register.tables import metadata


def test_the_newest_migration_is_the_one_that_is_named():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_a_new_database_has_every_table(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")

    assert set(inspect(database.engine).get_table_names()) == {
        *metadata.tables,
        "alembic_version",
    }


def test_a_database_of_before_goes_through_what_it_lacks(tmp_path):
    address = f"sqlite:///{tmp_path / 'old.db'}"
    engine = create_engine(address)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    assert "people" not in inspect(engine).get_table_names()
    engine.dispose()

    database = Database(address)

    assert set(inspect(database.engine).get_table_names()) >= set(metadata.tables)


def test_a_database_of_a_later_version_is_refused_and_left_alone(database):
    address = database.engine.url.render_as_string(hide_password=False)
    with database.writing() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))

    with pytest.raises(SetupError, match="9999 is newer than this program"):
        Database(address)

    with database.reading() as connection:
        assert revision_of(connection) == "9999"
