"""Time that tests own."""

from datetime import UTC, datetime, timedelta

from rpa.steps.timer import Timer


class FrozenClock:
    """A clock that stands still until it is moved; each reading can tick."""

    def __init__(self, at: datetime | None = None, *, tick_s: float = 0) -> None:
        """Start at ``at`` (2026-11-24, noon UTC), moving ``tick_s`` at each reading."""
        self._now = at or datetime(2026, 11, 24, 12, tzinfo=UTC)
        self._tick = timedelta(seconds=tick_s)

    def __call__(self) -> datetime:
        """Return the time."""
        self._now += self._tick
        return self._now

    def pass_by(self, seconds: float) -> None:
        """Move on."""
        self._now += timedelta(seconds=seconds)

    def timer(self) -> Timer:
        """Return a timer that this clock moves; its sleeps move the clock."""
        began = self._now

        def seconds() -> float:
            return (self._now - began).total_seconds()

        return Timer(lived=seconds, passed=seconds, sleep=self.pass_by)
