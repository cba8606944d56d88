"""Coroutines of libraries, run to their end from code that is not one."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

_T = TypeVar("_T")


def awaited(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Return what ``coroutine`` returns, also where the thread has an event loop that runs.

    A browser driven from the same thread leaves one: it may not be entered twice, so the coroutine
    then runs in a thread of its own.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(max_workers=1) as apart:
        return apart.submit(asyncio.run, coroutine).result()
