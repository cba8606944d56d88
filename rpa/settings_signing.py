"""The settings of signing: keys by reference, whom to trust, and where time comes from."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from rpa.domain.addresses import is_loopback
from rpa.domain.signature import RevocationRule
from rpa.domain.target import is_reference
from rpa.environment import ASK


def _by_reference(secret: str) -> str:
    if not is_reference(secret):
        msg = "must be a reference, env:NAME or file:PATH, never the secret itself"
        raise ValueError(msg)
    return secret


def _by_reference_or_asked(secret: str) -> str:
    if secret != ASK and not is_reference(secret):
        msg = "must be a reference, env:NAME or file:PATH, or the word ask; never the secret itself"
        raise ValueError(msg)
    return secret


Reference = Annotated[str, AfterValidator(_by_reference)]
ReferenceOrAsk = Annotated[str, AfterValidator(_by_reference_or_asked)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Pkcs12Settings(_Section):
    """A key in a PKCS#12 file."""

    kind: Literal["pkcs12"] = "pkcs12"
    file: Path
    passphrase: ReferenceOrAsk
    chain: tuple[Path, ...] = ()
    """Certificates of the issuers, where the file does not hold them."""

    @property
    def asks(self) -> bool:
        """True where whoever signs types the passphrase."""
        return self.passphrase == ASK

    def within(self, home: Path) -> Self:
        """Return the same with its paths inside ``home``."""
        chain = tuple(home / path for path in self.chain)
        return self.model_copy(update={"file": home / self.file, "chain": chain})


class Pkcs11Settings(_Section):
    """A key inside a token: a smart card, a security module."""

    kind: Literal["pkcs11"]
    module: Path
    """The maker's library; a path of the machine."""
    token: Annotated[str, Field(min_length=1)]
    """The token's label."""
    key: Annotated[str, Field(min_length=1)]
    """The key's label."""
    pin: ReferenceOrAsk
    chain: tuple[Path, ...] = ()

    @property
    def asks(self) -> bool:
        """True where whoever signs types the PIN."""
        return self.pin == ASK

    def within(self, home: Path) -> Self:
        """Return the same with its paths inside ``home``."""
        chain = tuple(home / path for path in self.chain)
        return self.model_copy(update={"module": home / self.module, "chain": chain})


class CscSettings(_Section):
    """A key at a remote signing service (Cloud Signature Consortium API, version 1.0.4)."""

    kind: Literal["csc"]
    url: str
    """The service's base address, up to and including ``/csc/v1``."""
    credential_id: Annotated[str, Field(min_length=1)]
    token: Reference
    pin: ReferenceOrAsk | None = None
    one_time_code: Literal["ask"] | None = None
    """``ask`` where the service wants a code with every signature."""
    ca_file: Path | None = None
    """Certificates to trust in place of the system's."""

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        address = urlsplit(self.url)
        safe = address.scheme == "https" or (
            address.scheme == "http" and is_loopback(address.hostname or "")
        )
        if not safe or address.username or address.password:
            msg = "url must begin with https:// and hold no user or password"
            raise ValueError(msg)
        if self.pin == ASK and self.one_time_code == ASK:
            msg = "only one of pin and one_time_code can be asked for"
            raise ValueError(msg)
        return self

    @property
    def asks(self) -> bool:
        """True where whoever signs types the PIN or the code."""
        return ASK in (self.pin, self.one_time_code)

    def within(self, home: Path) -> Self:
        """Return the same with its paths inside ``home``."""
        return self.model_copy(update={"ca_file": home / self.ca_file if self.ca_file else None})


def _kind(said: Any) -> str:
    if isinstance(said, dict):
        return str(said.get("kind", "pkcs12"))
    return str(getattr(said, "kind", "pkcs12"))


CredentialSettings = Annotated[
    Annotated[Pkcs12Settings, Tag("pkcs12")]
    | Annotated[Pkcs11Settings, Tag("pkcs11")]
    | Annotated[CscSettings, Tag("csc")],
    Discriminator(
        _kind,
        custom_error_type="credential_kind",
        custom_error_message="kind must be pkcs12, pkcs11 or csc",
    ),
]
"""A signing key; ``pkcs12`` where no kind is said."""


class SigningSettings(_Section):
    """Keys, trust and time."""

    timestamp_url: str | None = None
    trust: tuple[Path, ...] = ()
    trust_lists: tuple[Path, ...] = ()
    """Trust lists (ETSI TS 119 612), whose services `rpa verify` and the console trust, too."""
    trust_list_signers: tuple[Path, ...] = ()
    """Certificates of which one must have signed each of them."""
    revocation: RevocationRule = RevocationRule.REQUIRED
    """What `rpa verify` and the console say where nothing tells of a certificate's revocation."""
    credentials: dict[str, CredentialSettings] = {}
    on_failure: Literal["lower", "wait"] = "lower"
    """Where an authority does not answer: sign at a lower level on the record, or wait for it."""
    warn_days: Annotated[int, Field(ge=1, le=3650)] = 60
    """So many days before a certificate ends, it is warned of."""
    renew_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """So many days before an archive timestamp ends, it is renewed."""

    def within(self, home: Path) -> Self:
        """Return the same with its paths inside ``home``."""
        credentials = {name: said.within(home) for name, said in self.credentials.items()}
        files = ("trust", "trust_lists", "trust_list_signers")
        placed = {name: tuple(home / path for path in getattr(self, name)) for name in files}
        return self.model_copy(update={"credentials": credentials, **placed})
