"""The settings of the console: where it listens, how it is reached, how long a session holds."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rpa.domain.target import is_reference


class ConsoleSettings(BaseModel):
    """The console of a home."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = ""
    """Its public address, for links in mails and in QR codes: ``https://signer.ville.example``."""
    proxies: tuple[str, ...] = ()
    """Addresses of the reverse proxies whose ``X-Forwarded-`` headers are believed."""
    certfile: Path | None = None
    """A certificate chain (PEM), where the console itself speaks HTTPS."""
    keyfile: Path | None = None
    secret: str = "file:secrets/console.key"  # noqa: S105 - a reference
    """A reference, as passwords are: seals one-time codes and signs forms; 32 characters or more.

    A file is made at the first use; several machines must share one.
    """
    idle_min: Annotated[int, Field(ge=1, le=720)] = 20
    """A session without a click ends after so many minutes,"""
    session_hours: Annotated[int, Field(ge=1, le=24)] = 10
    """and after so many hours whatever happens."""
    upload_mb: Annotated[int, Field(ge=1, le=200)] = 30
    """The largest PDF that is taken for verification."""

    connections: Annotated[int, Field(ge=16, le=10_000)] | None = None
    """At most so many connections at once; else as many as file descriptors suffice for."""
    connections_each: Annotated[int, Field(ge=4, le=10_000)] = 32
    """At most so many from one address at once; reverse proxies are not counted."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.certfile is None) != (self.keyfile is None):
            msg = "certfile and keyfile go together"
            raise ValueError(msg)
        if not is_reference(self.secret):
            msg = "secret must be a reference, env:NAME or file:PATH"
            raise ValueError(msg)
        if self.url and not self.url.startswith(("https://", "http://")):
            msg = "url must begin with https:// (or http:// on this machine)"
            raise ValueError(msg)
        return self
