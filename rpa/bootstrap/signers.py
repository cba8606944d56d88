"""What signs, opened from settings or without a home; apart, so that workers start at once."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rpa.environment import cache_folder
from rpa.signing.adapters.pyhanko_signer import PyHankoSigner

if TYPE_CHECKING:
    from rpa.settings import Settings

ANSWERS = "revocation"
"""The folder of OCSP answers and revocation lists, kept until their next update."""


def open_signer(settings: "Settings") -> PyHankoSigner:
    """Open what signs for a home.

    Raises:
        ToolUnavailableError: A trusted certificate can't be read.
    """
    return PyHankoSigner(
        timestamp_url=settings.signing.timestamp_url,
        trust_roots=trusted_roots(settings),
        timezone=settings.timezone,
        kept_answers=settings.path(ANSWERS),
    )


def open_loose_signer(
    *,
    timestamp_url: str | None,
    roots: Sequence[Path] = (),
    timezone: str = "America/Toronto",
    kept_answers: Path | None = None,
) -> PyHankoSigner:
    """Open what signs without a home; revocation answers are kept in the user's cache.

    Raises:
        ToolUnavailableError: A trusted certificate can't be read.
    """
    return PyHankoSigner(
        timestamp_url=timestamp_url,
        trust_roots=roots,
        timezone=timezone,
        kept_answers=kept_answers or cache_folder() / ANSWERS,
    )


def trusted_roots(settings: "Settings") -> list[Path]:
    """Return the files of a home's trusted roots that are there."""
    return [path for path in settings.signing.trust if path.is_file()]
