"""The authorities behind the higher levels, put together: timestamps, and revocation data."""

from collections.abc import Sequence
from pathlib import Path

from asn1crypto import x509

from rpa.signing.adapters.asking import Line
from rpa.signing.adapters.levels import LevelMaker
from rpa.signing.adapters.proofs import ProofKeeper
from rpa.signing.adapters.revocation import RevocationSource
from rpa.signing.adapters.tsa import HttpTimestampAuthority


def level_maker(
    timestamp_url: str | None,
    roots: Sequence[x509.Certificate],
    *,
    timeout_s: float = 10.0,
    kept: Path | None = None,
) -> LevelMaker:
    """Return what brings documents to higher levels; ``kept`` is a folder for proofs' answers."""
    line = Line(timeout_s=timeout_s)
    authority = HttpTimestampAuthority(timestamp_url, line=line) if timestamp_url else None
    return LevelMaker(authority, ProofKeeper(roots, RevocationSource(line, folder=kept)))
