"""The thresholds of the figures: settings, printed wherever a figure is shown."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from rpa.domain.model import Value

Percent = Annotated[Decimal, Field(ge=0, le=100)]


class PaperlessRules(Value):
    """When a process has a level on a day."""

    window_days: Annotated[int, Field(ge=1, le=731)] = 90
    """Days looked back on, the day itself included."""
    reach_percent: Percent = Decimal(95)
    """The share of its cases that must reach the level."""
    coverage_percent: Percent = Decimal(90)
    """The share of the independently counted cases that must have been seen."""
    least_cases: Annotated[int, Field(ge=1)] = 30
    """So many cases must have been seen, or all of them if there were fewer."""
    count_required: bool = True
    """Whether a process that nobody counted independently stays on paper."""
