"""The settings of the mail server that notices go out by."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, EmailStr, Field, model_validator

from rpa.domain.addresses import is_loopback
from rpa.domain.target import is_reference


class MailSettings(BaseModel):
    """A mail server, reached by SMTP, and what mails may say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """465, 587 with ``security: starttls``, or 25 with ``none``, if not said."""
    security: Literal["tls", "starttls", "none"] = "starttls"
    username: str = ""
    """Without one, no log-in is tried."""
    password: str | None = None
    """A reference: ``env:NAME`` or ``file:PATH``; never the secret itself."""
    sender: EmailStr
    """Whom mails come from, and answers and bounces go to."""
    ca_file: Path | None = None
    """Certificates to trust in place of the system's."""
    timeout_s: Annotated[float, Field(gt=0, le=120)] = 30.0
    titles: bool = True
    """Whether a mail may name a document's title."""
    completed_links: bool = True
    """Whether the mail that tells that everybody signed leads to the document."""

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if self.password is not None and not is_reference(self.password):
            msg = "password must be a reference, env:NAME or file:PATH"
            raise ValueError(msg)
        if bool(self.username) != (self.password is not None):
            msg = "username and password go together"
            raise ValueError(msg)
        if self.security == "none" and not is_loopback(self.host):
            msg = "security: none is for a server on this machine only (localhost, 127.0.0.1, ::1)"
            raise ValueError(msg)
        return self

    @property
    def port_number(self) -> int:
        """The port said, or the usual one for the security."""
        return self.port or {"tls": 465, "starttls": 587, "none": 25}[self.security]

    def within(self, home: Path) -> Self:
        """Return the settings with their file inside ``home``."""
        if self.ca_file is None:
            return self
        return self.model_copy(update={"ca_file": home / self.ca_file})
