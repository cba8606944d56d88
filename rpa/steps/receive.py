"""Step 1, receive: what waits in a channel is stored, and becomes a case."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rpa.domain.batch import Duplex
from rpa.domain.case import Case
from rpa.domain.document import DocumentRole, MediaType
from rpa.domain.errors import ApplicationError, DocumentRefusedError
from rpa.domain.pages import DocumentFacts
from rpa.i18n import _
from rpa.intake.api import Channel, Delivery
from rpa.intake.refusals import refusal
from rpa.register.arrivals import Arrival, Outcome
from rpa.register.settlings import Settling
from rpa.steps.arriving import Incoming, arrivals, kept, set_aside, whole_arrival
from rpa.steps.language import in_house_language
from rpa.steps.owners import is_dead
from rpa.steps.toolbox import Toolbox

_LOCKED = "encrypted"


@dataclass(frozen=True, slots=True)
class Received:
    """What came of one document of one delivery."""

    case: Case
    """The case that holds the document: for a duplicate, the earlier one."""
    name: str
    outcome: Outcome


def receive(channel_name: str, tools: Toolbox, *, most: int = 100) -> list[Received]:
    """Take in up to ``most`` deliveries of a channel.

    Each is stored before its case is written, and settled in the channel only after that: a worker
    that dies in between finds it again and changes nothing. A second run on a settled channel does
    nothing. What can't be taken in becomes a case that is set aside, with its reason. Where the
    two sides of a pile are two deliveries, the fronts wait in the channel for the backs.
    """
    channel = tools.channels[channel_name]
    taken: list[Received] = []
    for together in _together(channel_name, channel.deliveries(), tools):
        if len(together) == 1:
            taken += receive_delivery(channel_name, together[0], tools)
        else:
            taken += receive_sides(channel_name, *together, tools=tools)
        for delivery in together:
            _settle(channel, delivery, tools)
        if len(taken) >= most:
            break
    return taken


@in_house_language
def receive_delivery(channel_name: str, delivery: Delivery, tools: Toolbox) -> list[Received]:
    """Store one delivery and open a case for each document in it."""
    return _received(Incoming(channel_name, delivery), tools)


@in_house_language
def receive_sides(
    channel_name: str, fronts: Delivery, backs: Delivery, *, tools: Toolbox
) -> list[Received]:
    """Put the two sides of a pile together, and open a case for each document in it.

    Both are kept as they came. Where they don't belong together, both are set aside.
    """
    sides = [Incoming(channel_name, fronts), Incoming(channel_name, backs)]
    try:
        return _joined(sides, tools)
    except DocumentRefusedError as error:
        return [_registered(set_aside(side, error, tools), tools) for side in sides]


def _joined(sides: Sequence[Incoming], tools: Toolbox) -> list[Received]:
    fronts, backs = (side.delivery for side in sides)
    content = tools.decoder.joined(fronts.content, backs.content)
    told = [tools.decoder.inspect(side.delivery.content) for side in sides]
    carriers = [whole_arrival(side, facts, tools) for side, facts in zip(sides, told, strict=True)]
    carried_by = tuple(
        kept(side.delivery, DocumentRole.AS_RECEIVED, facts.media_type, tools)
        for side, facts in zip(sides, told, strict=True)
    )
    delivery = replace(fronts, source_id=f"{fronts.source_id}#sides", content=content)
    pile = Incoming(sides[0].channel, delivery, carried_by)
    return _opened(pile, tools.decoder.inspect(content), tools, carriers=carriers)


def _settle(channel: Channel, delivery: Delivery, tools: Toolbox) -> None:
    """Settle a delivery, unless another worker does so now and its channel can't bear two."""
    if not delivery.settle_once:
        channel.settle(delivery)
        return
    settling = Settling(channel.name, delivery.source_id)
    if not tools.register.claim_settling(settling, owner=tools.actor, is_dead=is_dead):
        return
    try:
        channel.settle(delivery)
    except ApplicationError:
        tools.register.settling_failed(settling)
        raise


def _together(
    channel_name: str, deliveries: Iterable[Delivery], tools: Toolbox
) -> Iterator[tuple[Delivery, ...]]:
    """Yield what is taken in together: each delivery alone, or a pile's fronts and backs."""
    if tools.channel_facts[channel_name].batch.duplex is not Duplex.TWO_FILES:
        yield from ((delivery,) for delivery in deliveries)
        return
    fronts: Delivery | None = None
    for delivery in deliveries:
        if delivery.refused or tools.register.received(channel_name, delivery.source_id):
            yield (delivery,)
        elif fronts is None:
            fronts = delivery
        else:
            yield fronts, delivery
            fronts = None


def _received(incoming: Incoming, tools: Toolbox) -> list[Received]:
    delivery = incoming.delivery
    known = tools.register.received(incoming.channel, delivery.source_id)
    if known is not None:
        return [Received(case=known, name=delivery.name, outcome=Outcome.KNOWN)]
    if delivery.refused:
        refused = DocumentRefusedError(delivery.refused, code=delivery.refused_code)
        return [_registered(set_aside(incoming, refused, tools), tools)]
    try:
        return _taken_in(incoming, tools)
    except DocumentRefusedError as error:
        return [_registered(set_aside(incoming, error, tools), tools)]


def _taken_in(incoming: Incoming, tools: Toolbox) -> list[Received]:
    try:
        told = tools.decoder.inspect(incoming.delivery.content)
    except DocumentRefusedError as error:
        passwords = incoming.facts(tools).passwords() if error.reason == _LOCKED else ()
        if not passwords:
            raise
        return _unlocked(incoming, passwords, tools)
    if told.media_type is not MediaType.EML:
        return _opened(incoming, told, tools)
    if incoming.carried_by:
        raise refusal("message")
    return _from_message(incoming, tools)


def _unlocked(incoming: Incoming, passwords: Sequence[str], tools: Toolbox) -> list[Received]:
    """Take in a locked PDF without its lock; it is kept as it came, too."""
    content = tools.decoder.unlocked(incoming.delivery.content, passwords)
    locked = kept(incoming.delivery, DocumentRole.AS_RECEIVED, MediaType.PDF, tools)
    inside = Incoming(
        incoming.channel,
        replace(incoming.delivery, content=content),
        (*incoming.carried_by, locked),
    )
    return _opened(inside, tools.decoder.inspect(content), tools)


def _from_message(incoming: Incoming, tools: Toolbox) -> list[Received]:
    delivery = incoming.delivery
    attachments = tools.decoder.attachments(delivery.content)
    message = kept(delivery, DocumentRole.MESSAGE, MediaType.EML, tools)
    if not attachments:
        why = _("The message carries no document that can be taken in.")
        raise DocumentRefusedError(why, code="no-attachment")
    found: list[Received] = []
    for number, attachment in enumerate(attachments, start=1):
        part = Delivery(
            source_id=f"{delivery.source_id}#{number}",
            name=f"{delivery.name} › {attachment.name}",
            content=attachment.content,
            came_at=delivery.came_at,
        )
        found += _received(Incoming(incoming.channel, part, (message,)), tools)
    return found


def _opened(
    incoming: Incoming,
    told: DocumentFacts,
    tools: Toolbox,
    *,
    carriers: Sequence[Arrival] = (),
) -> list[Received]:
    parts = arrivals(incoming, told, tools)
    if len(parts) == 1 and not carriers:
        return [_registered(parts[0], tools)]
    whole = [whole_arrival(incoming, told, tools)] if len(parts) > 1 else []
    opened = tools.register.receive_batch(parts, carriers=[*whole, *carriers], actor=tools.actor)
    names = [part.name for part in parts]
    if len(opened) != len(parts):  # it came before
        names = [incoming.delivery.name] * len(opened)
    return [
        Received(case=case, name=name, outcome=outcome)
        for (case, outcome), name in zip(opened, names, strict=True)
    ]


def _registered(arrival: Arrival, tools: Toolbox) -> Received:
    case, outcome = tools.register.receive(arrival, actor=tools.actor)
    return Received(case=case, name=arrival.name, outcome=outcome)
