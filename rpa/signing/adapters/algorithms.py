"""Until when algorithms are held to be strong enough.

The dates are those of ETSI TS 119 312 V1.4.2 as the European Commission's DSS library carries them
in its default validation policy. They are a horizon, moved on with each edition of the standard: a
proof is renewed before it, not thrown away after it. Where a timestamp was made after its own
algorithm's date, the table is older than the practice, and only certificates count.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from asn1crypto import x509

_END_OF_2025: Final = datetime(2026, 1, 1, tzinfo=UTC)
_END_OF_2028: Final = datetime(2029, 1, 1, tzinfo=UTC)
_RSA_SHORT: Final = 3_000
"""RSA keys of fewer bits end with 2025, all others, EC and SHA-2 with 2028."""


def sunset(
    certificates: Iterable[x509.Certificate], *, made_at: datetime
) -> tuple[datetime, str] | None:
    """Return when the first algorithm of a timestamp's chain made then weakens, and its name."""
    found = [_end(certificate) for certificate in certificates]
    return min((end for end in found if end[0] > made_at), default=None)


def _end(certificate: x509.Certificate) -> tuple[datetime, str]:
    key = certificate.public_key
    name = f"{key.algorithm.upper()} {key.bit_size}"
    is_short = key.algorithm.startswith("rsa") and key.bit_size < _RSA_SHORT
    return (_END_OF_2025 if is_short else _END_OF_2028, name)
