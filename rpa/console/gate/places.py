"""How much of one kind of work goes on at once, for one visitor and for all of them.

Whoever finds no place waits for one, without a thread, in a queue that has an end; who would wait
too long is told so. A visitor who asks for much waits for themselves before they wait for others.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


class CrowdedError(Exception):
    """There is no place, and none comes free soon enough."""

    def __init__(self, *, is_own: bool, retry_after_s: int) -> None:
        """Say whether it is the visitor's own doing, and when to come again."""
        super().__init__("no place")
        self.is_own = is_own
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Share:
    """What is given away of one kind of work."""

    at_once: int
    each: int
    """At once for one address."""
    queue: int
    """So many more may wait."""
    queue_each: int
    """So many of them of one address."""
    patience_s: float
    """Nobody waits longer."""


class Places:
    """The places of one kind of work; used in one event loop."""

    def __init__(self, share: Share) -> None:
        """Begin with all of them free."""
        self._share = share
        self._free = asyncio.Semaphore(share.at_once)
        self._own: dict[str, asyncio.Semaphore] = {}
        self._by_address: Counter[str] = Counter()

    @asynccontextmanager
    async def place(self, address: str) -> AsyncIterator[None]:
        """Hold a place for as long as the block takes.

        Raises:
            CrowdedError: The queue is at its end, or the wait took too long.
        """
        self._enter(address)
        held: list[asyncio.Semaphore] = []
        try:
            await self._wait(self._own[address], held, is_own=True)
            await self._wait(self._free, held, is_own=False)
            yield
        finally:
            for one in held:
                one.release()
            self._leave(address)

    def _enter(self, address: str) -> None:
        share = self._share
        if self._by_address.get(address, 0) >= share.each + share.queue_each:
            raise self._crowded(is_own=True)
        if self._by_address.total() >= share.at_once + share.queue:
            raise self._crowded(is_own=False)
        self._by_address[address] += 1
        self._own.setdefault(address, asyncio.Semaphore(share.each))

    def _leave(self, address: str) -> None:
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address], self._own[address]

    async def _wait(
        self, place: asyncio.Semaphore, held: list[asyncio.Semaphore], *, is_own: bool
    ) -> None:
        try:
            async with asyncio.timeout(self._share.patience_s):
                await place.acquire()
        except TimeoutError:
            raise self._crowded(is_own=is_own) from None
        held.append(place)

    def _crowded(self, *, is_own: bool) -> CrowdedError:
        return CrowdedError(is_own=is_own, retry_after_s=max(1, round(self._share.patience_s)))
