"""What signs, and what keeps signatures provable, opened from settings or without a home."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from rpa.bootstrap.clock import clock
from rpa.bootstrap.signers import ANSWERS, open_loose_signer, open_signer, trusted_roots
from rpa.environment import cache_folder
from rpa.settings import Settings
from rpa.signing.adapters.preserving import MARGIN, PyHankoPreserver
from rpa.signing.adapters.pyhanko_validator import PyHankoValidator
from rpa.signing.api import Preserver

__all__ = [
    "open_loose_preserver",
    "open_loose_signer",
    "open_preserver",
    "open_signer",
    "trusted_roots",
]


def open_preserver(settings: Settings) -> Preserver:
    """Open what raises levels and renews archive timestamps for a home; raises as the signer."""
    return open_loose_preserver(
        timestamp_url=settings.signing.timestamp_url,
        roots=trusted_roots(settings),
        kept_answers=settings.path(ANSWERS),
        margin=timedelta(days=settings.signing.renew_days),
    )


def open_loose_preserver(
    *,
    timestamp_url: str | None,
    roots: Sequence[Path],
    kept_answers: Path | None = None,
    margin: timedelta = MARGIN,
) -> Preserver:
    """Open what keeps signatures provable without a home; raises as :func:`open_loose_signer`."""
    return PyHankoPreserver(
        timestamp_url=timestamp_url,
        trust_roots=roots,
        validator=PyHankoValidator(trust_roots=roots),
        now=clock,
        margin=margin,
        kept_answers=kept_answers or cache_folder() / ANSWERS,
    )
