"""Gives programs that are started with it on PYTHONPATH a clock that goes wrong when it is told to.

``CHAOS_CLOCK`` names a folder; its files hold seconds to add: one named by the process's number, or
``all``. Only the door of the clock is changed; nothing of the product knows.
"""

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

FOLDER = os.environ.get("CHAOS_CLOCK")  # noqa: TID251 - set by the benchmark for its children


def wrong_clock() -> datetime:
    """Return the time as this process is to see it."""
    now = datetime.now(UTC)  # noqa: TID251 - this is the clock
    for name in (str(os.getpid()), "all"):
        with suppress(OSError, ValueError):
            return now + timedelta(seconds=float((Path(str(FOLDER)) / name).read_text()))
    return now


if FOLDER:
    with suppress(ImportError):
        from rpa.bootstrap import register

        register.clock = wrong_clock
