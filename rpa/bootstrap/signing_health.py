"""The health of what a home signs with."""

from functools import partial

from rpa.bootstrap.clock import clock
from rpa.bootstrap.credentials import credential_named
from rpa.settings import Settings
from rpa.settings_signing import CredentialSettings, CscSettings, Pkcs12Settings
from rpa.signing.adapters.health_check import HealthCheck
from rpa.signing.health import HealthFinding


def signing_health(settings: Settings) -> tuple[HealthFinding, ...]:
    """Check every credential, the trusted roots and the time-stamping authority; takes seconds."""
    said = settings.signing
    if not (said.credentials or said.trust or said.timestamp_url):
        return ()
    check = HealthCheck(
        trust=said.trust, timestamp_url=said.timestamp_url, warn_days=said.warn_days, now=clock()
    )
    credentials = [
        finding
        for name, one in said.credentials.items()
        for finding in check.of_credential(
            name,
            partial(
                credential_named,
                settings,
                name,
                typed="" if _shows_without_secret(one) else None,
            ),
        )
    ]
    return (*credentials, *check.of_trust(), *check.of_timestamps())


def _shows_without_secret(said: CredentialSettings) -> bool:
    """Say whether the secret that a person would type is not needed to learn something.

    A remote service shows its certificates to the token alone; a file that is gone is gone.
    """
    is_gone = isinstance(said, Pkcs12Settings) and not said.file.is_file()
    return isinstance(said, CscSettings) or is_gone
