"""What one document may cost, and how a process is held to it."""

import resource
from dataclasses import asdict, dataclass
from typing import Self

_OPEN_FILES = 32
_GRACE_S = 2
BUSY_S = 10.0
"""What a busy machine may take from a document before it is tried again later."""


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What one document may cost before it is refused."""

    max_bytes: int = 100_000_000
    """Of the file as it came."""
    max_pages: int = 200
    max_pixels: int = 50_000_000
    """Of one page."""
    max_output_bytes: int = 512_000_000
    """Of all that comes out of one document."""
    time_s: int = 60
    """Processor time; the clock on the wall allows twice as much and :data:`BUSY_S`."""
    memory_bytes: int = 1_500_000_000
    """Address space of the child process."""

    @property
    def wall_s(self) -> float:
        """Seconds on the clock after which a child is killed."""
        return self.time_s * 2.0 + BUSY_S

    def as_numbers(self) -> dict[str, int]:
        """Return the limits as plain numbers, to cross to the child."""
        return asdict(self)

    @classmethod
    def of_numbers(cls, numbers: dict[str, int]) -> Self:
        """Return the limits that :meth:`as_numbers` wrote."""
        return cls(**numbers)


def hold(limits: DecodeLimits) -> None:
    """Hold this process to ``limits``, for good: memory, processor time, output, open files."""
    _lower(resource.RLIMIT_AS, limits.memory_bytes)
    _lower(resource.RLIMIT_CPU, limits.time_s, grace=_GRACE_S)
    _lower(resource.RLIMIT_FSIZE, limits.max_output_bytes)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, _OPEN_FILES)


def _lower(kind: int, most: int, *, grace: int = 0) -> None:
    _soft, hard = resource.getrlimit(kind)
    allowed = most + grace if hard == resource.RLIM_INFINITY else min(most + grace, hard)
    resource.setrlimit(kind, (min(most, allowed), allowed))
