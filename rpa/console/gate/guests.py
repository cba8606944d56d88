"""Who holds a connection, by address, and who makes room when there are too many."""

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

PATIENCE_S: Final = 0.25
"""Nobody is asked sooner to make room for another address that has as many."""
LOOK_EVERY_S: Final = 0.25
"""Where nobody could make room, nobody is looked for again so soon: a flood must not cost more."""


class Guest(Protocol):
    """One connection."""

    @property
    def address(self) -> str:
        """What it counts as; empty for a reverse proxy, behind which are many."""
        ...

    def unfinished_since(self) -> float | None:
        """Return since when a whole request has been waited for; None where one is answered."""
        ...

    def leave(self) -> None:
        """End the connection now."""
        ...


class Guests:
    """The connections that are held."""

    def __init__(self, *, most: int, each: int) -> None:
        """Begin with none."""
        self._most, self._each = most, each
        self._count = 0
        self._by_address: dict[str, dict[Guest, None]] = {}
        self._full_until = 0.0

    def __len__(self) -> int:
        """Return how many are here."""
        return self._count

    def __iter__(self) -> Iterator[Guest]:
        """Go through them; they may leave meanwhile."""
        return iter([guest for theirs in self._by_address.values() for guest in theirs])

    def admit(self, guest: Guest) -> None:
        """Count a connection in."""
        self._by_address.setdefault(guest.address, {})[guest] = None
        self._count += 1

    def gone(self, guest: Guest) -> None:
        """Count a connection out; may be called twice."""
        theirs = self._by_address.get(guest.address, {})
        if guest not in theirs:
            return
        del theirs[guest]
        self._count -= 1
        if not theirs:
            del self._by_address[guest.address]

    def has_room(self, address: str, now: float) -> bool:
        """Say whether one more from ``address`` finds a place, making one if it can be made.

        Whoever has kept us waiting longest for a whole request leaves: of the same address where
        that has too many, else of the address that has the most. Requests that are being answered
        are never broken off.
        """
        theirs = self._by_address.get(address, {})
        if address and len(theirs) >= self._each:
            return self._left(_waiting(theirs, now, 0.0))
        return self._count < self._most or self.make_room(now, share=len(theirs) + 1)

    def make_room(self, now: float, *, share: int = 0) -> bool:
        """Have one leave who has kept us waiting, and say whether there was one.

        Those of an address that has more than ``share`` are not waited for at all.
        """
        if now < self._full_until:
            return False
        # Behind a proxy (no address) are many visitors: they count as few.
        crowds = sorted(self._by_address.items(), key=lambda one: -len(one[1]) * bool(one[0]))
        for address, theirs in crowds:
            is_crowd = bool(address) and len(theirs) > share > 0
            if self._left(_waiting(theirs, now, 0.0 if is_crowd else PATIENCE_S)):
                return True
        self._full_until = now + LOOK_EVERY_S
        return False

    def _left(self, waiting: list[tuple[float, Guest]]) -> bool:
        if not waiting:
            return False
        _since, guest = min(waiting, key=lambda one: one[0])
        guest.leave()
        self.gone(guest)
        return True


def _waiting(guests: Iterable[Guest], now: float, patience_s: float) -> list[tuple[float, Guest]]:
    found = [(guest.unfinished_since(), guest) for guest in guests]
    return [(at, one) for at, one in found if at is not None and now - at >= patience_s]
