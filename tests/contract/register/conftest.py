"""The databases that the register's promises are tested on."""

import pytest
from sqlalchemy import text

from rpa.register.database import Database
from rpa.register.register import Register
from rpa.testing.clock import FrozenClock
from rpa.testing.postgresql import postgresql_programs, running_postgresql


@pytest.fixture(scope="session")
def server(tmp_path_factory, request):
    """A PostgreSQL server; in CI it must be there."""
    if postgresql_programs() is None:
        request.getfixturevalue("missing")("PostgreSQL is not installed")
    with running_postgresql(tmp_path_factory.mktemp("postgresql")) as address:
        yield address


@pytest.fixture
def clock():
    return FrozenClock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """An empty database, brought to the newest schema."""
    if request.param == "sqlite":
        yield Database(f"sqlite:///{tmp_path / 'register.db'}")
        return
    address = request.getfixturevalue("server")
    first = Database(address)
    with first.engine.begin() as connection:
        connection.execute(text("drop schema public cascade"))
        connection.execute(text("create schema public"))
    first.close()
    again = Database(address)
    yield again
    again.close()


@pytest.fixture
def register(database, clock):
    return Register(database, now=clock, lease_s=60)
