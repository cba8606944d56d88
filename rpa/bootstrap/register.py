"""The register of a home, opened alone."""

from datetime import UTC, datetime

from rpa.register.database import Database
from rpa.register.register import Register
from rpa.settings import Settings


def clock() -> datetime:
    """Return the time; the one place where it comes from."""
    return datetime.now(UTC)  # noqa: TID251 - the clock's door


def open_register(settings: Settings) -> Register:
    """Open a home's register; raises as :class:`rpa.register.database.Database`."""
    return Register(Database(settings.database_url), now=clock, lease_s=settings.lease_s)
