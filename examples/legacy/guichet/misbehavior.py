"""Faults to order: each for the next requests, or while it is set."""

import threading
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What can go wrong, on order."""

    SLOW = "slow"
    """The answer takes ``seconds`` longer."""
    ERROR = "500"
    """The request is answered with 500 and nothing is kept."""
    CUT = "cut"
    """The connection is dropped and nothing is kept."""
    FATAL = "fatal"
    """A fatal error is answered with 200 and nothing is kept."""
    SESSION = "session"
    """The session is gone when the request comes in."""
    STOLEN = "stolen"
    """Another log-in has ended the session when the request comes in."""
    LATE_COMMIT = "late-commit"
    """The connection is dropped at once, the deposit kept ``seconds`` later."""
    LOST_ANSWER = "lost-answer"
    """The deposit is kept, then the connection is dropped without an answer."""
    ERROR_AFTER = "500-after"
    """The deposit is kept, then the answer is 500."""
    FATAL_AFTER = "fatal-after"
    """The deposit is kept, then a fatal error is answered with 200."""
    HANG = "hang"
    """The deposit is kept, the answer begins and stands still for ``seconds``."""
    SESSION_AFTER = "session-after"
    """The deposit is kept, then the session is gone and the log-in page answered."""
    DOWN = "down"
    """The search pages answer 503."""
    SLOW_INDEX = "slow-index"
    """The search pages don't show what was kept in the last ``seconds``."""
    REFERER = "referer"
    """A form opened without Referer is a warning instead."""
    LATE_FIELD = "late-field"
    """A form's first text field is disabled for ``seconds``."""
    FOLDED_MENU = "folded-menu"
    """The menu shows its entries only under the mouse."""


@dataclass(slots=True)
class Order:
    """A fault that was ordered."""

    left: int | None
    """Requests it still hits; None: all, until it is called off."""
    path: str
    """Hits only paths that begin so; empty: the fault's own default."""
    seconds: float
    text: str = ""
    """Which words a fatal error has."""


class Misbehavior:
    """The faults that are on order. Safe from several threads."""

    def __init__(self) -> None:
        self._orders: dict[Fault, Order] = {}
        self._lock = threading.Lock()

    def order(self, fault: Fault, order: Order) -> None:
        """Put a fault on order, instead of an earlier order of the same fault."""
        with self._lock:
            self._orders[fault] = order

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._orders.clear()

    def strikes(self, fault: Fault, path: str, *, by_default: bool) -> Order | None:
        """Return the order that hits a request for ``path`` now, if there is one, and count it.

        ``by_default`` says whether an order that names no path is meant for this request.
        """
        with self._lock:
            order = self._orders.get(fault)
            if order is None or order.left == 0:
                return None
            if not (path.startswith(order.path) if order.path else by_default):
                return None
            if order.left is not None:
                order.left -= 1
            return order
