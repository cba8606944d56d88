"""The toolbox of a flow run: opened once a process and home, with Prefect's limits around filing.

A flow's parameters must be plain data, so flows are given the home's path and fetch the tools here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

import httpx
from prefect.concurrency.asyncio import ConcurrencySlotAcquisitionError
from prefect.concurrency.sync import concurrency
from prefect.exceptions import PrefectException

from rpa.bootstrap.toolbox import open_toolbox
from rpa.domain.errors import ToolUnavailableError
from rpa.domain.process import FilingSpec
from rpa.environment import quiet_tools
from rpa.i18n import _, choose_language
from rpa.settings import load_settings
from rpa.steps.toolbox import Toolbox

SLOT_LEASE_S: Final = 60
"""A dead worker's place on the target comes free after this time; Prefect takes no shorter one."""
SLOT_WAIT_S: Final = 600


@cache
def toolbox(home: str) -> Toolbox:
    """Return the tools of a home, opened at the first call in this process."""
    quiet_tools()
    settings = load_settings(Path(home))
    choose_language(settings.language)
    return open_toolbox(settings, filing_slot=filing_slot)


def limit_name(target: str) -> str:
    """Return the name of the global concurrency limit that guards a target."""
    return f"target-{target}"


@contextmanager
def filing_slot(spec: FilingSpec) -> Iterator[None]:
    """Hold one of the target's places, over all workers of this Prefect server.

    Raises:
        ToolUnavailableError: No place became free, or the limit is not there.
    """
    # Only what taking the place raises is translated: the filing's own errors pass untouched.
    place = concurrency(
        limit_name(spec.target),
        occupy=1,
        timeout_seconds=SLOT_WAIT_S,
        lease_duration=SLOT_LEASE_S,
        strict=True,
    )
    try:
        place.__enter__()
    except (
        PrefectException,
        ConcurrencySlotAcquisitionError,
        TimeoutError,
        httpx.HTTPError,
    ) as error:
        raise ToolUnavailableError(
            _(
                "No place on the target {target}: {error}. `rpa deploy` creates its limit.",
                target=spec.target,
                error=type(error).__name__,
            ),
            code="no-slot",
        ) from error
    try:
        yield
    finally:
        place.__exit__(None, None, None)
