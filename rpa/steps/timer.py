"""Time as this process has lived through it, for waits that no wrong clock may shorten."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


def _lived() -> float:
    return time.monotonic()


def _passed() -> float:
    # Linux alone counts the time a machine was suspended; elsewhere both clocks are the same.
    return time.clock_gettime(_WITH_SLEEP) if _WITH_SLEEP is not None else time.monotonic()


_WITH_SLEEP: Final = getattr(time, "CLOCK_BOOTTIME", None)


@dataclass(frozen=True, slots=True)
class Timer:
    """Seconds from some moment on, which no change of the wall clock moves."""

    lived: Callable[[], float] = _lived
    """Stands still while the machine is suspended: never more than others may have seen pass."""
    passed: Callable[[], float] = _passed
    """Goes on while the machine is suspended: never less."""
    sleep: Callable[[float], None] = time.sleep
