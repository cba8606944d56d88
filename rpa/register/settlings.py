"""Settlings: who takes a delivery out of its channel now, where two at once would leave it twice.

A mail that two workers move at once can stand twice in the folder it was moved to, since no server
promises otherwise. So the right to move it is a row here, taken in a writing transaction. It isn't
given back, it runs out: whoever looked into the mailbox before the move comes too late.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from rpa.register.ledger import instant
from rpa.register.tables import settlings

LENGTH: Final = timedelta(minutes=20)
"""Longer than any worker holds on to a server that doesn't answer."""
QUIET: Final = timedelta(seconds=10)
"""What a worker asked of a server before it died is over by then."""


@dataclass(frozen=True, slots=True)
class Settling:
    """A delivery about to be settled, as its channel names it."""

    channel: str
    source_id: str


def claim(
    connection: Connection,
    delivery: Settling,
    *,
    owner: str,
    is_dead: Callable[[str], bool],
    at: datetime,
) -> bool:
    """Take the right to settle ``delivery`` inside a writing transaction; False if another has it.

    A dead owner's right is free after :data:`QUIET`, a living one's after :data:`LENGTH`.
    """
    connection.execute(delete(settlings).where(settlings.c.until < instant(at)))
    held = connection.execute(select(settlings).where(_named(delivery))).one_or_none()
    if held is not None:
        if held.quiet_at > instant(at) or not is_dead(held.owner):
            return False
        connection.execute(delete(settlings).where(_named(delivery)))
    connection.execute(
        insert(settlings).values(
            channel=delivery.channel,
            source_id=delivery.source_id,
            owner=owner,
            quiet_at=instant(at + QUIET),
            until=instant(at + LENGTH),
        )
    )
    return True


def failed(connection: Connection, delivery: Settling, *, at: datetime) -> None:
    """End the right to settle ``delivery`` after :data:`QUIET`."""
    ends = update(settlings).where(_named(delivery)).values(until=instant(at + QUIET))
    connection.execute(ends)


def _named(delivery: Settling) -> ColumnElement[bool]:
    return and_(
        settlings.c.channel == delivery.channel, settlings.c.source_id == delivery.source_id
    )
