"""Checks of everything that signing needs: credentials, trusted roots, the time-stamping authority.

Done at a worker's start and daily, so that a warning comes before a certificate ends, not after.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from asn1crypto import x509
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from rpa.domain.errors import RpaError, ToolUnavailableError
from rpa.i18n import _
from rpa.signing.adapters.asking import Line
from rpa.signing.adapters.certificate_health import CertificateCheck
from rpa.signing.adapters.certificates import read_certificates
from rpa.signing.adapters.certomancer_pki import is_development
from rpa.signing.adapters.credentials import Keyring
from rpa.signing.adapters.malformed import MALFORMED
from rpa.signing.adapters.probing import PROBE, is_signed_by
from rpa.signing.adapters.proofs import CLOCKS_DIFFER, ProofKeeper
from rpa.signing.adapters.revocation import RevocationSource
from rpa.signing.adapters.tsa import HttpTimestampAuthority, facts_of
from rpa.signing.api import Credential, CscCredential
from rpa.signing.health import HealthFinding, Severity

WAIT_S: Final = 5.0
"""For each authority: a check must not hold up a worker's start for long."""


class HealthCheck:
    """Looks at what a home's settings name for signing, as it stands at one moment."""

    def __init__(
        self, *, trust: Sequence[Path], timestamp_url: str | None, warn_days: int, now: datetime
    ) -> None:
        """Read the trusted roots that are there."""
        self._trust = tuple(trust)
        self._url = timestamp_url
        self._line = Line(timeout_s=WAIT_S, pauses_s=())
        self._roots: list[x509.Certificate] = []
        self._unread: list[HealthFinding] = []
        for file in trust:
            self._read_root(file)
        proofs = ProofKeeper(self._roots, RevocationSource(self._line))
        self._check = CertificateCheck(proofs, now, warn_days)
        self._keyring = Keyring()

    def of_trust(self) -> tuple[HealthFinding, ...]:
        """Check the trusted roots: whether they can be read, how long they last, whose they are."""
        return (*self._unread, *(one for root in self._roots for one in self._of_root(root)))

    def of_credential(self, name: str, open_it: Callable[[], Credential]) -> list[HealthFinding]:
        """Check a credential: key, certificate, chain, use, revocation."""
        about = f"credential:{name}"
        try:
            credential = open_it()
            key = self._keyring.key(credential)
            if not isinstance(credential, CscCredential):
                # A remote signature costs an authorisation, and often money.
                is_own = is_signed_by(key.certificate, key.mechanism, PROBE, key.sign(PROBE))
                assert is_own  # noqa: S101 - opening paired them
        except RpaError as error:
            severity = Severity.OK if error.reason == "credential-asks" else Severity.ERROR
            return [HealthFinding(about, severity, error.reason, error.message)]
        found = list(self._check.of_signer(about, key.certificate, key.chain))
        return self._or_well(about, found, self._check.path(key.certificate, key.chain))

    def of_timestamps(self) -> list[HealthFinding]:
        """Have the time-stamping authority stamp a probe, and check its certificate and clock."""
        about = "timestamps"
        if self._url is None:
            message = _("No time-stamping authority is set: only level B-B can be reached.")
            return [HealthFinding(about, Severity.WARNING, "timestamps-missing", message)]
        authority = HttpTimestampAuthority(self._url, line=self._line)
        try:
            facts = facts_of(authority.stamp(hashlib.sha256(PROBE).digest()))
        except ToolUnavailableError as error:
            return [HealthFinding(about, Severity.WARNING, error.reason, error.message)]
        except (TimestampRequestError, *MALFORMED) as error:
            message = _(
                "The time-stamping authority gives stamps that cannot be read ({fault}).",
                fault=type(error).__name__,
            )
            return [HealthFinding(about, Severity.ERROR, "timestamps-malformed", message)]
        found = list(self._check.of_authority(about, facts.certificate, facts.others))
        if abs(facts.time - self._check.now) > CLOCKS_DIFFER:
            message = _(
                "The clocks of this machine and of the time-stamping authority differ by {minutes} "
                "minutes: set this one right.",
                minutes=int(abs(facts.time - self._check.now).total_seconds() // 60),
            )
            found.append(HealthFinding(about, Severity.WARNING, "timestamps-clock", message))
        return self._or_well(about, found, self._check.path(facts.certificate, facts.others))

    def _read_root(self, file: Path) -> None:
        try:
            self._roots += read_certificates([file])
        except ToolUnavailableError as error:
            about = f"trust:{file.name}"
            self._unread.append(HealthFinding(about, Severity.ERROR, "trust-unread", error.message))

    def _of_root(self, root: x509.Certificate) -> Iterator[HealthFinding]:
        about = f"trust:{root.subject.native.get('common_name', root.subject.human_friendly)}"
        found = list(self._check.dates(about, [root]))
        if is_development(root):
            message = _(
                "This is the root of a development PKI, whose keys anybody may have: never trust "
                "it where documents matter."
            )
            found.append(HealthFinding(about, Severity.WARNING, "development-root", message))
        yield from self._or_well(about, found, [root])

    def _or_well(
        self, about: str, found: list[HealthFinding], path: Sequence[x509.Certificate]
    ) -> list[HealthFinding]:
        left = self._check.days_left(path)
        well = HealthFinding(about, Severity.OK, "well", _("In order."), left)
        return found or [well]
