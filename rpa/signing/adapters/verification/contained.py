"""Checks documents in child processes that hostile bytes can crash, slow or fill without harm."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from rpa.domain.errors import ToolUnavailableError
from rpa.domain.model import Digest
from rpa.domain.signature import Indication, Integrity, RevocationRule, ValidationReport
from rpa.i18n import _
from rpa.signing.adapters.forking.workers import NoWorkerError, Workers
from rpa.signing.adapters.verification.anchors import Anchor

WORKERS: Final = 2
"""How many documents this program checks at once, whichever validator asks."""
_WORKERS: Final = Workers("rpa.signing.adapters.verification.server", WORKERS)
TOO_SLOW: Final = "check-too-slow"
TOO_DEMANDING: Final = "check-too-demanding"


@dataclass(frozen=True, slots=True)
class CheckLimits:
    """What the check of one document may cost."""

    wall_s: float = 60.0
    """By the clock, so that a busy machine does not call a sound file too slow."""
    cpu_s: int = 20
    """Of the processor, for the check itself and for each renderer that it starts."""
    memory_bytes: int = 1_500_000_000
    """Of address space, beside eight times the document."""
    nice: int = 0
    """How far it gives way to other work of the machine (POSIX, 0 to 19)."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of every document, in plain data."""

    roots: tuple[bytes, ...] = ()
    """In DER."""
    revocation_lists: tuple[bytes, ...] = ()
    """In DER."""
    ocsp_answers: tuple[bytes, ...] = ()
    """In DER."""
    anchors: tuple[Anchor, ...] = ()
    """Services of trust lists."""
    revocation: RevocationRule = RevocationRule.REQUIRED
    passwords: tuple[str, ...] = field(default=(), repr=False)
    expect_form_filling: bool = False
    with_evidence: bool = False
    """Hand out what a report refers to: signature values and certificates."""


class ContainedValidator:
    """Checks each document in a forked child of its own, held to ``limits``.

    May be called from several threads: as many documents are checked at once as this program has
    workers. A worker is started by the first document that needs it, serves all validators, knows
    nothing of the document before, and ends with this program.
    """

    def __init__(self, demand: Demand, limits: CheckLimits | None = None) -> None:
        """Start nothing yet."""
        self._demand = demand
        self._limits = limits or CheckLimits()

    def validate(self, pdf: bytes, *, at: datetime) -> ValidationReport:
        """Check every signature; a child that dies or takes too long makes the file unreadable.

        Raises:
            ToolUnavailableError: The program that checks could not be started: no document's
                fault.
        """
        try:
            answer = _WORKERS.ask(self._request(pdf, at), pdf)
        except NoWorkerError as problem:
            raise _no_start() from problem
        if answer.is_done:
            return ValidationReport.model_validate_json(answer.body)
        why = TOO_SLOW if answer.is_late else TOO_DEMANDING
        return ValidationReport(
            document=Digest(hashlib.sha256(pdf).hexdigest()),
            checked_at=at,
            integrity=Integrity.UNREADABLE,
            indication=Indication.INDETERMINATE,
            sub_indication="GENERIC",
            warnings=(why,),
        )

    def _request(self, pdf: bytes, at: datetime) -> dict[str, Any]:
        demand, limits = self._demand, self._limits
        return {
            "at": at.isoformat(),
            "wall_s": limits.wall_s,
            "cpu_s": min(limits.cpu_s, int(limits.wall_s) + 1),
            "memory_bytes": limits.memory_bytes + 8 * len(pdf),
            "nice": limits.nice,
            "roots": _written(demand.roots),
            "revocation_lists": _written(demand.revocation_lists),
            "ocsp_answers": _written(demand.ocsp_answers),
            "anchors": [_anchor_written(one) for one in demand.anchors],
            "revocation": demand.revocation.value,
            "passwords": list(demand.passwords),
            "expect_form_filling": demand.expect_form_filling,
            "with_evidence": demand.with_evidence,
        }


def _written(contents: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(one).decode("ascii") for one in contents]


def _anchor_written(anchor: Anchor) -> dict[str, Any]:
    periods = [
        [one.begins.isoformat(), one.ends.isoformat() if one.ends else None]
        for one in anchor.granted
    ]
    return {
        "certificate": base64.b64encode(anchor.certificate).decode("ascii"),
        "use": anchor.use.value,
        "granted": periods,
    }


def _no_start() -> ToolUnavailableError:
    return ToolUnavailableError(
        _("The program that checks signatures could not be started. Check the free memory.")
    )
