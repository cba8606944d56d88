"""How much of one kind of work goes on at once, for one visitor and for all of them.

Whoever finds no place waits for one, without a thread, in a queue that has an end; who would wait
too long is told so. Of those who wait, the one comes first whose address has held places for the
least time of late, with what is expected of the work itself; where the queue is full, the last of
that order makes room. Whoever hands over what takes long to work on waits behind everybody else.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

HALF_LIFE_S: Final = 300.0
"""After so long, half of the time that an address has held places is forgotten."""
FORGOTTEN_S: Final = 0.05


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


class Spent:
    """How long each address has held places of late."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._spent: dict[str, tuple[float, float]] = {}

    def add(self, address: str, seconds: float, now: float) -> None:
        """Count time in, and forget those who are as good as new."""
        self._spent[address] = (self.of(address, now) + seconds, now)
        for one in [one for one in self._spent if self.of(one, now) < FORGOTTEN_S]:
            del self._spent[one]

    def of(self, address: str, now: float) -> float:
        """Return what is left of an address's time."""
        spent, at = self._spent.get(address, (0.0, now))
        return float(spent * 0.5 ** ((now - at) / HALF_LIFE_S))


@dataclass(frozen=True, slots=True)
class _Wish:
    """Somebody who waits."""

    address: str
    cost_s: float
    """How long the work is expected to take."""


class Places:
    """The places of one kind of work; used in one event loop."""

    def __init__(self, share: Share) -> None:
        """Begin with all of them free."""
        self._share = share
        self._free = share.at_once
        self._here: Counter[str] = Counter()
        """Those who hold a place or wait for one."""
        self._holding: Counter[str] = Counter()
        self._waiting: dict[asyncio.Future[None], _Wish] = {}
        self._spent = Spent()

    @asynccontextmanager
    async def place(self, address: str, *, cost_s: float = 0.0) -> AsyncIterator[None]:
        """Hold a place for as long as the block takes, which is expected to be ``cost_s``.

        Raises:
            CrowdedError: The queue is at its end, or the wait took too long.
        """
        wish = _Wish(address, cost_s)
        self._refuse_too_many(wish)
        self._here[address] += 1
        try:
            await self._turn(wish)
            began = _now()
            try:
                yield
            finally:
                self._give_back(address, _now() - began)
        finally:
            _less(self._here, address)

    def _refuse_too_many(self, wish: _Wish) -> None:
        share = self._share
        if self._here[wish.address] >= share.each + share.queue_each:
            raise self._crowded(is_own=True)
        if self._here.total() >= share.at_once + share.queue and not self._displaced(wish):
            raise self._crowded(is_own=False)

    def _displaced(self, wish: _Wish) -> bool:
        """Send the heaviest of those who wait away, if it is heavier than the newcomer."""
        waiting = [turn for turn in self._waiting if not turn.done()]
        last = max(waiting, key=lambda turn: self._weight(self._waiting[turn]), default=None)
        if last is None or self._weight(self._waiting[last]) <= self._weight(wish):
            return False
        last.set_exception(self._crowded(is_own=False))
        return True

    def _weight(self, wish: _Wish) -> float:
        return self._spent.of(wish.address, _now()) + wish.cost_s

    async def _turn(self, wish: _Wish) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting[turn] = wish
        self._let_in()
        try:
            async with asyncio.timeout(self._share.patience_s):
                await turn
        except BaseException as error:
            if self._waiting.pop(turn, None) is None:  # let in at the very moment of leaving
                self._give_back(wish.address, 0.0)
            if not isinstance(error, TimeoutError):
                raise
            is_own = self._holding[wish.address] >= self._share.each
            raise self._crowded(is_own=is_own) from None

    def _let_in(self) -> None:
        """Give free places to those who wait, the lightest first."""
        while self._free and (turn := self._next()) is not None:
            address = self._waiting.pop(turn).address
            self._free -= 1
            self._holding[address] += 1
            turn.set_result(None)

    def _next(self) -> asyncio.Future[None] | None:
        may = [
            turn
            for turn, wish in self._waiting.items()
            if not turn.done() and self._holding[wish.address] < self._share.each
        ]
        # Of equals the first who came: dictionaries keep their order, and so does min.
        return min(may, key=lambda turn: self._weight(self._waiting[turn]), default=None)

    def _give_back(self, address: str, held_s: float) -> None:
        self._free += 1
        _less(self._holding, address)
        self._spent.add(address, held_s, _now())
        self._let_in()

    def _crowded(self, *, is_own: bool) -> CrowdedError:
        return CrowdedError(is_own=is_own, retry_after_s=max(1, round(self._share.patience_s)))


def _now() -> float:
    return asyncio.get_running_loop().time()


def _less(count: Counter[str], address: str) -> None:
    count[address] -= 1
    if not count[address]:
        del count[address]
