"""The register of a home, opened alone."""

from rpa.bootstrap.clock import clock
from rpa.register.database import Database
from rpa.register.register import Register
from rpa.settings import Settings

__all__ = ["clock", "open_register"]


def open_register(settings: Settings) -> Register:
    """Open a home's register; raises as :class:`rpa.register.database.Database`."""
    return Register(Database(settings.database_url), now=clock, lease_s=settings.lease_s)
