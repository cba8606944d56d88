"""A target: a legacy application that bots file into, as it is declared."""

from datetime import time
from typing import Annotated, Any, Self

from pydantic import Field, field_validator, model_validator

from rpa.domain.model import Value


def is_reference(secret: str) -> bool:
    """Say whether ``secret`` is a reference, ``env:NAME`` or ``file:PATH``."""
    return secret.startswith(("env:", "file:"))


class LoginSpec(Value):
    """One user of a target; secrets are references, never the secret itself."""

    username: str
    password: str
    totp: str | None = None
    """The shared secret of its one-time codes (RFC 6238)."""

    @model_validator(mode="after")
    def _by_reference(self) -> Self:
        for name in ("password", "totp"):
            secret = getattr(self, name)
            if secret is not None and not is_reference(secret):
                msg = f"{name} must be a reference, env:NAME or file:PATH"
                raise ValueError(msg)
        return self


class CertificateSpec(Value):
    """A client certificate: files in PEM, or one PKCS#12 file."""

    certificate: str
    key: str | None = None
    passphrase: str | None = None
    """A reference."""

    @field_validator("passphrase")
    @classmethod
    def _by_reference(cls, secret: str | None) -> str | None:
        if secret is not None and not is_reference(secret):
            msg = "passphrase must be a reference, env:NAME or file:PATH"
            raise ValueError(msg)
        return secret


class OpeningHours(Value):
    """When a target may be worked, in the organisation's time zone."""

    days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5)
    """ISO weekdays, Monday is 1."""
    opens: time = Field(default=time(0), alias="from")
    closes: time = Field(default=time(0), alias="to")
    """The same as ``from``: open all day."""


class CircuitSpec(Value):
    """When a target that fails is left alone, and for how long."""

    failures: Annotated[int, Field(ge=1, le=100)] = 3
    """Failures in a row, over all workers, that open the circuit."""
    pause_s: Annotated[float, Field(ge=1, le=86_400)] = 300.0


class TargetSpec(Value):
    """The address of a legacy application, its users, and how hard it may be worked."""

    url: str
    logins: Annotated[tuple[LoginSpec, ...], Field(min_length=1)]
    """Each is used by one worker at a time."""
    timeout_s: Annotated[float, Field(gt=0, le=600)] = 15.0
    http_basic: bool = False
    client_certificate: CertificateSpec | None = None
    pause_s: Annotated[float, Field(ge=0, le=3600)] = 0.0
    """The least time between two filings, over all workers."""
    hours: tuple[OpeningHours, ...] = ()
    """None said: always open."""
    circuit: CircuitSpec = CircuitSpec()

    @model_validator(mode="before")
    @classmethod
    def _one_login(cls, said: Any) -> Any:
        """Take ``username``, ``password`` and ``totp`` for the only log-in."""
        if not isinstance(said, dict) or "username" not in said or "logins" in said:
            return said
        login = {name: said[name] for name in LoginSpec.model_fields if name in said}
        rest = {name: value for name, value in said.items() if name not in login}
        return {**rest, "logins": [login]}
