"""What was saved: ESTIMATES, because a declared baseline enters."""

from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal
from typing import Final

from rpa.domain.process import Baseline
from rpa.reporting.figures import Savings
from rpa.reporting.tally import Sums

_TENTH: Final = Decimal("0.1")
_CENT: Final = Decimal("0.01")


def is_declared(baseline: Baseline) -> bool:
    """Say whether a named person, on a date, declared what a case cost on paper."""
    return bool(baseline.declared_by) and baseline.declared_on is not None


def saved(baseline: Baseline, sums: Sums) -> Savings | None:
    """Return the estimate for one process; None while nobody declares the baseline.

    Minutes count only for cases that no person was asked about, pages only for archived cases that
    touched no paper. Both are cut, not rounded, and the software's own cost is not taken off.
    """
    if not is_declared(baseline):
        return None
    minutes = baseline.minutes * sums.straight
    return Savings(
        hours=(minutes / 60).quantize(_TENTH, ROUND_DOWN),
        pages=baseline.pages * sums.off_paper,
        dollars=(minutes * baseline.dollars_per_hour / 60).quantize(_CENT, ROUND_DOWN),
    )


def total(savings: Iterable[Savings | None]) -> Savings:
    """Add up the estimates that there are."""
    known = [one for one in savings if one is not None]
    return Savings(
        hours=sum((one.hours for one in known), Decimal(0)),
        pages=sum(one.pages for one in known),
        dollars=sum((one.dollars for one in known), Decimal(0)),
    )
