"""The databases that the register's promises are tested on."""

import pytest
from sqlalchemy import create_engine, make_url, text

from rpa.register.database import Database
from rpa.register.register import Register
from rpa.testing.clock import FrozenClock
from rpa.testing.postgresql import postgresql_programs, running_postgresql
from rpa.testing.register import open_test_database


@pytest.fixture(scope="session")
def server(tmp_path_factory, request):
    """A PostgreSQL server; in CI it must be there. Its database is empty, of the newest schema."""
    if postgresql_programs() is None:
        request.getfixturevalue("missing")("PostgreSQL is not installed")
    with running_postgresql(tmp_path_factory.mktemp("postgresql")) as address:
        Database(address).close()
        yield make_url(address)


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """An empty database, brought to the newest schema."""
    if request.param == "sqlite":
        yield open_test_database(tmp_path)
        return
    server = request.getfixturevalue("server")
    administration = create_engine(server.set(database="template1"), isolation_level="AUTOCOMMIT")
    with administration.connect() as connection:
        connection.execute(text("drop database if exists register"))
        connection.execute(text(f"create database register template {server.database}"))
    administration.dispose()
    opened = Database(server.set(database="register").render_as_string())
    yield opened
    opened.close()


@pytest.fixture
def register(database, clock):
    return Register(database, now=clock, lease_s=60)
